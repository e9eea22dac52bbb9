import assert from "node:assert/strict";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readlinkSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { writeManifest } from "../../../src/cli/setup/manifest";
import {
  failureFile,
  linkAddon,
  nativeFolders,
  underLock,
  usableWheel,
  verifyNativeBackend,
} from "../../../src/cli/setup/nativeBackend";
import type { Terminal } from "../../../src/cli/setup/steps.cjs";

const folder = mkdtempSync(join(tmpdir(), "native-"));
const cacheBefore = process.env.XDG_CACHE_HOME;
before(() => {
  process.env.XDG_CACHE_HOME = folder;
});
after(() => {
  if (cacheBefore === undefined) delete process.env.XDG_CACHE_HOME;
  else process.env.XDG_CACHE_HOME = cacheBefore;
  rmSync(folder, { recursive: true });
});

function recorder(): { lines: string[]; terminal: Terminal } {
  const lines: string[] = [];
  return { lines, terminal: { line: (text: string) => lines.push(text) } as unknown as Terminal };
}

test("everything lies in the cache folder, under names that depend on the wheel and the sources", () => {
  const { tensorflow, addon } = nativeFolders(usableWheel());
  const native = join(folder, "attention-is-not-explanation", "native");
  assert.equal(failureFile(), join(native, "failed.json"));
  assert.match(tensorflow.slice(native.length), /^\/tensorflow-[\d.]+-[0-9a-f]{12}$/);
  assert.match(addon.slice(native.length), /^\/addon-[0-9a-f]{16}$/);
  const other = nativeFolders({ ...usableWheel(), sha256: "0".repeat(64) });
  assert.notEqual(other.addon, addon);
  assert.notEqual(other.tensorflow, tensorflow);
});

test("the addon is linked, and linked anew when it lies elsewhere", async () => {
  const addons = ["addon-1", "addon-2"].map((name) => join(folder, name));
  for (const addon of addons) {
    mkdirSync(addon);
    writeFileSync(join(addon, "tfjs_binding.node"), addon);
  }
  const link = join(folder, "tfjs-node", "lib", "napi-v8", "tfjs_binding.node");
  for (const addon of [addons[0], addons[0], addons[1]] as string[]) {
    await linkAddon({ tensorflow: folder, addon }, join(folder, "tfjs-node"));
    assert.equal(readlinkSync(link), join(addon, "tfjs_binding.node"));
    assert.equal(readFileSync(link, "utf8"), addon);
  }
});

test("two set-ups at once take turns, and the second says that it waits", async () => {
  const order: string[] = [];
  const work = (name: string) => async () => {
    order.push(`${name} begins`);
    await new Promise((resolve) => setTimeout(resolve, 200));
    order.push(`${name} ends`);
  };
  const first = recorder();
  const second = recorder();
  const firstWork = underLock(first.terminal, work("first"));
  while (order.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
  await Promise.all([firstWork, underLock(second.terminal, work("second"))]);
  assert.deepEqual(order, ["first begins", "first ends", "second begins", "second ends"]);
  assert.deepEqual(first.lines, []);
  assert.equal(second.lines.length, 1);
  assert.match(second.lines[0] as string, /Another set-up works on .*waiting/);
});

test("the full check names what is damaged and removes it, and leaves the rest", async () => {
  const folders = { tensorflow: join(folder, "t"), addon: join(folder, "a") };
  for (const path of Object.values(folders)) {
    mkdirSync(path);
    writeFileSync(join(path, "file"), "content");
    await writeManifest(path, ["file"], {});
  }
  writeFileSync(join(folders.addon, "file"), "CONTENT");
  const { lines, terminal } = recorder();
  const health = await verifyNativeBackend(terminal, folders);
  assert.deepEqual(
    health.map(({ problem }) => problem === undefined),
    [true, false],
  );
  assert.deepEqual([existsSync(folders.tensorflow), existsSync(folders.addon)], [true, false]);
  assert.match(lines.join(), /a is damaged \(file has another content .*\); it is made anew/);
});
