import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { after as afterAll, before, describe, it } from "node:test";
import { promisify } from "node:util";
import { parse } from "csv-parse/sync";
import { areMade } from "../src/cli/commands/notebooks";
import { jupyterEnvironment } from "../src/cli/setup/setUp";
import { startBrowserServer } from "../src/notebook/render";
import { projectFolder, resultsFolder, studiesFolder } from "../src/paths";

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

type Row = Record<string, string>;
type Tables = (name: string) => Row[];

interface Check {
  name: string;
  /** The folder of its results. */
  results: string;
  codeCells: number;
  /** Pairs of numbers that must be equal: what a table or a sentence says, and the same from the rows behind it. */
  agree(tables: Tables, prose: string): [said: string, rows: number, digits: number][];
}

const checks: Check[] = [
  {
    name: "rq1-correlation",
    results: "rq1",
    codeCells: 10,
    agree: (tables) => {
      const isSo = ({ corpus, predicted }: Row) => corpus === "reviews" && predicted === "negative";
      const claim = tables("claims").find(({ corpus, of }) => corpus === "reviews" && of === "τ_g, negative")!;
      const line = tables("table2").find((row) => row.corpus === "reviews" && row.class === "negative")!;
      const rows = mean(numbers(tables("figure2").filter(isSo), "tauGradient"));
      return [
        [claim.effect!, rows, 2],
        [Number(line.gradientMean).toFixed(4), rows, 4],
      ];
    },
  },
  {
    name: "rq3-encoders",
    results: "rq3",
    codeCells: 10,
    agree: (tables) => {
      const isSo = ({ encoder, attention }: Row) => encoder === "cnn" && attention === "dot";
      const dot = tables("encoders").find((row) => isSo(row) && row.measure === "tauGradient")!;
      const bySeed = tables("by-seed").filter(isSo);
      return [[Number(dot.mean).toFixed(3), mean(numbers(bySeed, "tauGradient_mean")), 3]];
    },
  },
  {
    name: "rq4-tasks-and-length",
    results: "rq4",
    codeCells: 10,
    agree: (tables) => {
      const dot = tables("answer").find(({ corpus, measure }) => corpus === "mails" && measure === "tauGradient")!;
      const line = tables("by-corpus").find(({ corpus }) => corpus === "mails")!;
      return [[Number(dot.mean).toFixed(6), Number(line.tauGradient_mean), 6]];
    },
  },
  {
    name: "rq2-counterfactual",
    results: "rq2",
    codeCells: 10,
    agree: (tables) => {
      const line = tables("epsilon").find((row) => {
        return row.corpus === "reviews" && row.encoder === "bilstm" && row.class === "" && row.epsilon === "0.01";
      })!;
      const rows = tables("exact").filter(({ corpus }) => corpus === "reviews");
      return [
        [Number(line.exact).toFixed(4), mean(numbers(rows, "exactJsd01")), 4],
        [Number(line.search).toFixed(4), mean(numbers(rows, "searchJsd01")), 4],
      ];
    },
  },
  {
    name: "00-tour",
    results: "tour",
    codeCells: 12,
    agree: (tables, prose) => [
      [
        after(prose, "The model says **positive**, with a probability of "),
        100 * Number(tables("decision")[0]!.positive),
        1,
      ],
      [
        after(prose, "move the probability of **positive** by at most "),
        median(numbers(tables("shuffles"), "points")),
        1,
      ],
    ],
  },
  {
    name: "exercises",
    results: "exercises",
    codeCells: 14,
    agree: (tables) => {
      const seed = tables("by-seed").find(({ encoder }) => encoder === "bilstm")!;
      const texts = tables("effective-words").map((row) => row.tauGradient!);
      return [
        [Number(tables("derived")[0]!["largest difference"]).toFixed(3), 0, 3],
        [Number(seed.tauGradient_mean).toFixed(6), mean(texts.filter(Boolean).map(Number)), 6],
      ];
    },
  },
];

/** The number after some words. */
function after(prose: string, words: string): string {
  return prose.split(words)[1]?.match(/^-?\d+(?:\.\d+)?/)?.[0] ?? `no number after "${words}"`;
}

function numbers(rows: readonly Row[], column: string): number[] {
  return rows
    .map((row) => row[column]!)
    .filter(Boolean)
    .map(Number);
}

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  return (sorted[Math.ceil(middle) - 1]! + sorted[Math.floor(middle)]!) / 2;
}

function readCells(path: string): Cell[] {
  return JSON.parse(readFileSync(path, "utf8")).cells;
}

const outputsOf = (cells: readonly Cell[]) => cells.flatMap((cell) => cell.outputs ?? []);
const sourceOf = ({ source }: Cell) => [source].flat().join("");

function textOf(outputs: readonly Output[], type: string): string {
  return outputs.map(({ data }) => [data?.[type] ?? ""].flat().join("")).join("\n");
}

/** Whether the outputs of the notebooks as they are lie in the results folder, and nothing has changed them since. */
async function isAsMade(): Promise<boolean> {
  if (!(await areMade("quick"))) return false;
  const { mtimeMs } = statSync(join(resultsFolder, "notebooks", "made.json"));
  const folders = checks.map(({ results }) => join(resultsFolder, results, "quick"));
  const files = folders.flatMap((folder) => readdirSync(folder).map((name) => join(folder, name)));
  return files.every((file) => statSync(file).mtimeMs <= mtimeMs);
}

describe("notebooks", { concurrency: 2 }, () => {
  // What npm start has just made is looked at; else they run in a folder for all, as for a user: a study that two
  // notebooks ask for is computed once, so those that share few come first.
  let isMade: boolean;
  let results = resultsFolder;
  let browser: Awaited<ReturnType<typeof startBrowserServer>> | undefined;
  before(async () => {
    isMade = await isAsMade();
    if (isMade) return;
    results = mkdtempSync(join(tmpdir(), "attention-notebooks-"));
    if (existsSync(studiesFolder)) cpSync(studiesFolder, join(results, basename(studiesFolder)), { recursive: true });
    browser = await startBrowserServer();
  });
  afterAll(async () => {
    await (await browser?.server)?.close();
    if (!isMade) rmSync(results, { recursive: true, force: true });
  });

  for (const { name, results: folder, codeCells, agree } of checks) {
    describe(`${name}.ipynb`, () => {
      const notebook = join(projectFolder, "notebooks", `${name}.ipynb`);
      let executed: Cell[];

      before(async () => {
        const python = join(projectFolder, ".venv", "bin", "python");
        const script = join(projectFolder, "src", "cli", "commands", "execute_notebook.py");
        const output = join(results, "notebooks", `${name}.ipynb`);
        const shared = { ATTENTION_RESULTS: results, ATTENTION_BROWSER_SERVER: browser?.address };
        const env = { ...jupyterEnvironment(), ATTENTION_PROFILE: "quick", ...shared };
        const page = join(results, `${name}.html`);
        if (!isMade) await promisify(execFile)(python, [script, notebook, output, page], { env });
        executed = readCells(output);
      });

      it("runs top to bottom without an error", () => {
        const code = executed.filter((cell) => cell.cell_type === "code");
        assert.deepEqual(
          code.map((cell) => cell.execution_count),
          code.map((_, index) => index + 1),
        );
        const wrong = outputsOf(executed).filter(
          ({ output_type, name }) => output_type === "error" || name === "stderr",
        );
        assert.deepEqual(wrong, []);
      });

      it("shows each figure live, as a picture and in words", () => {
        const shown = outputsOf(executed).filter(({ data }) => data?.["application/vnd.plotly.v1+json"]);
        assert.ok(shown.length > 0);
        for (const { data } of shown) {
          assert.ok(data!["image/png"], "a figure without a picture");
          assert.ok([data!["text/plain"]!].flat().join("").length > 40, "a figure without words");
        }
      });

      it("is a page that asks the network for nothing", () => {
        assert.doesNotMatch(
          readFileSync(join(results, `${name}.html`), "utf8"),
          /<[^>]+ (?:src|href)="https?:[^>]*\.(?:js|css)/,
        );
      });

      it("says in tables and sentences what stands in the rows", () => {
        const saved = join(results, folder, "quick");
        const tables = (table: string): Row[] => parse(readFileSync(join(saved, `${table}.csv`)), { columns: true });
        for (const [said, rows, digits] of agree(tables, textOf(outputsOf(executed), "text/markdown"))) {
          const expected = rows.toFixed(digits);
          assert.ok(
            [expected, expected.replace(/^(-?)0\./, "$1.")].some((number) => said.startsWith(number)),
            `${said}, ${rows}`,
          );
        }
        const endings = readdirSync(saved).map((file) => file.replace(/^[^.]+/, ""));
        for (const ending of [".svg", ".png", ".pdf", ".json", ".csv"]) assert.ok(endings.includes(ending), ending);
      });

      it("is committed executed, short and light", () => {
        const committed = readCells(notebook);
        const code = committed.filter((cell) => cell.cell_type === "code");
        assert.ok(code.every((cell) => typeof cell.execution_count === "number" && cell.outputs));
        assert.ok(code.length <= codeCells, `${code.length} code cells`);
        const lines = code.flatMap((cell) => sourceOf(cell).split("\n"));
        const isQuestion = folder.startsWith("rq");
        if (isQuestion) assert.ok(lines.length <= 40, `${lines.length} lines of code`);
        for (const line of lines) assert.ok(line.length <= 100, line);
        const prose = committed
          .filter((cell) => cell.cell_type === "markdown")
          .map(sourceOf)
          .join("\n");
        const words = prose.replace(/<details>.*?<\/details>/gs, "").match(/\S+/g)!.length;
        if (isQuestion) assert.ok(words <= 350, `${words} words of prose`);
        assert.ok(statSync(notebook).size < 900_000);
        const told = textOf(outputsOf(committed), "text/markdown") + textOf(outputsOf(committed), "text/html");
        assert.doesNotMatch(told, /\/(?:tmp|home|root|Users|work)\//, "a path of the machine that it was executed on");
      });
    });
  }
});
