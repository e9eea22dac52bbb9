import assert from "node:assert/strict";
import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { after, test } from "node:test";
import { fileAddress, indexAddress, linkInHtml, linkInJson } from "../../../src/cli/setup/packageIndex";

const servers: Server[] = [];
after(() => {
  for (const server of servers) server.close();
});

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener).listen(0, "127.0.0.1");
  servers.push(server);
  await new Promise((resolve) => server.once("listening", resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const json = JSON.stringify({
  files: [
    { filename: "a-1.whl", url: "../../files/a-1.whl" },
    { filename: "a-2.whl", url: "x" },
  ],
});
const html = `<html><a data-x="1" href="/files/a-1.whl?b=1&amp;c=2#sha256=00">a-1.whl</a><a href="x">a-2.whl</a></html>`;

test("the link of exactly the named file is found in both page formats", () => {
  assert.equal(linkInJson(json, "a-1.whl"), "../../files/a-1.whl");
  assert.equal(linkInJson(json, "a-1"), undefined);
  assert.equal(linkInJson("{}", "a-1.whl"), undefined);
  assert.equal(linkInHtml(html, "a-1.whl"), "/files/a-1.whl?b=1&c=2");
  assert.equal(linkInHtml(html, "a-3.whl"), undefined);
});

test("a link is resolved against the page, after redirects", async () => {
  const index = await serve((request, response) => {
    if (request.url === "/simple/a/") response.writeHead(302, { location: "/mirror/simple/a/" }).end();
    else response.writeHead(200, { "content-type": "application/vnd.pypi.simple.v1+json" }).end(json);
  });
  assert.equal(await fileAddress(`${index}/simple/`, "a", "a-1.whl"), `${index}/mirror/files/a-1.whl`);
  assert.equal(await fileAddress(`${index}/simple`, "a", "b.whl"), undefined);
});

test("an index that only knows HTML works as well", async () => {
  const index = await serve((_request, response) => response.writeHead(200, { "content-type": "text/html" }).end(html));
  assert.equal(await fileAddress(`${index}/simple`, "a", "a-1.whl"), `${index}/files/a-1.whl?b=1&c=2`);
});

test("a missing project has no file; an error or a silent network is one sentence", async () => {
  const index = await serve((request, response) => response.writeHead(request.url === "/none/" ? 404 : 503).end());
  assert.equal(await fileAddress(index, "none", "a.whl"), undefined);
  await assert.rejects(
    fileAddress(index, "a", "a.whl"),
    /^UserError: The Python package index answered 503 for .*\/a\//,
  );
  await assert.rejects(fileAddress("http://127.0.0.1:1", "a", "a.whl"), {
    name: "UserError",
    message: /cannot be reached at/,
  });
});

test("the index of the environment comes before pip's settings", async () => {
  const before = process.env.PIP_INDEX_URL;
  process.env.PIP_INDEX_URL = "https://mirror.example/simple";
  try {
    assert.equal(await indexAddress(new Promise<string>(() => {})), "https://mirror.example/simple");
  } finally {
    if (before === undefined) delete process.env.PIP_INDEX_URL;
    else process.env.PIP_INDEX_URL = before;
  }
});
