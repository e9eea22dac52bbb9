import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { promisify } from "node:util";
import { jupyterEnvironment } from "../src/cli/setUp";
import { projectFolder } from "../src/paths";

interface Output {
  output_type: string;
  name?: string;
  data?: Record<string, string | string[]>;
}

interface Cell {
  cell_type: string;
  execution_count?: number | null;
  source: string | string[];
  outputs?: Output[];
}

const notebook = join(projectFolder, "notebooks", "rq1-correlation.ipynb");

function readCells(path: string): Cell[] {
  return JSON.parse(readFileSync(path, "utf8")).cells;
}

function outputsOf(cells: readonly Cell[]): Output[] {
  return cells.flatMap((cell) => cell.outputs ?? []);
}

function textOf(outputs: readonly Output[], type: string): string {
  return outputs.map(({ data }) => [data?.[type] ?? ""].flat().join("")).join("\n");
}

/** Mean of a column of a CSV file, empty fields left out. */
function columnMean(path: string, column: string): number {
  const [header, ...lines] = readFileSync(path, "utf8").trim().split("\n");
  const index = header!.split(",").indexOf(column);
  const values = lines.map((line) => line.split(",")[index]!).filter(Boolean);
  return values.reduce((sum, value) => sum + Number(value), 0) / values.length;
}

describe("rq1-correlation.ipynb", () => {
  let results: string;
  let executed: Cell[];

  before(async () => {
    results = mkdtempSync(join(tmpdir(), "attention-notebook-"));
    const python = join(projectFolder, ".venv", "bin", "python");
    const script = join(projectFolder, "src", "cli", "execute_notebook.py");
    const output = join(results, "executed.ipynb");
    const env = { ...jupyterEnvironment(), ATTENTION_PROFILE: "quick", ATTENTION_RESULTS: results };
    await promisify(execFile)(python, [script, notebook, output, join(results, "page.html")], { env });
    executed = readCells(output);
  });

  after(() => rmSync(results, { recursive: true, force: true }));

  it("runs top to bottom without an error", () => {
    const code = executed.filter((cell) => cell.cell_type === "code");
    assert.ok(code.length >= 8);
    assert.deepEqual(
      code.map((cell) => cell.execution_count),
      code.map((_, index) => index + 1),
    );
    assert.deepEqual(
      outputsOf(executed).filter(({ output_type, name }) => output_type === "error" || name === "stderr"),
      [],
    );
  });

  it("shows each figure live, as a picture and in words", () => {
    const figures = outputsOf(executed).filter(({ data }) => data?.["application/vnd.plotly.v1+json"]);
    assert.ok(figures.length > 0);
    for (const { data } of figures) {
      assert.ok(data!["image/png"], "a figure without a picture");
      assert.match([data!["text/plain"]!].flat().join(""), /τ/);
    }
  });

  it("states the numbers that stand in the rows", () => {
    const csv = join(results, readdirSync(results).find((file) => file.endsWith(".csv"))!);
    const prose = textOf(outputsOf(executed), "text/markdown");
    const stated = (symbol: string) => prose.match(new RegExp(`Mean ${symbol} is (-?\\d\\.\\d+)`))?.[1];
    assert.equal(stated("τ_g"), columnMean(csv, "tauGradient").toFixed(3));
    assert.equal(stated("τ_loo"), columnMean(csv, "tauLeaveOneOut").toFixed(3));
  });

  it("writes each figure in every format", () => {
    const endings = readdirSync(results).map((file) => file.replace(/^[^.]+/, ""));
    for (const ending of [".svg", ".png", ".pdf", ".json", ".csv"]) assert.ok(endings.includes(ending), ending);
  });

  it("is committed executed, and below 3 MB", () => {
    const committed = readCells(notebook).filter((cell) => cell.cell_type === "code");
    assert.ok(committed.every((cell) => typeof cell.execution_count === "number" && cell.outputs));
    assert.ok(statSync(notebook).size < 3e6);
  });
});
