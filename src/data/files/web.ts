import http from "node:http";
import https from "node:https";
import { HttpProxyAgent } from "http-proxy-agent";
import { HttpsProxyAgent } from "https-proxy-agent";
import { getProxyForUrl } from "proxy-from-env";
import { UserError } from "../../errors";

/** The answer to a GET request, by Node's own client: `fetch` can end the process when a connection closes at a slow reader. */
export async function get(
  url: URL,
  options: { headers: Record<string, string>; signal: AbortSignal },
): Promise<http.IncomingMessage> {
  const proxy = getProxyForUrl(url.href);
  const isSecure = url.protocol === "https:";
  if (proxy !== "" && !URL.canParse(proxy))
    throw new UserError(
      `${isSecure ? "HTTPS_PROXY" : "HTTP_PROXY"} must be the address of a proxy, as in http://proxy.example:3128, but is not; correct it, or unset it.`,
    );
  const Agent = isSecure ? HttpsProxyAgent : HttpProxyAgent;
  const agent = proxy === "" ? undefined : new Agent(proxy);
  return new Promise((resolve, reject) => {
    const request = (isSecure ? https : http).get(url, { ...options, agent }, resolve);
    request.on("error", reject).on("close", () => reject(new Error("the connection was closed")));
  });
}
