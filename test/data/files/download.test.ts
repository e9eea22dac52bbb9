import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, afterEach, before, beforeEach, describe, it } from "node:test";
import { type DownloadRequest, download, rememberSum } from "../../../src/data/files/download";
import { UserError } from "../../../src/errors";

const content = Buffer.from(Array.from({ length: 200_000 }, (_, i) => (i * 7919) % 251));
const sha256 = createHash("sha256").update(content).digest("hex");

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

let server: Server;
let address: string;
let folder: string;
let destination: string;
let answers: Answer[];
let ranges: (string | undefined)[];

before(async () => {
  server = createServer((request, response) => {
    ranges.push(request.headers.range);
    const answer = answers.length > 1 ? answers.shift()! : answers[0]!;
    answer(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/file.bin`;
});

after(() => {
  server.closeAllConnections();
  server.close();
});

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "download-"));
  destination = join(folder, "inner", "file.bin");
  ranges = [];
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

function serve(...list: Answer[]): void {
  answers = list;
}

function request(changes: Partial<DownloadRequest> = {}): DownloadRequest {
  return {
    url: address,
    destination,
    sha256,
    label: "the test file",
    stallSeconds: 0.3,
    retries: 3,
    backoffSeconds: 0.01,
    ...changes,
  };
}

function assertWhole(): void {
  assert.deepEqual(readFileSync(destination), content);
  assert.deepEqual(readdirSync(join(folder, "inner")), ["file.bin"]);
}

async function assertFails(changes: Partial<DownloadRequest>, ...patterns: RegExp[]): Promise<void> {
  await assert.rejects(download(request(changes)), (error) => {
    assert.ok(error instanceof UserError, String(error));
    for (const pattern of patterns) assert.match(error.message, pattern);
    assert.doesNotMatch(error.message, /\n/);
    return true;
  });
  assert.ok(!existsSync(destination));
}

function offsetOf({ headers }: IncomingMessage): number {
  return Number(/^bytes=(\d+)-$/.exec(headers.range ?? "")?.[1] ?? 0);
}

const whole: Answer = (incoming, response) => {
  const offset = offsetOf(incoming);
  const part = content.subarray(offset);
  const headers = { "content-length": part.length };
  if (offset === 0) response.writeHead(200, headers);
  else
    response.writeHead(206, {
      ...headers,
      "content-range": `bytes ${offset}-${content.length - 1}/${content.length}`,
    });
  response.end(part);
};

const ignoresRange: Answer = (_, response) => {
  response.writeHead(200, { "content-length": content.length });
  response.end(content);
};

const truncates: Answer = (incoming, response) => {
  const offset = offsetOf(incoming);
  response.writeHead(offset > 0 ? 206 : 200, {
    "content-length": content.length - offset,
    ...(offset > 0 && { "content-range": `bytes ${offset}-${content.length - 1}/${content.length}` }),
  });
  response.write(content.subarray(offset, offset + 60_000), () => setTimeout(() => response.destroy(), 100));
};

const stalls: Answer = (_, response) => {
  response.writeHead(200, { "content-length": content.length });
  response.write(content.subarray(0, 50_000));
};

const says =
  (status: number, headers: Record<string, string> = {}): Answer =>
  (_, response) => {
    response.writeHead(status, headers);
    response.end("not the file");
  };

const sends =
  (body: Buffer): Answer =>
  (_, response) => {
    response.writeHead(200, { "content-length": body.length });
    response.end(body);
  };

describe("download, a server that works in the end", () => {
  it("puts the file in place and reports progress up to its size", async () => {
    serve(whole);
    const seen: (number | undefined)[][] = [];
    await download(request({ onProgress: (received, total) => seen.push([received, total]) }));
    assertWhole();
    assert.deepEqual(seen.at(-1), [content.length, content.length]);
    assert.deepEqual(ranges, [undefined]);
  });

  it("asks no server for a file that is already in place", async () => {
    serve(whole);
    await download(request());
    await download(request());
    assert.equal(ranges.length, 1);
  });

  it("replaces a damaged file", async () => {
    serve(whole);
    mkdirSync(join(folder, "inner"));
    writeFileSync(destination, "damaged");
    await download(request());
    assertWhole();
  });

  it("resumes where the transfer broke, as often as it brings something new", async () => {
    serve(truncates, truncates, truncates, whole);
    await download(request({ retries: 1 }));
    assertWhole();
    assert.deepEqual(ranges, [undefined, "bytes=60000-", "bytes=120000-", "bytes=180000-"]);
  });

  it("resumes what an earlier run left", async () => {
    serve(whole);
    mkdirSync(join(folder, "inner"));
    writeFileSync(`${destination}.partial`, content.subarray(0, 150_000));
    await download(request());
    assertWhole();
    assert.deepEqual(ranges, ["bytes=150000-"]);
  });

  it("starts anew where the server ignores the range", async () => {
    serve(truncates, ignoresRange);
    await download(request());
    assertWhole();
    assert.deepEqual(ranges, [undefined, "bytes=60000-"]);
  });

  it("starts anew where what an earlier run left is not of this file", async () => {
    serve(whole);
    mkdirSync(join(folder, "inner"));
    writeFileSync(`${destination}.partial`, Buffer.alloc(1000, 1));
    await download(request());
    assertWhole();
    assert.deepEqual(ranges, ["bytes=1000-", undefined]);
  });

  it("starts anew after 416", async () => {
    serve(says(416), whole);
    mkdirSync(join(folder, "inner"));
    writeFileSync(`${destination}.partial`, Buffer.alloc(content.length + 5));
    await download(request());
    assertWhole();
  });

  it("needs no server where the partial file is whole", async () => {
    serve(says(500));
    mkdirSync(join(folder, "inner"));
    writeFileSync(`${destination}.partial`, content);
    await download(request());
    assertWhole();
    assert.equal(ranges.length, 0);
  });

  it("goes on after a stall", async () => {
    serve(stalls, whole);
    await download(request());
    assertWhole();
    assert.equal(ranges.length, 2);
  });

  it("goes on after a server that never answers", async () => {
    serve(() => undefined, whole);
    await download(request());
    assertWhole();
  });

  it("goes on after 500 and 503", async () => {
    serve(says(500), says(503), whole);
    await download(request());
    assertWhole();
    assert.equal(ranges.length, 3);
  });

  it("follows redirects, also relative ones", async () => {
    serve(says(302, { location: "/elsewhere" }), says(307, { location: address }), whole);
    await download(request());
    assertWhole();
  });

  it("is not disturbed by a second download of the same file", async () => {
    serve(truncates, whole);
    await Promise.all([download(request()), download(request()), download(request())]);
    assertWhole();
    assert.equal(ranges.length, 2);
  });

  it("asks on where a part that is shorter than asked for comes", async () => {
    serve(
      truncates,
      (incoming, response) => {
        const offset = offsetOf(incoming);
        const headers = {
          "content-range": `bytes ${offset}-${offset + 999}/${content.length}`,
          "content-length": 1000,
        };
        response.writeHead(206, headers).end(content.subarray(offset, offset + 1000));
      },
      whole,
    );
    await download(request());
    assertWhole();
    assert.deepEqual(ranges, [undefined, "bytes=60000-", "bytes=61000-"]);
  });

  it("stops when its signal is aborted, and goes on from there", async () => {
    serve(stalls);
    const controller = new AbortController();
    const stopped = download(
      request({ stallSeconds: 30, signal: controller.signal, onProgress: () => controller.abort(new Error("mine")) }),
    );
    await assert.rejects(stopped, /^Error: mine$/);
    serve(whole);
    await download(request());
    assertWhole();
    assert.notEqual(ranges[1], undefined);
  });
});

describe("download, a server that does not", () => {
  for (const status of [403, 404])
    it(`says at once that the server answered ${status}`, async () => {
      serve(says(status));
      await assertFails({}, new RegExp(`127.0.0.1:\\d+ answered ${status} for the test file`), /put it at .*file\.bin/);
      assert.equal(ranges.length, 1);
    });

  it("gives up after the allowed tries, and keeps what came", async () => {
    serve(truncates, says(500));
    await assertFails({ retries: 2 }, /stopped 3 times/, /answered 500/, /60000 bytes are kept/);
    assert.equal(ranges.length, 4 - 1);
    assert.deepEqual(readFileSync(`${destination}.partial`), content.subarray(0, 60_000));
  });

  it("gives up on a server that stalls each time", async () => {
    serve(stalls);
    await assertFails({ retries: 1, stallSeconds: 0.1 }, /nothing came for 0\.1 seconds/);
  });

  it("keeps nothing of a file with another checksum and names both sums", async () => {
    const other = Buffer.alloc(content.length, 7);
    serve(sends(other));
    await assertFails({}, new RegExp(sha256), new RegExp(createHash("sha256").update(other).digest("hex")));
    assert.deepEqual(readdirSync(join(folder, "inner")), []);
    assert.equal(ranges.length, 1);
  });

  it("keeps nothing of a page that a network sends in place of the file, without a length", async () => {
    serve((_, response) => response.end("<html>log in</html>"));
    await assertFails({ bytes: content.length }, new RegExp(sha256), /is not the expected file/);
    assert.deepEqual(readdirSync(join(folder, "inner")), []);
    assert.equal(ranges.length, 1);
  });

  it("stops reading a file that is larger than expected", async () => {
    serve(sends(Buffer.alloc(5_000_000)));
    let received = 0;
    await assertFails(
      {
        bytes: content.length,
        onProgress: (now) => {
          received = now;
        },
      },
      /more than the expected 200000 bytes/,
    );
    assert.ok(received <= content.length);
    assert.deepEqual(readdirSync(join(folder, "inner")), []);
  });

  it("starts a pieced file anew once only", async () => {
    serve(truncates, (incoming, response) => {
      const rest = content.length - offsetOf(incoming);
      response.writeHead(offsetOf(incoming) > 0 ? 206 : 200, {
        "content-length": rest,
        "content-range": `bytes ${offsetOf(incoming)}-${content.length - 1}/${content.length}`,
      });
      response.end(Buffer.alloc(rest, 9));
    });
    await assertFails({}, new RegExp(sha256));
    assert.equal(ranges.length, 3);
  });

  it("refuses a redirect to a file", async () => {
    serve(says(302, { location: "file:///etc/hostname" }));
    await assertFails({}, /file:\/\/\/etc\/hostname/, /only http and https/);
  });

  it("refuses a redirect to no address, and repeats no password", async () => {
    serve(says(302, { location: "http://[half" }));
    await assertFails({}, /leads to an address that is none/);
    serve(says(302, { location: address.replace("127", "me:secret@127") }), says(404));
    await assert.rejects(download(request()), (error: Error) => !error.message.includes("secret"));
  });

  it("refuses an address that is not http(s)", async () => {
    await assertFails({ url: "ftp://example.org/file.bin" }, /only http and https/);
  });

  it("leaves a loop of redirects", async () => {
    serve(says(301, { location: address }));
    await assertFails({}, /redirected more than 5 times/);
    assert.equal(ranges.length, 6);
  });
});

describe("download, network and disk", () => {
  it("says that a host cannot be reached", async () => {
    const closed = createServer();
    await new Promise<void>((resolve) => closed.listen(0, "127.0.0.1", resolve));
    const { port } = closed.address() as AddressInfo;
    await new Promise((resolve) => closed.close(resolve));
    await assertFails(
      { url: `http://127.0.0.1:${port}/file.bin` },
      /127\.0\.0\.1:\d+ cannot be reached/,
      /connect to the network/,
    );
  });

  it("says which folder cannot be written", async () => {
    writeFileSync(join(folder, "inner"), "a file where the folder should be");
    await assertFails({}, /inner.* cannot be used \((ENOTDIR|EEXIST)/);
  });

  it("says that the disk is full", { skip: !existsSync("/dev/full") && "needs /dev/full" }, async () => {
    serve(whole);
    mkdirSync(join(folder, "inner"));
    symlinkSync("/dev/full", `${destination}.partial`);
    await assertFails({}, /There is no space left in .* for file\.bin; free some and start again/);
  });
});

describe("download of a file whose SHA-256 nobody has published", () => {
  const unknown = { sha256: undefined };
  const kept = () => readFileSync(`${destination}.sha256`, "utf8");
  const withTag =
    (answer: Answer, etag: string): Answer =>
    (incoming, response) =>
      answer(incoming, response.setHeader("etag", etag));

  it("remembers the sum of what came when it was read", async () => {
    serve(whole);
    await download(request(unknown));
    assertWhole();
    await rememberSum(destination);
    assert.equal(kept(), `${sha256}  file.bin\n`);
    await download(request({ ...unknown, bytes: 5 }));
    assert.equal(ranges.length, 1);
  });

  it("takes a file that the user has put there", async () => {
    serve(says(500));
    mkdirSync(join(folder, "inner"));
    writeFileSync(destination, content);
    await download(request(unknown));
    assert.equal(ranges.length, 0);
  });

  it("notices another file, on the disk and from the server", async () => {
    serve(whole);
    await download(request(unknown));
    await rememberSum(destination);
    writeFileSync(destination, "changed");
    await download(request(unknown));
    assert.deepEqual(readFileSync(destination), content);
    rmSync(destination);
    serve(sends(Buffer.alloc(1000)));
    await assertFails(unknown, /is not the expected file/, new RegExp(sha256), /file\.bin\.sha256/);
    assert.equal(kept(), `${sha256}  file.bin\n`);
  });

  it("resumes the same version only, also in a later run", async () => {
    serve(withTag(truncates, '"1"'), says(404));
    await assertFails(unknown, /answered 404/);
    serve((incoming, response) => {
      assert.equal(incoming.headers["if-range"], '"1"');
      whole(incoming, response);
    });
    await download(request(unknown));
    assertWhole();
    assert.deepEqual(ranges, [undefined, "bytes=60000-", "bytes=60000-"]);
  });

  it("starts anew where the server names no version", async () => {
    serve(truncates, whole);
    await download(request(unknown));
    assertWhole();
    assert.deepEqual(ranges, [undefined, undefined]);
  });

  it("keeps nothing of a web page, nor of twice as much as expected", async () => {
    const page = Buffer.from("<!DOCTYPE html><title>log in</title>");
    serve((_, response) => response.setHeader("content-type", "text/html; charset=utf-8").end(page));
    await assertFails({}, /sent a web page instead of the test file, as a network does that wants a log-in/);
    serve(sends(page));
    await assertFails(unknown, /sent a web page/);
    serve(whole);
    await assertFails({ ...unknown, bytes: 90_000 }, /is not the expected file: it has more than the expected 180000/);
    assert.deepEqual(
      readdirSync(join(folder, "inner")).filter((name) => readFileSync(join(folder, "inner", name)).length > 0),
      [],
    );
  });

  it("does not guess at a sum that is none", async () => {
    serve(whole);
    mkdirSync(join(folder, "inner"));
    writeFileSync(`${destination}.sha256`, "hello");
    await assertFails(unknown, /file\.bin\.sha256 must start with a SHA-256, but does not; delete it/);
  });
});
