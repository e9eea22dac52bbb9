import { createHash, type Hash } from "node:crypto";
import { createReadStream, existsSync } from "node:fs";
import { type FileHandle, mkdir, open, readFile, rename, rm, stat } from "node:fs/promises";
import { basename, dirname } from "node:path";
import { lock } from "proper-lockfile";
import writeFileAtomic from "write-file-atomic";
import { UserError } from "../../errors";
import { fetchThroughProxy, proxyIsSet } from "./web";

export interface DownloadRequest {
  /** An http or https address. */
  url: string;
  /** Where the whole, checked file ends up; its folder is made if it is missing. */
  destination: string;
  /** Hexadecimal SHA-256 of the whole file. Default: that of the first file that came, kept in `destination + ".sha256"`. */
  sha256?: string;
  /** Size of the whole file, if it is known: for the progress; with a SHA-256 also to stop at a file that is larger. */
  bytes?: number;
  /** What is downloaded, as in "Downloading <label>". */
  label: string;
  /** Called for each piece that arrives, with the bytes on the disk so far and the total where it is known. */
  onProgress?: (received: number, total: number | undefined) => void;
  /** Seconds without a byte after which the transfer is given up and tried again. Default 30. */
  stallSeconds?: number;
  /** How often in a row a transfer that brings nothing new is tried again. Default 4. */
  retries?: number;
  /** Seconds before the first new try; each further one waits twice as long. Default 1. */
  backoffSeconds?: number;
}

/**
 * Downloads one file, checks its SHA-256 and only then puts it in place.
 *
 * What arrives is kept in `destination + ".partial"`: a later call goes on where an earlier one ended. A stall, a broken
 * or truncated transfer and a server's 5xx answer are tried again; 403 and 404 are not. Two calls for the same file at
 * the same time, also in two processes, do not disturb each other: the second waits and finds the file there.
 *
 * @returns the SHA-256 of the file
 * @throws UserError if the address is not http(s) (also after a redirect), the server refuses, the network or the disk
 *   fails, or the file has another checksum; then nothing of it is kept.
 */
export async function download(request: DownloadRequest): Promise<string> {
  const folder = dirname(request.destination);
  try {
    const expected = await withRememberedSum(request);
    if (expected.sha256 !== undefined && (await isWhole(request.destination, expected))) return expected.sha256;
    await mkdir(folder, { recursive: true });
    return await withLock(request.destination, async (signal) => {
      const expected = await withRememberedSum(request);
      if (await isWhole(request.destination, expected)) return rememberSum(expected);
      await transferUntilWhole(expected, signal);
      return rememberSum(expected);
    });
  } catch (error) {
    throw diskError(error, request, folder) ?? error;
  }
}

/** The SHA-256 of a file, in hexadecimal. */
export async function fileSha256(path: string): Promise<string> {
  return (await hashFile(path)).digest("hex");
}

/** A request, and the file that its SHA-256 was remembered in, if it came from there. */
interface ExpectedRequest extends DownloadRequest {
  remembered?: string;
}

/** A request without a SHA-256 takes that of the file that came at an earlier time, if one did. */
async function withRememberedSum(request: DownloadRequest): Promise<ExpectedRequest> {
  if (request.sha256 !== undefined) return request;
  const path = `${request.destination}.sha256`;
  if (!existsSync(path)) return request;
  const sha256 = (await readFile(path, "utf8")).slice(0, 64);
  if (/^[0-9a-f]{64}$/.test(sha256)) return { ...request, sha256, bytes: undefined, remembered: path };
  throw new UserError(
    `${path} must start with a SHA-256, but does not; delete it if you trust ${request.destination}.`,
  );
}

async function rememberSum({ destination, sha256 }: DownloadRequest): Promise<string> {
  if (sha256 !== undefined) return sha256;
  const found = await fileSha256(destination);
  await writeFileAtomic(`${destination}.sha256`, `${found}  ${basename(destination)}\n`);
  return found;
}

/** What went wrong with a transfer that is worth another try. */
class TransferError extends Error {}

/** The whole file is here but is another one. Pieces of several transfers can be of different files; a restart helps. */
class WrongContent extends Error {
  constructor(
    readonly found: string,
    readonly pieced: boolean,
  ) {
    super(found);
  }
}

/** Runs the work while no other process or call holds the file; the signal aborts if the lock is lost meanwhile. */
async function withLock<T>(path: string, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const lost = new AbortController();
  const release = await acquire(path, (error) => lost.abort(error));
  try {
    return await work(lost.signal);
  } finally {
    if (!lost.signal.aborted) await release();
  }
}

async function acquire(path: string, onCompromised: (error: Error) => void): Promise<() => Promise<void>> {
  for (;;) {
    try {
      return await lock(path, { realpath: false, onCompromised });
    } catch (error) {
      if (codeOf(error) !== "ELOCKED") throw error;
      await pause(0.3);
    }
  }
}

async function isWhole(path: string, { sha256, bytes }: DownloadRequest): Promise<boolean> {
  const size = await fileSize(path);
  if (sha256 === undefined) return size > 0;
  return size > 0 && size === (bytes ?? size) && (await fileSha256(path)) === sha256;
}

async function transferUntilWhole(request: ExpectedRequest, signal: AbortSignal): Promise<void> {
  const { label, url, retries = 4, backoffSeconds = 1 } = request;
  const partial = `${request.destination}.partial`;
  let farthest = await fileSize(partial);
  let startedAnew = false;
  let failures = 0;
  for (;;) {
    try {
      if (request.sha256 === undefined || !(await isWhole(partial, request))) await transfer(request, partial, signal);
      await rename(partial, request.destination);
      return;
    } catch (error) {
      if (error instanceof WrongContent) {
        await rm(partial, { force: true });
        if (startedAnew || !error.pieced) throw wrongContent(request, error);
        startedAnew = true;
        continue;
      }
      if (!(error instanceof TransferError)) throw error;
      const size = await fileSize(partial);
      failures = size > farthest ? 1 : failures + 1;
      farthest = Math.max(farthest, size);
      if (failures > retries)
        throw new UserError(
          `The download of ${label} from ${hostOf(url)} stopped ${failures} times (${error.message}); ${farthest} bytes are kept and the next start goes on from there, so check the network and start again.`,
        );
      await pause(backoffSeconds * 2 ** (failures - 1));
      signal.throwIfAborted();
    }
  }
}

/** One request: appends to the partial file, or starts it anew where the server does not resume. */
async function transfer(request: DownloadRequest, partial: string, signal: AbortSignal): Promise<void> {
  const stall = new StallTimer(request.stallSeconds ?? 30, signal);
  const file = await open(partial, "a");
  try {
    const offset = await fileSize(partial);
    const response = await ask(request, offset, stall.signal);
    const start = resumesAt(response, offset) ? offset : 0;
    if (start < offset) await file.truncate(0);
    await receive(request, response, file, partial, start, stall);
    await file.sync();
  } catch (error) {
    throw stall.signal.aborted ? stall.signal.reason : error;
  } finally {
    stall.stop();
    await file.close();
  }
}

async function receive(
  request: DownloadRequest,
  response: Response,
  file: FileHandle,
  partial: string,
  start: number,
  stall: StallTimer,
): Promise<void> {
  const announced = response.headers.get("content-length");
  const total = announced === null ? undefined : start + Number(announced);
  const hash = start > 0 ? await hashFile(partial) : createHash("sha256");
  let received = start;
  for await (const chunk of chunksOf(response)) {
    stall.restart();
    received += chunk.length;
    if (request.sha256 !== undefined && request.bytes !== undefined && received > request.bytes)
      throw new WrongContent(`more than the expected ${request.bytes} bytes`, start > 0);
    hash.update(chunk);
    await file.writeFile(chunk);
    request.onProgress?.(received, request.bytes ?? total);
  }
  if (total !== undefined && received < total) throw new TransferError(`it ended at ${received} of ${total} bytes`);
  const sha256 = hash.digest("hex");
  if (request.sha256 !== undefined && sha256 !== request.sha256)
    throw new WrongContent(`the SHA-256 ${sha256}`, start > 0);
}

async function* chunksOf(response: Response): AsyncGenerator<Uint8Array> {
  if (response.body === null) return;
  const reader = response.body.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read().catch((error) => {
        throw new TransferError(`the connection broke: ${reasonOf(error)}`);
      });
      if (done) return;
      yield value;
    }
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}

/** Sends the request, follows redirects, and turns every answer but 200 and 206 into an error. */
async function ask(request: DownloadRequest, offset: number, signal: AbortSignal): Promise<Response> {
  let url = webAddress(request.url, request);
  for (let redirects = 0; redirects <= 5; redirects++) {
    const response = await send(url, offset, signal, request);
    if (response.status === 200 || response.status === 206) return response;
    await response.body?.cancel();
    const location = response.headers.get("location");
    if (response.status < 300 || response.status >= 400 || location === null) await refuse(request, response, url);
    else url = webAddress(new URL(location, url), request);
  }
  throw new UserError(
    `The download of ${request.label} from ${hostOf(request.url)} was redirected more than 5 times; try again later, or put the file at ${request.destination} yourself.`,
  );
}

async function send(url: URL, offset: number, signal: AbortSignal, request: DownloadRequest): Promise<Response> {
  const headers: Record<string, string> = { "accept-encoding": "identity" };
  if (offset > 0) headers.range = `bytes=${offset}-`;
  try {
    return await fetchThroughProxy(url, { headers, redirect: "manual", signal });
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof UserError) throw error;
    const refusal = proxyRefusal(error);
    if (refusal !== undefined)
      throw new UserError(
        `The proxy answered ${refusal} to the download of ${request.label} from ${url.host}; correct HTTPS_PROXY or HTTP_PROXY (with name and password, if it wants them), or put the file at ${request.destination} yourself.`,
      );
    const code = codeOf(error);
    if (offset === 0 && code !== undefined && unreachable.has(code))
      throw new UserError(
        `${url.host} cannot be reached for the download of ${request.label} (${reasonOf(error)}); connect to the network${proxyIsSet() ? " or correct HTTPS_PROXY and HTTP_PROXY" : ""} and start again, or put the file at ${request.destination} yourself.`,
      );
    if (code !== undefined && /CERT|LEAF_SIGNATURE/.test(code))
      throw new UserError(
        `The certificate of ${url.host} is not trusted (${code}), so ${request.label} was not downloaded; behind a company's proxy set NODE_EXTRA_CA_CERTS to its certificate file.`,
      );
    throw new TransferError(`${url.host} did not answer: ${reasonOf(error)}`);
  }
}

/** The status with which a proxy refused, which undici tells in its messages alone. */
function proxyRefusal(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  return /^Proxy [^(]*\((\d{3})\)/.exec(error.message)?.[1] ?? proxyRefusal(error.cause);
}

const unreachable = new Set(["ENOTFOUND", "EAI_AGAIN", "ECONNREFUSED", "ENETUNREACH", "EHOSTUNREACH"]);

async function refuse(request: DownloadRequest, response: Response, url: URL): Promise<never> {
  const { status } = response;
  const { sha256 } = request;
  if (status >= 500 || status === 408 || status === 429) throw new TransferError(`${url.host} answered ${status}`);
  if (status === 416) {
    await rm(`${request.destination}.partial`, { force: true });
    throw new TransferError(`${url.host} did not resume (416)`);
  }
  const meaning = status === 404 || status === 410 ? "there is no such file" : "it does not hand the file out";
  throw new UserError(
    `${url.host} answered ${status} for ${request.label} (${url.href}): ${meaning}; get the file elsewhere${sha256 === undefined ? "" : ` (SHA-256 ${sha256})`} and put it at ${request.destination}.`,
  );
}

function webAddress(address: string | URL, { label }: DownloadRequest): URL {
  const url = new URL(address);
  if (url.protocol === "https:" || url.protocol === "http:") return url;
  throw new UserError(
    `The download of ${label} leads to ${url.href}, but only http and https addresses are followed; nothing was read from there.`,
  );
}

/** Whether the body goes on at `offset`; a server that ignores the range, or sends another one, starts anew. */
function resumesAt(response: Response, offset: number): boolean {
  if (response.status !== 206) return false;
  const range = /^bytes (\d+)-/.exec(response.headers.get("content-range") ?? "");
  if (range !== null && Number(range[1]) === offset) return true;
  throw new TransferError("the server sent another part than the one asked for");
}

class StallTimer {
  private readonly controller = new AbortController();
  private timer: NodeJS.Timeout;
  readonly signal = this.controller.signal;

  constructor(
    private readonly seconds: number,
    outer: AbortSignal,
  ) {
    this.timer = this.start();
    outer.addEventListener("abort", () => this.controller.abort(outer.reason), { once: true });
  }

  restart(): void {
    clearTimeout(this.timer);
    this.timer = this.start();
  }

  stop(): void {
    clearTimeout(this.timer);
  }

  private start(): NodeJS.Timeout {
    const error = new TransferError(`nothing came for ${this.seconds} seconds`);
    return setTimeout(() => this.controller.abort(error), this.seconds * 1000);
  }
}

function wrongContent({ label, url, sha256, remembered }: ExpectedRequest, { found }: WrongContent): UserError {
  return new UserError(
    `What ${hostOf(url)} sent as ${label} is not the expected file: it must have the SHA-256 ${sha256} but has ${found}; nothing of it is kept, so try again later or from another network${remembered === undefined ? "" : `, or, if it has a new version, delete ${remembered}`}.`,
  );
}

function diskError(error: unknown, { label }: DownloadRequest, folder: string): UserError | undefined {
  switch (codeOf(error)) {
    case "ENOSPC":
    case "EDQUOT":
      return new UserError(
        `There is no space left in ${folder} for ${label}; free some and start again, the download goes on where it ended.`,
      );
    case "EACCES":
    case "EPERM":
    case "EROFS":
    case "ENOTDIR":
    case "EEXIST":
      return new UserError(
        `${label} cannot be written to ${folder} (${reasonOf(error)}); make the folder writable, or set XDG_CACHE_HOME to one that is.`,
      );
  }
  return undefined;
}

function codeOf(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  const { code, cause } = error as NodeJS.ErrnoException;
  return typeof code === "string" ? code : codeOf(cause);
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? reasonOf(error.cause) : (codeOf(error) ?? error.message);
}

function hostOf(url: string): string {
  return new URL(url).host;
}

async function hashFile(path: string): Promise<Hash> {
  const hash = createHash("sha256");
  for await (const chunk of createReadStream(path)) hash.update(chunk);
  return hash;
}

async function fileSize(path: string): Promise<number> {
  try {
    return (await stat(path)).size;
  } catch (error) {
    if (codeOf(error) === "ENOENT") return 0;
    throw error;
  }
}

function pause(seconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, seconds * 1000));
}
