import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer, type IncomingMessage, request as requestByHttp, type Server } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { after, afterEach, before, beforeEach, describe, it } from "node:test";
import { download, get } from "../../../src/data/files/download";
import { UserError } from "../../../src/errors";

const variables = ["HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy", "NO_PROXY", "no_proxy"];
const environment = Object.fromEntries(variables.map((name) => [name, process.env[name]]));

let server: Server;
let proxy: Server;
let port: number;
/** What the proxy was asked for: "GET http://..." or "CONNECT host:port", and who asked. */
let asked: string[];
let authorizations: (string | undefined)[];
let refuses: number | undefined;

const portOf = (server: Server) => (server.address() as AddressInfo).port;
const listen = (server: Server) => new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));

function note({ method, url, headers }: IncomingMessage): void {
  asked.push(`${method} ${url}`);
  authorizations.push(headers["proxy-authorization"]);
}

before(async () => {
  server = createServer((incoming, response) => response.end(`the file at ${incoming.url}`));
  await listen(server);
  port = portOf(server);
  proxy = createServer((incoming, response) => {
    note(incoming);
    if (refuses !== undefined) return void response.writeHead(refuses).end();
    const { pathname } = new URL(incoming.url!);
    requestByHttp({ host: "127.0.0.1", port, path: pathname }, (answer) => answer.pipe(response)).end();
  });
  proxy.on("connect", (incoming, client) => {
    note(incoming);
    if (refuses !== undefined) return void client.end(`HTTP/1.1 ${refuses} No\r\n\r\n`);
    const target = connect(port, "127.0.0.1", () => client.write("HTTP/1.1 200 OK\r\n\r\n"));
    client.on("error", () => target.destroy()).pipe(target);
    target.on("error", () => client.destroy()).pipe(client);
  });
  await listen(proxy);
});

after(() => {
  for (const each of [server, proxy]) {
    each.closeAllConnections();
    each.close();
  }
});

let folder: string;

beforeEach(() => {
  for (const name of variables) delete process.env[name];
  asked = [];
  authorizations = [];
  refuses = undefined;
  folder = mkdtempSync(join(tmpdir(), "web-"));
});

afterEach(() => {
  for (const name of variables)
    if (environment[name] === undefined) delete process.env[name];
    else process.env[name] = environment[name];
  rmSync(folder, { recursive: true });
});

const textAt = async (url: string) =>
  text(await get(new URL(url), { headers: {}, signal: AbortSignal.timeout(10_000) }));

describe("get", () => {
  it("asks the host itself where no proxy is set", async () => {
    assert.equal(await textAt(`http://127.0.0.1:${port}/a`), "the file at /a");
    assert.deepEqual(asked, []);
  });

  for (const name of ["HTTP_PROXY", "http_proxy"])
    it(`forwards http to the proxy of ${name}`, async () => {
      process.env[name] = `http://127.0.0.1:${portOf(proxy)}`;
      assert.equal(await textAt("http://corpora.example/a"), "the file at /a");
      assert.deepEqual(asked, ["GET http://corpora.example/a"]);
    });

  for (const name of ["HTTPS_PROXY", "https_proxy"])
    it(`asks the proxy of ${name} for a tunnel to an https host`, async () => {
      process.env[name] = `http://127.0.0.1:${portOf(proxy)}`;
      await assert.rejects(textAt("https://corpora.example/a"), /socket|ECONNRESET|TLS|SSL|EPROTO/);
      assert.deepEqual(asked, ["CONNECT corpora.example:443"]);
    });

  it("sends name and password of the proxy's address", async () => {
    process.env.HTTP_PROXY = `http://me:p%40ss@127.0.0.1:${portOf(proxy)}`;
    await textAt("http://corpora.example/a");
    assert.deepEqual(authorizations, [`Basic ${Buffer.from("me:p@ss").toString("base64")}`]);
  });

  for (const exempt of ["127.0.0.1", "example.org,127.0.0.1", "*"])
    it(`asks a host in NO_PROXY itself (${exempt})`, async () => {
      process.env.HTTP_PROXY = `http://127.0.0.1:${portOf(proxy)}`;
      process.env.NO_PROXY = exempt;
      assert.equal(await textAt(`http://127.0.0.1:${port}/a`), "the file at /a");
      assert.deepEqual(asked, []);
    });

  it("says which variable is no address, and does not repeat a password", async () => {
    process.env.HTTPS_PROXY = "me:secret@proxy:port";
    await assert.rejects(textAt("https://corpora.example/a"), (error) => {
      assert.ok(error instanceof UserError);
      assert.match(error.message, /^HTTPS_PROXY must be the address of a proxy/);
      assert.doesNotMatch(error.message, /secret/);
      return true;
    });
  });
});

describe("download through a proxy", () => {
  const request = () => ({
    url: "http://corpora.example/file.txt",
    destination: join(folder, "file.txt"),
    label: "the test file",
    backoffSeconds: 0.01,
    retries: 1,
  });

  it("brings the file", async () => {
    process.env.HTTP_PROXY = `http://127.0.0.1:${portOf(proxy)}`;
    await download(request());
    assert.equal(readFileSync(join(folder, "file.txt"), "utf8"), "the file at /file.txt");
    assert.deepEqual(asked, ["GET http://corpora.example/file.txt"]);
  });

  for (const url of ["http://corpora.example/file.txt", "https://corpora.example/file.txt"])
    it(`says at once that the proxy wants a password, for ${url}`, async () => {
      process.env.HTTP_PROXY = process.env.HTTPS_PROXY = `http://127.0.0.1:${portOf(proxy)}`;
      refuses = 407;
      await assert.rejects(
        download({ ...request(), url }),
        /^UserError: The proxy answered 407 to .*correct HTTPS_PROXY/,
      );
      assert.equal(asked.length, 1);
      assert.ok(!existsSync(join(folder, "file.txt")));
    });

  it("says that the proxy cannot be reached", async () => {
    const closed = createServer();
    await listen(closed);
    process.env.HTTP_PROXY = `http://127.0.0.1:${portOf(closed)}`;
    await new Promise((resolve) => closed.close(resolve));
    await assert.rejects(
      download(request()),
      /corpora\.example cannot be reached .*correct HTTPS_PROXY and HTTP_PROXY/,
    );
  });
});
