import { fetchThroughProxy } from "../../data/files/web";
import { UserError } from "../../errors";
import { run } from "./steps.cjs";

const standardIndex = "https://pypi.org/simple";

/** The address of the Python package index that pip would use: `PIP_INDEX_URL`, pip's own settings, or PyPI. */
export async function indexAddress(python: Promise<string>): Promise<string> {
  const fromEnvironment = process.env.PIP_INDEX_URL;
  if (fromEnvironment) return fromEnvironment;
  const fromSettings = await run(await python, ["-m", "pip", "config", "get", "global.index-url"]).catch(() => "");
  return /^https?:\S+/m.exec(fromSettings)?.[0] ?? standardIndex;
}

/**
 * The address of one file of a project, or undefined if the index does not have it.
 *
 * @throws UserError if the index cannot be reached or answers with an error
 */
export async function fileAddress(index: string, project: string, file: string): Promise<string | undefined> {
  const page = `${index.replace(/\/+$/, "")}/${project}/`;
  const response = await fetchThroughProxy(page, {
    headers: { accept: "application/vnd.pypi.simple.v1+json, text/html;q=0.2" },
    signal: AbortSignal.timeout(60_000),
  }).catch((error) => {
    throw new UserError(`The Python package index cannot be reached at ${page}: ${problemOf(error)}.`);
  });
  if (response.status === 404) return undefined;
  if (!response.ok)
    throw new UserError(
      `The Python package index answered ${response.status} for ${page}; try again later, or name another index in PIP_INDEX_URL.`,
    );
  const text = await response.text();
  const isJson = response.headers.get("content-type")?.includes("json") ?? false;
  const link = isJson ? linkInJson(text, file) : linkInHtml(text, file);
  return link === undefined ? undefined : new URL(link, response.url).href;
}

/** The link to a file in an index page in the JSON of PEP 691. */
export function linkInJson(text: string, file: string): string | undefined {
  const page = JSON.parse(text) as { files?: { filename: string; url: string }[] };
  return page.files?.find(({ filename }) => filename === file)?.url;
}

/** The link to a file in an index page in the HTML of PEP 503, without its `#sha256=` part. */
export function linkInHtml(text: string, file: string): string | undefined {
  for (const [, href = "", label = ""] of text.matchAll(/<a\s[^>]*?href="([^"]*)"[^>]*>([^<]*)<\/a>/gi))
    if (label.trim() === file) return href.replaceAll("&amp;", "&").replace(/#.*$/, "");
  return undefined;
}

function problemOf(error: unknown): string {
  const { message, cause } = error as Error;
  const reason = cause instanceof Error ? ((cause as NodeJS.ErrnoException).code ?? cause.message) : message;
  return /CERT|SIGNATURE/.test(reason)
    ? `Node does not trust its certificate (${reason}); name the file with your network's certificates in NODE_EXTRA_CA_CERTS and start again`
    : `${reason}; connect to the network, or name your mirror in PIP_INDEX_URL, and start again`;
}
