import { createHash } from "node:crypto";
import { createReadStream, existsSync, statSync } from "node:fs";
import { open, readFile, rename, rm, writeFile } from "node:fs/promises";
import http, { type IncomingMessage, type RequestOptions } from "node:http";
import https from "node:https";
import { basename, dirname } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { HttpProxyAgent } from "http-proxy-agent";
import { HttpsProxyAgent } from "https-proxy-agent";
import { getProxyForUrl } from "proxy-from-env";
import { makeFolder, writeFileAtomic } from "../../atomicWrite";
import { explained, UserError } from "../../errors";
import { withLock } from "../../lock";
import type { CorpusFile, ReadOptions } from "../dataset";

/** A file that is wanted; without a SHA-256 the one that `rememberSum` left counts. */
export interface DownloadRequest extends ReadOptions, Partial<CorpusFile> {
  url: string;
  /** Where the whole, checked file ends up; its folder is made if it is missing. */
  destination: string;
  /** What is downloaded, as in "Downloading <label>". */
  label: string;
  /** Seconds without a byte after which the transfer is given up and tried again. Default 30. */
  stallSeconds?: number;
  /** How often in a row a transfer that brings nothing new is tried again. Default 4. */
  retries?: number;
  /** Seconds before the first new try; each further one waits twice as long. Default 1. */
  backoffSeconds?: number;
}

/**
 * Downloads one file, checks its SHA-256, and only then puts it in place.
 *
 * What arrives is kept in `destination + ".partial"`: a later call goes on there, if the file is still the same one on the
 * server. A stall, a broken transfer and a 5xx answer are tried again. Of two calls at once, also in two processes, the
 * second waits. @throws UserError where it cannot be had; of another file than the expected one nothing is kept
 */
export async function download(request: DownloadRequest): Promise<void> {
  const { destination, signal } = request;
  try {
    if (await isWhole(destination, await transferOf(request))) return;
    makeFolder(dirname(destination));
    const bring = async (signal: AbortSignal) => {
      const transfer = await transferOf(request);
      if (!(await isWhole(destination, transfer))) await transferUntilWhole(transfer, signal);
    };
    await withLock(destination, bring, { signal });
  } catch (error) {
    signal?.throwIfAborted();
    throw explained(error, destination);
  }
}

export async function fileSha256(path: string, signal?: AbortSignal): Promise<string> {
  const hash = createHash("sha256");
  for await (const chunk of createReadStream(path, { signal })) hash.update(chunk);
  return hash.digest("hex");
}

/** Remembers a file whose SHA-256 nobody has published, once it was read to its end: another one is then noticed. */
export async function rememberSum(path: string): Promise<void> {
  if (existsSync(`${path}.sha256`)) return;
  await writeFileAtomic(`${path}.sha256`, `${await fileSha256(path)}  ${basename(path)}\n`);
}

/** A request with the SHA-256 that was remembered, if one was, how many bytes may come, and the files beside its own. */
type Transfer = Awaited<ReturnType<typeof transferOf>>;

async function transferOf(request: DownloadRequest) {
  const { destination, url, bytes = Number.POSITIVE_INFINITY } = request;
  const partial = `${destination}.partial`;
  const sumFile = `${destination}.sha256`;
  // Of the partial file's version it holds the server's ETag or, if it has none, its time, or nothing.
  const files = { host: webAddress(url, request).host, sumFile, partial, version: `${partial}.version` };
  if (request.sha256 !== undefined) return { ...request, ...files, largest: bytes };
  const sha256 = existsSync(sumFile) ? (await readFile(sumFile, "utf8")).slice(0, 64) : undefined;
  if (sha256 !== undefined && !/^[0-9a-f]{64}$/.test(sha256))
    throw new UserError(`${sumFile} must start with a SHA-256, but does not; delete it if you trust ${destination}.`);
  return { ...request, ...files, sha256, bytes: undefined, largest: 2 * bytes };
}

async function isWhole(path: string, { sha256, bytes, signal }: Transfer): Promise<boolean> {
  const size = fileSize(path);
  if (size === 0 || size !== (bytes ?? size)) return false;
  return sha256 === undefined || (await fileSha256(path, signal)) === sha256;
}

class TransferError extends Error {}

async function transferUntilWhole(transfer: Transfer, signal: AbortSignal): Promise<void> {
  const { label, host, partial, sha256, retries = 4, backoffSeconds = 1 } = transfer;
  let farthest = fileSize(partial);
  let isDone = sha256 !== undefined && (await isWhole(partial, transfer));
  for (let failures = 0; !isDone; ) {
    try {
      const isPieced = await receive(transfer, signal);
      const found = await fileSha256(partial, signal);
      if (found !== (sha256 ?? found)) throw await wrongContent(transfer, `the SHA-256 ${found}`, isPieced);
      isDone = true;
    } catch (error) {
      if (!(error instanceof TransferError)) throw error;
      const size = fileSize(partial);
      failures = size > farthest ? 1 : failures + 1;
      farthest = Math.max(farthest, size);
      if (failures > retries)
        throw new UserError(
          `The download of ${label} from ${host} stopped ${failures} times (${error.message}); ${size} bytes are kept and the next start goes on from there, so check the network and start again.`,
        );
      await pause(backoffSeconds * 1000 * 2 ** (failures - 1), undefined, { signal });
    }
  }
  await rename(partial, transfer.destination);
  await discard(transfer);
}

async function discard({ partial, version }: Transfer): Promise<void> {
  for (const path of [partial, version]) await rm(path, { force: true });
}

/** Appends to the partial file, or starts it anew; gives back whether the file was put together from pieces. */
async function receive(transfer: Transfer, outer: AbortSignal): Promise<boolean> {
  const { partial, sha256, largest, stallSeconds = 30 } = transfer;
  const stalled = new AbortController();
  const signal = AbortSignal.any([outer, stalled.signal]);
  const stall = new TransferError(`nothing came for ${stallSeconds} seconds`);
  const timer = setTimeout(() => stalled.abort(stall), stallSeconds * 1000);
  const file = await open(partial, "a");
  let response: IncomingMessage | undefined;
  try {
    const size = fileSize(partial);
    const version = await readFile(transfer.version, "utf8").catch(() => "");
    // Without a checksum nothing else tells whether the rest is of the same file.
    const offset = sha256 === undefined && version === "" ? 0 : size;
    response = await ask(transfer, offset, version, signal);
    const { start, total } = await extentOf(response, offset, version, transfer);
    if (start < size) await file.truncate(0);
    if (start === 0) await writeFile(transfer.version, versionOf(response));
    let received = start;
    for await (const chunk of response as AsyncIterable<Buffer>) {
      timer.refresh();
      if (received === 0 && sha256 === undefined && beginsAsPage.test(chunk.toString())) throw webPage(transfer);
      received += chunk.length;
      const most = Math.min(largest, total ?? largest);
      if (received > most) throw await wrongContent(transfer, `more than the expected ${most} bytes`, start > 0);
      await file.writeFile(chunk);
      transfer.onProgress?.(received, transfer.bytes ?? total);
    }
    if (total !== undefined && received < total) throw new TransferError(`it ended at ${received} of ${total} bytes`);
    await file.sync();
    return start > 0;
  } catch (error) {
    signal.throwIfAborted();
    throw error === response?.errored ? new TransferError(`the connection broke: ${reasonOf(error)}`) : error;
  } finally {
    clearTimeout(timer);
    await file.close();
  }
}

function versionOf({ headers }: IncomingMessage): string {
  const tag = headers.etag?.startsWith("W/") ? undefined : headers.etag;
  return tag ?? headers["last-modified"] ?? "";
}

const beginsAsPage = /^\s*(<\?xml[^>]*>\s*|<!--.*?-->\s*)*<(!doctype|html|head)\b/is;

/** Where the body begins and how long the whole file is; where the server ignores the range, or sends another part, all begins anew. */
async function extentOf(response: IncomingMessage, offset: number, version: string, transfer: Transfer) {
  const { statusCode, headers } = response;
  const length = headers["content-length"];
  if (statusCode !== 206) return { start: 0, total: length === undefined ? undefined : Number(length) };
  const [, first, total] = /^bytes (\d+)-\d+\/(\d+)$/.exec(headers["content-range"] ?? "") ?? [];
  if (Number(first) === offset && [version, ""].includes(versionOf(response)))
    return { start: offset, total: Number(total) };
  await discard(transfer);
  throw new TransferError("the server sent another part than the one asked for");
}

/** Sends the request, follows redirects, and turns every answer but a file or the rest of it into an error. */
async function ask(request: Transfer, offset: number, version: string, signal: AbortSignal): Promise<IncomingMessage> {
  let url = webAddress(request.url, request);
  const headers: Record<string, string> = { "accept-encoding": "identity" };
  if (offset > 0) headers.range = `bytes=${offset}-`;
  if (offset > 0 && version !== "") headers["if-range"] = version;
  for (let redirects = 0; redirects <= 5; redirects++) {
    const response = await get(url, { headers, signal }).catch((error) => {
      signal.throwIfAborted();
      throw unanswered(error, url, request, offset);
    });
    const { statusCode: status = 0 } = response;
    if (status === 200 && /^(text\/html|application\/xhtml)\b/i.test(response.headers["content-type"] ?? "")) {
      response.destroy();
      throw webPage(request);
    }
    if (status === 200 || status === 206) return response;
    response.destroy();
    const { location } = response.headers;
    if (status < 300 || status >= 400 || location === undefined) await refuse(request, status, url);
    else url = webAddress(location, request, url);
  }
  throw new UserError(
    `The download of ${request.label} from ${request.host} was redirected more than 5 times; try again later, or put the file at ${request.destination} yourself.`,
  );
}

/** Answers by Node's own client: `fetch` can end the process when a connection closes at a slow reader. */
export async function get(url: URL, options: RequestOptions): Promise<IncomingMessage> {
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

const unreachable = new Set(["ENOTFOUND", "EAI_AGAIN", "ECONNREFUSED", "ENETUNREACH", "EHOSTUNREACH"]);

function unanswered(error: unknown, url: URL, { label, destination }: DownloadRequest, offset: number): Error {
  if (error instanceof UserError) return error;
  const code = reasonOf(error);
  if (offset === 0 && unreachable.has(code))
    return new UserError(
      `${url.host} cannot be reached for the download of ${label} (${code}); connect to the network${getProxyForUrl(url.href) ? " or correct HTTPS_PROXY and HTTP_PROXY" : ""} and start again, or put the file at ${destination} yourself.`,
    );
  if (/CERT|LEAF_SIGNATURE/.test(code))
    return new UserError(
      `The certificate of ${url.host} is not trusted (${code}), so ${label} was not downloaded; behind a company's proxy set NODE_EXTRA_CA_CERTS to its certificate file.`,
    );
  return new TransferError(`${url.host} did not answer: ${code}`);
}

async function refuse(request: Transfer, status: number, url: URL): Promise<never> {
  const { destination, label, sha256 } = request;
  if (status >= 500 || status === 408 || status === 429) throw new TransferError(`${url.host} answered ${status}`);
  if (status === 416) {
    await discard(request);
    throw new TransferError(`${url.host} did not resume (416)`);
  }
  if (status === 407)
    throw new UserError(
      `The proxy answered 407 to the download of ${label} from ${url.host}; correct HTTPS_PROXY or HTTP_PROXY (with name and password, if it wants them), or put the file at ${destination} yourself.`,
    );
  const meaning = status === 404 || status === 410 ? "there is no such file" : "it does not hand the file out";
  throw new UserError(
    `${url.host} answered ${status} for ${label} (${withoutPassword(url)}): ${meaning}; get the file elsewhere${sha256 === undefined ? "" : ` (SHA-256 ${sha256})`} and put it at ${destination}.`,
  );
}

function webAddress(address: string, { label }: DownloadRequest, base?: URL): URL {
  const url = URL.canParse(address, base?.href) ? new URL(address, base) : undefined;
  if (url?.protocol === "https:" || url?.protocol === "http:") return url;
  throw new UserError(
    `The download of ${label} leads to ${url === undefined ? "an address that is none" : withoutPassword(url)}, but only http and https addresses are followed; nothing was read from there.`,
  );
}

function withoutPassword(url: URL): string {
  return Object.assign(new URL(url), { username: "", password: "" }).href;
}

function webPage({ label, host, destination }: Transfer): UserError {
  return new UserError(
    `${host} sent a web page instead of ${label}, as a network does that wants a log-in; nothing of it is kept, so log in, or put the file at ${destination} yourself.`,
  );
}

/** Nothing is kept of another file; where it was put together, its pieces can be of different ones and a restart helps. */
async function wrongContent(transfer: Transfer, found: string, isPieced: boolean): Promise<Error> {
  await discard(transfer);
  if (isPieced) return new TransferError(`it has ${found}`);
  const { label, host, sha256, sumFile } = transfer;
  const rule = sha256 === undefined ? "it" : `it must have the SHA-256 ${sha256} but`;
  const advice = existsSync(sumFile) ? `, or, if it has a new version, delete ${sumFile}` : "";
  return new UserError(
    `What ${host} sent as ${label} is not the expected file: ${rule} has ${found}; nothing of it is kept, so try again later or from another network${advice}.`,
  );
}

function reasonOf(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  return code ?? message;
}

function fileSize(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}
