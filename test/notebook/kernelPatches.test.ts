import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";

interface Converter {
  close(): void;
}
interface Executor {
  execute(source: string): Promise<boolean>;
  interrupt(): void;
  close(): void;
}

require("../../src/notebook/kernelPatches.cjs").install();
const { createConverter } = require("tslab/dist/converter.js");
const { createExecutor } = require("tslab/dist/executor.js");

const folder = mkdtempSync(join(tmpdir(), "cells-"));
const node: Converter = createConverter({ isJS: false, isBrowser: false });
const printed: { log: string[]; error: string[] } = { log: [], error: [] };
const text = (parts: unknown[]) => parts.map(String).join(" ");
const executor: Executor = createExecutor(
  process.cwd(),
  { node, close: () => node.close() },
  {
    log: (...parts: unknown[]) => printed.log.push(text(parts)),
    error: (...parts: unknown[]) => printed.error.push(require("node:util").format(...parts)),
  },
);

after(() => {
  executor.close();
  rmSync(folder, { recursive: true });
});

let cellsRun = 0;

async function run(source: string): Promise<{ ok: boolean; log: string[]; error: string[] }> {
  printed.log = [];
  printed.error = [];
  cellsRun += 1;
  const ok = await executor.execute(source);
  return { ok, ...printed };
}

test("a cell run out of order is told to wait for others, once for all names that it misses", async () => {
  const { ok, error } = await run("console.log(model, first, { model });\nscore();");
  assert.equal(ok, false);
  assert.deepEqual(error, [
    '1:13 - Not defined yet: "model", "first", "score"; run the cells above that define or import what is missing, or check the spelling.',
  ]);
});

test("where the compiler itself fails, the cell says so, and the next one runs", async () => {
  const compiler = require("@tslab/typescript-for-tslab");
  const { getPreEmitDiagnosticsOfFiles } = compiler;
  compiler.getPreEmitDiagnosticsOfFiles = () => {
    throw new Error("Debug Failure.");
  };
  const { ok, error } = await run("1");
  compiler.getPreEmitDiagnosticsOfFiles = getPreEmitDiagnosticsOfFiles;
  assert.equal(ok, false);
  assert.match(error.join(), /^1:1 - This cell could not be compiled; run it again, .* Error: Debug Failure\.\n/);
  assert.deepEqual((await run("2")).log, ["2"]);
});

test("a slip of the pen keeps the compiler's advice", async () => {
  await run("const known = 3;");
  const { error } = await run("zebra; knwon;");
  assert.deepEqual(error, [
    '1:1 - Not defined yet: "zebra"; run the cells above that define or import what is missing, or check the spelling.',
    "1:8 - Cannot find name 'knwon'. Did you mean 'known'?",
  ]);
});

test("a shorthand property may come from an earlier cell", async () => {
  await run("const rows = [1, 2]; let total = 3;");
  const { ok, error } = await run("const options = { rows, total, ...{ rows } }; (({ total } = { total: 4 }));");
  assert.deepEqual([ok, error], [true, []]);
  assert.deepEqual((await run("JSON.stringify([options, total])")).log, ['[{"rows":[1,2],"total":3},4]']);
});

test("an error behind a shorthand property is told at the place that was typed", async () => {
  await run("const rows = [1, 2];");
  assert.match((await run("const all = { rows }; all.rws;")).error.join(), /^1:27 - Property 'rws' does not exist/);
});

test("an error names the lines of cells, as they were typed, and hides the compiler's frames and the kernel's", async () => {
  await run(
    "interface Wide {\n  a: number;\n}\nconst third = (list: Wide[]): number =>\n  list.map(({ a }: Wide) => a.toFixed(2))[2]!.length;",
  );
  const typed = "\nconst rows: { a: number }[] = [];\n[0].map(() => third(rows));";
  assert.deepEqual((await run(typed)).error.join().split("\n"), [
    "TypeError: Cannot read properties of undefined (reading 'length')",
    `    at third, line 5 of cell [${cellsRun - 1}]: list.map(({ a }: Wide) => a.toFixed(2))[2]!.length;`,
    "    at line 3: [0].map(() => third(rows));",
  ]);
  const later = await run("await Promise.resolve();\n// and then\nthrow new RangeError('far');");
  assert.equal(later.error.join(), "RangeError: far\n    at line 3: throw new RangeError('far');");
});

test("an error in the project's sources keeps their frames, without the line that Node puts before it", () => {
  const { ofCells } = require("../../src/notebook/cellLines.cjs");
  const [own, kernel] = [
    `${process.cwd()}/src/figures/dots.ts:61:19`,
    `${process.cwd()}/src/notebook/protocol.cjs:45:14`,
  ];
  const stack = `${own.slice(0, -3)}\n  const x = y.z;\n              ^\n\nTypeError: no z\n    at dots (${own})\n    at execute (${kernel})\n    at node:vm:3:1`;
  assert.equal(ofCells(stack), "TypeError: no z\n    at dots (src/figures/dots.ts:61:19)");
});

test("a stop of a cell that does not handle it is told without a stack", async () => {
  const cell = run("await new Promise((resolve) => setTimeout(resolve, 500));");
  await new Promise((resolve) => setTimeout(resolve, 200));
  executor.interrupt();
  const { ok, error } = await cell;
  assert.equal(ok, false);
  assert.match(error.join(), /^Stopped waiting for this cell\. What it has begun may still run/);
});

test("source files may be changed and added between cells: the next cell sees them", () => {
  const project = mkdtempSync(join(folder, "project-"));
  const script = `
    require(${JSON.stringify(require.resolve("../../src/notebook/kernelPatches.cjs"))}).install();
    const { createConverter } = require(${JSON.stringify(require.resolve("tslab/dist/converter.js"))});
    const { renameSync, writeFileSync } = require("node:fs");
    writeFileSync("module.ts", "export const a = 1;");
    const converter = createConverter({ isJS: false, isBrowser: false });
    const run = (source) => console.log(converter.convert("", source).diagnostics.map((each) => each.messageText).join());
    const untilSeen = () => new Promise((resolve) => setTimeout(resolve, 700));
    run('import { b } from "./other";');
    writeFileSync("other.ts", "export const b = 2;");
    untilSeen().then(() => {
      run('import { a } from "./module"; import { b } from "./other"; import { c } from "./third"; a + b');
      writeFileSync("third.ts", "export const c = 3;");
      writeFileSync("new.ts", 'export const a = "text";');
      renameSync("new.ts", "module.ts");
      return untilSeen();
    }).then(() => {
      run('import { a } from "./module"; import { c } from "./third"; a.length + c');
      converter.close();
    });`;
  const { stdout, stderr } = spawnSync(process.execPath, ["-e", script], { cwd: project, encoding: "utf8" });
  assert.equal(stderr, "");
  assert.match(stdout, /^Cannot find module '.\/other'.*\nCannot find module '.\/third'.*\n\n$/);
});

test("a stop in the synchronous part of a cell ends it, and is told as one", async () => {
  const kill = `require("node:child_process").spawn("sh", ["-c", "sleep 0.3; kill -INT ${process.pid}"], { stdio: "ignore" });`;
  const { ok, error } = await run(`${kill}\nwhile (true) {}`);
  assert.equal(ok, false);
  assert.deepEqual(error, ["Stopped. Run the cell again to start this step anew."]);
  assert.deepEqual(await run("40 + 2"), { ok: true, log: ["42"], error: [] });
});
