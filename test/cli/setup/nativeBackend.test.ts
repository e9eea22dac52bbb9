import assert from "node:assert/strict";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { after, before, test } from "node:test";
import { linkAddon, nativeFiles, nativeFolder, setUpNativeBackend } from "../../../src/cli/setup/nativeBackend";
import type { Terminal } from "../../../src/cli/setup/steps.cjs";
import { sha256 } from "../../../src/sha256";

const folder = mkdtempSync(join(tmpdir(), "native-"));
const packageFolder = join(folder, "tfjs-node");
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
  const step = (_title: string, work: () => unknown) => work();
  return { lines, terminal: { line: (text: string) => lines.push(text), step } as unknown as Terminal };
}

test("everything lies in the cache folder, under names that depend on the wheel and the sources", () => {
  const { tensorflow, addon } = nativeFiles();
  assert.equal(nativeFolder(), join(folder, "attention-is-not-explanation", "native"));
  assert.match(tensorflow.slice(nativeFolder().length), /^\/libtensorflow-[0-9a-f]{12}\/tensorflow$/);
  assert.match(addon.slice(nativeFolder().length), /^\/addon-[0-9a-f]{16}\/tfjs_binding\.node$/);
});

test("the addon is linked, and linked anew when it lies elsewhere", async () => {
  const addons = ["addon-1", "addon-2"].map((name) => join(folder, name));
  for (const addon of addons) writeFileSync(addon, addon);
  const link = join(packageFolder, "lib", "napi-v8", "tfjs_binding.node");
  for (const addon of [addons[0], addons[0], addons[1]] as string[]) {
    await linkAddon(addon, packageFolder);
    assert.equal(readlinkSync(link), addon);
    assert.equal(readFileSync(link, "utf8"), addon);
  }
});

function pipThat(script: string): Promise<string> {
  const python = join(folder, "python");
  writeFileSync(python, `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  return Promise.resolve(python);
}

test("two set-ups at once take turns, and the second says that it waits", async () => {
  const order = join(folder, "order");
  const script = `echo begins >> ${order}; sleep .2; echo ends >> ${order}; echo No matching distribution found; exit 1`;
  const [first, second] = [recorder(), recorder()];
  const works = [first, second].map(({ terminal }) => setUpNativeBackend(terminal, pipThat(script), { packageFolder }));
  await Promise.all(works);
  assert.equal(readFileSync(order, "utf8"), "begins\nends\nbegins\nends\n");
  const waits = [...first.lines, ...second.lines].filter((line) => /Another set-up works on .*waiting/.test(line));
  assert.equal(waits.length, 1);
});

test("where the index has nothing for this platform, WebAssembly takes over; any other failure is an error", async () => {
  const { lines, terminal } = recorder();
  const absent = pipThat("echo 'ERROR: No matching distribution found for tensorflow-cpu==2.15.1'; exit 1");
  const backend = await setUpNativeBackend(terminal, absent, { packageFolder });
  assert.match(backend.problem!, /^the package index has no libtensorflow/);
  assert.match(
    lines.join(),
    /cannot be built here: the package index has no libtensorflow for .* WebAssembly takes over/,
  );
  const changed = pipThat("echo 'ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE.'; exit 1");
  await assert.rejects(setUpNativeBackend(terminal, changed, { packageFolder }), {
    name: "UserError",
    message:
      /^Installing libtensorflow failed:.*DO NOT MATCH THE HASHES.*The full output is in .*pip-libtensorflow\.log/s,
  });
  assert.deepEqual(
    readdirSync(nativeFolder()).filter((name) => !name.startsWith(".new-")),
    [],
  );
});

const unpack = `while [ "$1" != --target ]; do shift; done; for path in python/a include/tsl/a libtensorflow_cc.so.2; do
  mkdir -p "$(dirname "$2/tensorflow/$path")"; touch "$2/tensorflow/$path"; done`;

test("of the wheel all is unpacked but what nothing needs; without a compiler the reason is told", async () => {
  const { lines, terminal } = recorder();
  process.env.CXX = "/no/compiler";
  const { tensorflow } = nativeFiles();
  try {
    const backend = await setUpNativeBackend(terminal, pipThat(unpack), { packageFolder });
    assert.match(backend.problem!, /^compiler: spawn \/no\/compiler ENOENT; g\+\+.*; zig c\+\+: the/);
  } finally {
    delete process.env.CXX;
  }
  assert.deepEqual(readdirSync(tensorflow).sort(), ["include", "libtensorflow_cc.so.2"]);
  assert.deepEqual(readdirSync(dirname(tensorflow)), ["SHA256SUMS", "tensorflow"]);
  assert.match(lines.join(), /compiler: spawn/);
});

test("where files are verified, what is damaged is named and made anew, and the rest stays", async () => {
  const { tensorflow, addon } = nativeFiles();
  const [library, header] = [join(tensorflow, "libtensorflow_cc.so.2"), join(tensorflow, "include", "tsl", "a")];
  mkdirSync(dirname(addon), { recursive: true });
  writeFileSync(addon, "addon");
  writeFileSync(join(dirname(addon), "SHA256SUMS"), `${sha256("addon")}  ${basename(addon)}`);
  const setUp = async (verify: boolean) => {
    const { lines, terminal } = recorder();
    const backend = await setUpNativeBackend(terminal, pipThat(unpack), { packageFolder, verify });
    const told = lines.map((line) => /^ {2}(\S+) is damaged; it is made anew\.$/.exec(line)?.[1]);
    return { backend, told };
  };
  const intact = { backend: { damaged: [] }, told: [] };
  assert.deepEqual(await setUp(true), intact);
  const damages = { [library]: () => writeFileSync(library, "other"), [header]: () => rmSync(header) };
  for (const [path, damage] of Object.entries(damages)) {
    damage();
    assert.deepEqual(await setUp(false), intact);
    assert.deepEqual(await setUp(true), { backend: { damaged: [path] }, told: [path] });
    assert.equal(readFileSync(path, "utf8"), "");
    assert.deepEqual(await setUp(true), intact);
  }
  for (const sums of ["", "0123"]) {
    writeFileSync(join(dirname(tensorflow), "SHA256SUMS"), sums);
    assert.deepEqual((await setUp(true)).told, [dirname(tensorflow)]);
  }
  writeFileSync(addon, "other");
  process.env.CXX = "/no/compiler";
  try {
    const { backend, told } = await setUp(true);
    assert.deepEqual([backend.damaged, told[0]], [[addon], addon]);
    assert.match(backend.problem!, /compiler/);
  } finally {
    delete process.env.CXX;
  }
  assert.deepEqual([existsSync(addon), existsSync(tensorflow)], [false, true]);
});
