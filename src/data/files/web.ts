import { EnvHttpProxyAgent, fetch as fetchByUndici } from "undici";
import { UserError } from "../../errors";

const variables = ["https_proxy", "HTTPS_PROXY", "http_proxy", "HTTP_PROXY"];

/**
 * Node's `fetch`, but through the proxy that HTTPS_PROXY or HTTP_PROXY names, except to the hosts in NO_PROXY; the names
 * may also be in lower case.
 *
 * @throws UserError if one of them is no address of a proxy
 */
export async function fetchThroughProxy(url: URL | string, request: RequestInit): Promise<Response> {
  if (!proxyIsSet()) return fetch(url, request);
  const response = await fetchByUndici(url, { ...(request as object), dispatcher: proxyAgent() });
  return response as unknown as Response;
}

/** Whether one of the variables names a proxy. */
export function proxyIsSet(): boolean {
  return variables.some((name) => process.env[name]);
}

let latest: { addresses: string; agent: EnvHttpProxyAgent } | undefined;

/** One agent for as long as the variables stay the same, so that connections are used again. */
function proxyAgent(): EnvHttpProxyAgent {
  const addresses = variables.map((name) => process.env[name] ?? "").join("\n");
  if (latest?.addresses === addresses) return latest.agent;
  try {
    latest = { addresses, agent: new EnvHttpProxyAgent({ proxyTunnel: false }) };
    return latest.agent;
  } catch {
    const names = variables.filter((name) => process.env[name]).join(" or ");
    throw new UserError(
      `${names} must be the address of a proxy, as in http://proxy.example:3128, but is not; correct it, or unset it.`,
    );
  }
}
