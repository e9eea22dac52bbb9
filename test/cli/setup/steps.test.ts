import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { Writable } from "node:stream";
import { test } from "node:test";
import {
  CommandError,
  explain,
  printable,
  run,
  Terminal,
  UserError,
  usefulLines,
} from "../../../src/cli/setup/steps.cjs";
import { cacheFolder } from "../../../src/paths";

test("run gives back both output streams and writes them to the log", async () => {
  const folder = mkdtempSync(join(tmpdir(), "steps-"));
  const outer = process.env.XDG_CACHE_HOME;
  process.env.XDG_CACHE_HOME = folder;
  const log = join(cacheFolder(), "logs", "own.log");
  mkdirSync(dirname(log), { recursive: true });
  writeFileSync(log, "of another run, for all to read", { mode: 0o644 });
  const output = await run(process.execPath, ["-e", "console.log('out'); console.error('err')"], { log: "own" });
  if (outer === undefined) delete process.env.XDG_CACHE_HOME;
  else process.env.XDG_CACHE_HOME = outer;
  assert.match(output, /out/);
  assert.match(output, /err/);
  await new Promise((resolve) => setTimeout(resolve, 50));
  assert.match(readFileSync(log, "utf8"), /^\$ .*node.*\n(.*\n)*out\n/);
  assert.equal(statSync(log).mode & 0o777, 0o600, "a package server's address in it can hold a password");
  rmSync(folder, { recursive: true });
});

test("long lines are broken between words, under what a label is beside; a terminal's lines fit it", () => {
  const text = "  state      ready: a long place\n- one two three\nhttp://one.long.word/is-kept\n\n  word";
  const broken =
    "  state      ready: a\n             long place\n- one two three\nhttp://one.long.word/is-kept\n\n  word";
  const written = (line: string, columns: number, isTTY = true) => {
    let all = "";
    const write = (chunk: string) => (all += chunk);
    new Terminal({ isTTY, columns, write } as unknown as NodeJS.WriteStream).line(line);
    return all;
  };
  assert.equal(written(text, 23), `\r\x1b[K${broken}\n`);
  assert.equal(written(text, 100), `\r\x1b[K${text}\n`);
  assert.equal(written("one two three four", 12, false), "one two three four\n");
});

test("run rejects with the output where a program fails, and with the signal where one ended it", async () => {
  await assert.rejects(run(process.execPath, ["-e", "console.log('why'); process.exit(3)"]), (error) => {
    assert.ok(error instanceof CommandError);
    assert.match(error.message, /exit code 3/);
    assert.match(error.output, /why/);
    return true;
  });
  await assert.rejects(run(process.execPath, ["-e", "process.kill(process.pid, 'SIGKILL')"]), { signal: "SIGKILL" });
  await assert.rejects(run("no-such-program", []), { code: "ENOENT" });
});

test("a failed step is explained in one sentence that names cause and log", () => {
  const failure = (output: string) =>
    Object.assign(new Error("npm ended with exit code 1"), { output, log: "/logs/a.log" });
  const noSpace = explain("Installing", failure("npm error code ENOSPC\nnpm error nothing left"));
  assert.match(noSpace.message, /^Installing failed: there is no space left on the disk; .*\/logs\/a\.log\.$/);
  const noNetwork = explain("Installing", failure("npm error code EAI_AGAIN"));
  assert.match(noNetwork.message, /package server cannot be reached/);
  const other = explain("Installing", failure("start\nnpm error code EUSAGE\nnpm error\nnpm error lock is old"));
  assert.match(other.message, /^Installing failed:\n {4}npm error code EUSAGE\n {4}npm error lock is old\n/);
  const known = new UserError("already a sentence");
  assert.equal(explain("Installing", known), known);
});

test("the useful lines are the first ones that speak of an error, or else the last ones", () => {
  assert.equal(usefulLines("a\nb.cc:1: error: first\nb.cc:2: error: second\nnote", 1), "    b.cc:1: error: first");
  assert.equal(usefulLines("a\nb\nc", 2), "    b\n    c");
});

test("nothing that is printed acts on a terminal, and a word longer than paths are is cut", () => {
  assert.equal(
    printable("a\u001b[2J\u0007b\u009b\u202ec\td\ne é 漢 👩‍🚀"),
    "a\\u001b[2J\\u0007b\\u009b\\u202ec\td\ne é 漢 👩‍🚀",
  );
  assert.equal(printable(`x ${"p".repeat(259)} ${"q".repeat(260)}`), `x ${"p".repeat(259)} ${"q".repeat(80)}…`);
  assert.equal(usefulLines("\u001b[31merror: red\u001b[0m"), "    error: red");
});

test("outside a terminal a step is one line when it is done, and none when it fails", async () => {
  let text = "";
  const stream = new Writable({
    write(chunk, _encoding, done) {
      text += chunk;
      done();
    },
  });
  const terminal = new Terminal(stream as unknown as NodeJS.WriteStream);
  assert.equal(await terminal.step("Packages", async () => 7), 7);
  await assert.rejects(
    terminal.step("Broken", async () => {
      throw new Error("x");
    }),
  );
  assert.match(text, /^ {2}Packages \(0 s\)\n$/);
  text = "";
  for (const milliseconds of [undefined, 60_000, 0]) terminal.status(`after ${milliseconds}`, milliseconds);
  assert.equal(text, "after 0\n", "progress is told where nothing was for so long");
});
