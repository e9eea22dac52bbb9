import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";

const resolved = (module: string) => JSON.stringify(require.resolve(module));

/** Runs cells, and between them writes files, or removes those that are null; prints what the cells print. */
const script = (cells: unknown) => `
  const { rmSync, writeFileSync } = require("node:fs");
  require(${resolved("../../src/notebook/kernelPatches.cjs")}).install();
  const node = require(${resolved("tslab/dist/converter.js")}).createConverter({});
  require(${resolved("../../src/notebook/sources.cjs")}).loadSources();
  console.warn = console.log;
  const output = { log: console.log, error: (...parts) => console.log(require("node:util").format(...parts).split("\\n    at ").slice(0, 2).join(" at ")) };
  const converters = { node, close: () => node.close() };
  const executor = require(${resolved("tslab/dist/executor.js")}).createExecutor(process.cwd(), converters, output);
  (async () => {
    for (const cell of ${JSON.stringify(cells)}) {
      if (typeof cell === "string") await executor.execute(cell);
      else for (const name in cell) cell[name] === null ? rmSync(name) : writeFileSync(name, cell[name]);
      if (typeof cell !== "string") await new Promise((resolve) => setTimeout(resolve, 700));
    }
    process.exit();
  })();`;

/** What cells print in a project of these files, in a process group of its own. */
function printed(files: Record<string, string>, cells: (string | Record<string, string | null>)[]): string[] {
  const project = mkdtempSync(join(tmpdir(), "sources-"));
  mkdirSync(join(project, "src"));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(project, name), text);
  const options = { cwd: project, encoding: "utf8", detached: true } as const;
  const { stdout, stderr } = spawnSync(process.execPath, ["-e", script(cells)], options);
  rmSync(project, { recursive: true });
  assert.equal(stderr, "");
  return stdout.trimEnd().split("\n");
}

const value = { "src/value.ts": "export const value = (): number => 1;" };
const edited = { "src/value.ts": 'export const value = (): string => "text";' };
const twice = {
  "src/twice.ts": 'import { value } from "./value";\nexport const twice = () => [value(), value()].join();',
};
const importCell = 'import { twice } from "./src/twice"; twice()';
const note = "Run the import cell again to use the new code; what the old has made stays as it is.";

test("an edited source is seen, also through what imports it, when the import is run again, and a cell says so", () => {
  const typed = 'import { value } from "./src/value"; const n: number = value();';
  assert.deepEqual(printed({ ...value, ...twice }, [importCell, edited, "twice()", "twice()", importCell, typed]), [
    "1,1",
    `Edited: src/value.ts. ${note}`,
    "1,1",
    "1,1",
    "text,text",
    "1:44 - Type 'string' is not assignable to type 'number'.",
  ]);
});

test("a removed source is missed by the next import, and one that takes its place is found", () => {
  const renamed = {
    "src/value.ts": null,
    "src/moved.ts": value["src/value.ts"],
  };
  const repaired = { "src/twice.ts": twice["src/twice.ts"].replace("./value", "./moved") };
  const lines = printed({ ...value, ...twice }, [importCell, renamed, importCell, repaired, importCell]);
  assert.match(lines.join("\n"), /^1,1\nError: Cannot find module '.\/value'\n.*\n1,1$/s);
});

test("sources are not checked with the cells, files beside them are", () => {
  const wrong = 'export const wrong: number = "text";';
  const cells = ['import { wrong } from "./src/wrong"; wrong', 'import { wrong as own } from "./own"; own'];
  assert.deepEqual(printed({ "src/wrong.ts": wrong, "own.ts": wrong }, cells), [
    "text",
    "own.ts 1:14 - Type 'string' is not assignable to type 'number'.",
  ]);
});

test("a source that throws or cannot be read is told with its own file and line", () => {
  const throwing = 'export const fail = () => {\n  throw new Error("no luck");\n};';
  const lines = printed({ "src/fail.ts": throwing, "src/bad.ts": "\nexport const bad = ;" }, [
    'import { fail } from "./src/fail"; fail()',
    'import { bad } from "./src/bad"; bad',
    { "src/bad.ts": "export const bad = 3;" },
    'import { bad } from "./src/bad"; bad',
  ]);
  assert.match(lines[0]!, /^Error: no luck at fail \(src\/fail\.ts:2:\d+\)$/);
  assert.match(lines.slice(1).join("\n"), /^Transform failed.*src\/bad\.ts:2:19: ERROR: Unexpected ";"\n3$/s);
});

test("sources load after the stop button, which signals all processes of the kernel", () => {
  const stop = 'process.once("SIGINT", () => {}); process.kill(0, "SIGINT");';
  const wait = "await new Promise((resolve) => setTimeout(resolve, 300));";
  const cells = ['import { value } from "./src/value"; value()', `${wait} ${stop} ${wait}`, importCell];
  assert.deepEqual(printed({ ...value, ...twice }, cells), ["1", "1,1"]);
});
