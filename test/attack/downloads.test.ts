import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { dirname, join } from "node:path";
import { after, before } from "node:test";
import { gzipSync } from "node:zlib";
import { type DownloadRequest, download } from "../../src/data/files/download";
import { attackAll, attackFolder, type Line } from "./attacks";

// A server with faults: a download ends with the whole file, to the bit, or with one sentence and nothing in its place.

const { folder, put } = attackFolder();
const content = Buffer.from(Array.from({ length: 100_000 }, (_, place) => (place * 7919) % 251));
const other = Buffer.from(content).reverse();
const sha256 = createHash("sha256").update(content).digest("hex");

type Answer = (response: ServerResponse, request: IncomingMessage) => void;

let answers: Answer[] = [];
const server = createServer((request, response) => {
  const answer = answers.length > 1 ? answers.shift()! : answers[0]!;
  answer(response, request);
});
let address = "";
before(async () => {
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/file.bin`;
});
after(() => {
  server.closeAllConnections();
  server.close();
});

const offsetOf = ({ headers }: IncomingMessage) => Number(/^bytes=(\d+)-$/.exec(headers.range ?? "")?.[1] ?? 0);
const rangeOf = (from: number, to: number, of: number | string) => ({ "content-range": `bytes ${from}-${to}/${of}` });

/** The rest of a file as a good server gives it. */
const good =
  (file = content, headers: Record<string, string> = {}): Answer =>
  (response, request) => {
    const offset = offsetOf(request);
    const isSame = headers.etag === undefined || (request.headers["if-range"] ?? headers.etag) === headers.etag;
    const from = isSame ? offset : 0;
    const range = from > 0 ? rangeOf(from, file.length - 1, file.length) : {};
    response.writeHead(from > 0 ? 206 : 200, { ...headers, ...range, "content-length": file.length - from });
    response.end(file.subarray(from));
  };
const whole = good();

const status =
  (code: number, headers: Record<string, string> = {}, body = "not the file"): Answer =>
  (response) => {
    response.writeHead(code, headers);
    response.end(body);
  };
/** A part of the file, then the connection is closed. */
const breaks =
  (bytes: number, file = content, headers: Record<string, string> = {}): Answer =>
  (response, request) => {
    const from = offsetOf(request);
    const range = from > 0 ? rangeOf(from, file.length - 1, file.length) : {};
    response.writeHead(from > 0 ? 206 : 200, { ...headers, ...range, "content-length": file.length - from });
    response.write(file.subarray(from, from + bytes), () => setTimeout(() => response.destroy(), 200));
  };
/** Another answer where nothing has come before: it breaks, if nothing else is said. */
const onResume =
  (answer: Answer, first = breaks(30_000)): Answer =>
  (response, request) =>
    (offsetOf(request) > 0 ? answer : first)(response, request);
/** What a server writes that knows no HTTP. */
const raw =
  (text: string): Answer =>
  (response) =>
    response.socket!.end(text);
const part =
  (headers: Record<string, string>, body: Buffer, code = 206): Answer =>
  (response) => {
    response.writeHead(code, headers);
    response.end(body);
  };
/** A server that gives any part it likes, whatever version is asked for. */
const anyPart = (range: Record<string, string>, body: Buffer, etag = '"a"') =>
  onResume(part({ etag, ...range }, body), good());
const redirect = (location: string) => status(302, { location });
const reset: Answer = (response) => response.socket!.resetAndDestroy();
const silent: Answer = () => undefined;
const stalls: Answer = (response) => {
  response.writeHead(200, { "content-length": content.length });
  response.write(content.subarray(0, 30_000));
};
const endless: Answer = (response) => {
  response.writeHead(200);
  const write = () => {
    while (response.writable && response.write(Buffer.alloc(65_536, 7)));
    if (response.writable) response.once("drain", write);
  };
  write();
};
const headersOnly: Answer = (response) => {
  response.writeHead(200, { "content-length": content.length });
  response.flushHeaders();
};
const chunkedCut: Answer = (response) => {
  response.writeHead(200);
  response.write(content.subarray(0, 40_000), () => setTimeout(() => response.destroy(), 200));
};

let downloads = 0;
type Expected = "whole" | RegExp;

function fault(what: string, list: Answer[], expected: Expected, changes: Partial<DownloadRequest> = {}): Line {
  const attempt = async () => {
    answers = [...list];
    const destination = join(folder, `download-${downloads++}`, "file.bin");
    const usual = { url: address, destination, label: "the file", sha256, bytes: content.length };
    const patience = { stallSeconds: 0.3, retries: 2, backoffSeconds: 0.01 };
    try {
      await download({ ...usual, ...patience, ...changes });
    } catch (error) {
      assert.ok(!existsSync(destination), "something is in its place");
      assert.ok(!String(error).includes("secret"), String(error));
      throw error;
    }
    assert.deepEqual(readFileSync(destination), content);
    assert.deepEqual(readdirSync(dirname(destination)), ["file.bin"]);
  };
  return [what, attempt, expected === "whole" ? /^$/ : expected, { code: expected === "whole" ? 0 : 1, seconds: 10 }];
}

const unpinned = { sha256: undefined };
const stopped = /stopped 3 times .* bytes are kept and the next start goes on from there/;

attackAll([
  fault("nothing is wrong", [whole], "whole"),
  ...[400, 401, 403, 404, 405, 410, 418, 451].map((code) =>
    fault(`${code}`, [status(code)], new RegExp(`answered ${code} for the file`)),
  ),
  ...[500, 502, 503, 504, 408, 429].map((code) => fault(`${code}, then the file`, [status(code), whole], "whole")),
  fault("500 for ever", [status(500)], stopped),
  fault("407, as of a proxy", [status(407)], /The proxy answered 407/),
  fault("416, then the file", [breaks(30_000), status(416), whole], "whole"),
  fault("no content", [status(204, {}, "")], /answered 204/),
  fault(
    "nothing with 200",
    [part({ "content-length": "0" }, Buffer.alloc(0), 200)],
    /is not the expected file|stopped 3 times/,
  ),
  fault("not modified", [status(304, {}, "")], /answered 304/),
  fault("a redirect without a place", [status(302)], /answered 302/),
  fault("a redirect in a circle", [redirect("/file.bin")], /redirected more than 5 times/),
  fault(
    "a redirect to a file",
    [redirect("file:///etc/passwd")],
    /leads to file:\/\/\/etc\/passwd, but only http and https/,
  ),
  fault("a redirect to data", [redirect("data:text/plain,x")], /only http and https/),
  fault("a redirect to a script", [redirect("javascript:alert(1)")], /only http and https/),
  fault("a redirect to no address", [redirect("http://[")], /an address that is none/),
  fault("a redirect with a password", [redirect("ftp://me:secret@example.org/x")], /leads to ftp:\/\/example\.org\/x/),
  fault("a redirect with a password that fails", [redirect("http://me:secret@127.0.0.1:1/x")], /cannot be reached/),
  fault("a redirect, then the file", [redirect("/elsewhere"), whole], "whole"),
  fault("a reset, then the file", [reset, whole], "whole"),
  fault("a reset for ever", [reset], stopped),
  fault("silence, then the file", [silent, whole], "whole"),
  fault("silence for ever", [silent], stopped),
  fault("headers alone, then the file", [headersOnly, whole], "whole"),
  fault("a stall, then the rest", [stalls, whole], "whole"),
  fault("no HTTP", [raw("220 ftp ready\r\n")], stopped),
  fault("half a line of HTTP", [raw("HTTP/1.1 20")], stopped),
  fault("a heading of 100 kB", [raw(`HTTP/1.1 200 OK\r\nx: ${"y".repeat(100_000)}\r\n\r\n`)], stopped),
  fault("two lengths", [raw("HTTP/1.1 200 OK\r\ncontent-length: 3\r\ncontent-length: 5\r\n\r\nabc")], stopped),
  fault("a length that is none", [raw("HTTP/1.1 200 OK\r\ncontent-length: many\r\n\r\nabc")], stopped),
  fault("cut short, then the rest", [breaks(30_000), whole], "whole"),
  fault("cut short each time", [breaks(30_000)], "whole"),
  fault("cut short without a length", [chunkedCut, whole], "whole"),
  fault("a range that is not heeded", [breaks(30_000), part({}, content, 200)], "whole"),
  fault(
    "another range than asked for",
    [breaks(30_000), part(rangeOf(5, 99_999, 100_000), content.subarray(5)), whole],
    "whole",
  ),
  fault("a part without a range", [breaks(30_000), part({}, content.subarray(30_000)), whole], "whole"),
  fault("a part that nobody asked for", [part(rangeOf(10, 99_999, 100_000), content.subarray(10)), whole], "whole"),
  fault("a part of another file", [breaks(30_000), onResume(good(other)), whole], "whole"),
  fault(
    "another file for ever",
    [good(other)],
    /must have the SHA-256 \w+ but has the SHA-256 \w+; nothing of it is kept/,
  ),
  fault(
    "more than there is",
    [part({}, Buffer.concat([content, content]), 200)],
    /more than the expected 100000 bytes/,
  ),
  fault("more than there is, for ever", [endless], /more than the expected 100000 bytes/),
  fault("more than there is, without a sum", [endless], /more than the expected 200000 bytes/, unpinned),
  fault(
    "packed without being asked",
    [part({ "content-encoding": "gzip" }, gzipSync(content), 200)],
    /is not the expected file|more than the expected/,
  ),
  fault(
    "a log-in page",
    [status(200, { "content-type": "text/html" }, "<html>")],
    /sent a web page instead of the file/,
  ),
  fault(
    "a log-in page, without its type",
    [status(200, {}, "<!DOCTYPE html><p>log in")],
    /sent a web page instead of the file/,
    unpinned,
  ),
  fault(
    "a redirect to a log-in page",
    [redirect("/login"), status(200, { "content-type": "text/html" }, "<html>")],
    /sent a web page/,
  ),
  fault(
    "a change on the way, by its tag",
    [breaks(30_000, other, { etag: '"a"' }), good(content, { etag: '"b"' })],
    "whole",
    unpinned,
  ),
  fault("a change on the way, without a tag", [breaks(30_000, other), whole], "whole", unpinned),
  fault(
    "a part of a change, by its length",
    [breaks(30_000), part(rangeOf(30_000, 39_999, 40_000), content.subarray(30_000, 40_000)), whole],
    "whole",
  ),
  fault(
    "a change on the way, by its tag, where the part is sent all the same",
    [
      breaks(30_000, other, { etag: '"a"' }),
      anyPart(rangeOf(30_000, 99_999, 100_000), content.subarray(30_000), '"b"'),
    ],
    "whole",
    unpinned,
  ),
  ...[
    ["a part without an end", rangeOf(30_000, 59_999, "*"), content.subarray(30_000, 60_000)] as const,
    ["a part with more than it says", rangeOf(30_000, 99_999, 100_000), Buffer.concat([content, content])] as const,
    ["a part of a file of another length", rangeOf(30_000, 99_999, 100_001), content.subarray(30_000)] as const,
    ["parts in parts", { "content-type": "multipart/byteranges; boundary=x" }, Buffer.from("--x\r\n")] as const,
  ].map(([what, range, body]) =>
    fault(
      what,
      [breaks(30_000, content, { etag: '"a"' }), anyPart(range, body), anyPart(range, body)],
      "whole",
      unpinned,
    ),
  ),
  ...["\ufeff<!DOCTYPE html>", "<!-- in -->\n<html>", '<?xml version="1.0"?>\n<html>'].map((page) =>
    fault(`a log-in page that begins with ${page.slice(0, 5)}`, [status(200, {}, page)], /sent a web page/, unpinned),
  ),
  fault(
    "a page of XHTML",
    [status(200, { "content-type": "application/xhtml+xml" }, "<x/>")],
    /sent a web page/,
    unpinned,
  ),
  fault("another protocol", [raw("HTTP/1.1 101 x\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n")], stopped),
  fault("an address of another kind", [whole], /only http and https/, { url: "ftp://example.org/x" }),
  fault("no address", [whole], /an address that is none/, { url: "nonsense" }),
  fault("nobody there", [whole], /cannot be reached .*ECONNREFUSED/, { url: "http://127.0.0.1:1/x" }),
  fault("a place below a file", [whole], /cannot be (written|used)/, {
    destination: join(put("a-file", "x"), "y", "file.bin"),
  }),
]);
