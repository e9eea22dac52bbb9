import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { promisify } from "node:util";
import { jupyterEnvironment } from "../src/cli/setup/setUp";
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

type Row = Record<string, string>;

interface Check {
  name: string;
  /** Stands in the words of each figure. */
  figures: RegExp;
  /** Numbers of the prose: the words before each, and the same from the rows of the CSV file whose name begins so. */
  numbers: { after: string; file: string; from: (rows: readonly Row[]) => number }[];
}

const checks: Check[] = [
  {
    name: "00-tour",
    figures: /probability/,
    numbers: [
      {
        after: "The model says **positive**, with a probability of ",
        file: "tour-decision",
        from: (rows) => 100 * Number(rows[0]!.positive),
      },
      {
        after: "Half of the 100 shuffles move the probability of **positive** by at most ",
        file: "tour-shuffles",
        from: (rows) => median(columnOf(rows, "points")),
      },
    ],
  },
  {
    name: "rq1-correlation",
    figures: /τ/,
    numbers: [
      {
        after: "**reviews**, bilstm with additive attention, 300 texts:\n\n- Mean τ_g is ",
        file: "rq1-quick-bilstm-additive-seed0-figure2",
        from: (rows) => columnMean(ofCorpus(rows, "reviews"), "tauGradient"),
      },
      {
        after: "Mean τ_g goes from ",
        file: "rq1-quick-bilstm-additive-seed0-table2",
        from: (rows) => Math.min(...columnOf(rows, "gradientMean")),
      },
      {
        after: "Figure 4: less τ(attention, gradient): the difference is above 0 (95 % interval over texts) on ",
        file: "rq1-quick-bilstm-additive-seed0-figures3-4",
        from: (rows) => ours(rows, "gradient").filter(({ low }) => Number(low) > 0).length,
      },
      {
        after: "on 3 of 3 corpora. Its mean over them is +",
        file: "rq1-quick-bilstm-additive-seed0-figures3-4",
        from: (rows) => columnMean(ours(rows, "leave-one-out"), "mean"),
      },
    ],
  },
  {
    name: "rq2-counterfactual",
    figures: /median Δŷ|ε-max JSD/,
    numbers: [
      {
        after: "the median Δŷ is ",
        file: "rq2-quick-bilstm-additive-seed0-permutation",
        from: (rows) => median(columnOf(ofCorpus(rows, "reviews"), "permutationTvd")),
      },
      {
        after: "Searched weights, ε = 0.01: mean ε-max JSD is ",
        file: "rq2-quick-bilstm-additive-seed0-exact",
        from: (rows) => columnMean(ofCorpus(rows, "reviews"), "searchJsd01"),
      },
      {
        after: "Exact, ε = 0.01: mean ε-max JSD is ",
        file: "rq2-quick-bilstm-additive-seed0-exact",
        from: (rows) => columnMean(ofCorpus(rows, "reviews"), "exactJsd01"),
      },
      {
        after: "it is at least 0.35 in ",
        file: "rq2-quick-bilstm-additive-seed0-exact",
        from: (rows) => 100 * shareOf(columnOf(ofCorpus(rows, "reviews"), "exactJsd01"), (jsd) => jsd >= 0.35),
      },
      {
        after: "The search missed more than 0.05 of it, or all, in ",
        file: "rq2-quick-bilstm-additive-seed0-exact",
        from: (rows) =>
          100 * shareOf(ofCorpus(rows, "reviews"), (row) => Number(row.exactJsd01) - Number(row.searchJsd01) > 0.05),
      },
    ],
  },
  {
    name: "rq3-encoders",
    figures: /average .* bilstm|average − bilstm/,
    numbers: [
      {
        after: "Mean τ_g, additive attention: average ",
        file: "rq3-reviews-encoders",
        from: (rows) => Number(meanOf(rows, "tauGradient", "average").mean),
      },
      {
        after: "Average less bilstm is +",
        file: "rq3-reviews-encoders",
        from: (rows) =>
          Number(meanOf(rows, "tauGradient", "average").mean) - Number(meanOf(rows, "tauGradient", "bilstm").mean),
      },
    ],
  },
  {
    name: "rq4-tasks-and-length",
    figures: /bilstm: gradient|babi1-small − reviews|Curve of/,
    numbers: [
      {
        after: "Mean τ_g of snli-sample less that of reviews +",
        file: "rq4-quick-matched",
        from: (rows) => Number(rows.find(({ pair }) => pair === "snli-sample − reviews")!.matched),
      },
      {
        after: "of the texts, its mean is ",
        file: "rq4-quick-bilstm-tasks",
        from: (rows) => Number(rows.find((row) => row.measure === "tauGradient" && row.corpus === "mails")!.mean),
      },
      {
        after: "the significant share grows by ",
        file: "rq4-quick-growth",
        from: (rows) => 100 * (columnMean(rows, "long") - columnMean(rows, "short")),
      },
    ],
  },
];

function ofCorpus(rows: readonly Row[], corpus: string): Row[] {
  return rows.filter((row) => row.corpus === corpus);
}

/** Our differences of figure 3 or 4. */
function ours(rows: readonly Row[], yardstick: string): Row[] {
  return rows.filter((row) => row.source === "ours" && row.yardstick === yardstick);
}

/** The row of an encoder with additive attention. */
function meanOf(rows: readonly Row[], measure: string, encoder: string): Row {
  return rows.find((row) => row.measure === measure && row.encoder === encoder && row.attention === "additive")!;
}

function readCells(path: string): Cell[] {
  return JSON.parse(readFileSync(path, "utf8")).cells;
}

function outputsOf(cells: readonly Cell[]): Output[] {
  return cells.flatMap((cell) => cell.outputs ?? []);
}

function textOf(outputs: readonly Output[], type: string): string {
  return outputs.map(({ data }) => [data?.[type] ?? ""].flat().join("")).join("\n");
}

function readRows(path: string): Row[] {
  const [header, ...lines] = readFileSync(path, "utf8").trim().split("\n");
  const names = header!.split(",");
  return lines.map((line) => Object.fromEntries(line.split(",").map((value, index) => [names[index]!, value])));
}

/** The numbers of a column, empty fields left out. */
function columnOf(rows: readonly Row[], column: string): number[] {
  return rows
    .map((row) => row[column]!)
    .filter(Boolean)
    .map(Number);
}

function columnMean(rows: readonly Row[], column: string): number {
  const values = columnOf(rows, column);
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  return (sorted[Math.ceil(middle) - 1]! + sorted[Math.floor(middle)]!) / 2;
}

function shareOf<Item>(items: readonly Item[], isSo: (item: Item) => boolean): number {
  return items.filter(isSo).length / items.length;
}

for (const { name, figures, numbers } of checks) {
  describe(`${name}.ipynb`, () => {
    const notebook = join(projectFolder, "notebooks", `${name}.ipynb`);
    let results: string;
    let executed: Cell[];

    before(async () => {
      results = mkdtempSync(join(tmpdir(), "attention-notebook-"));
      const python = join(projectFolder, ".venv", "bin", "python");
      const script = join(projectFolder, "src", "cli", "commands", "execute_notebook.py");
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
      const shown = outputsOf(executed).filter(({ data }) => data?.["application/vnd.plotly.v1+json"]);
      assert.ok(shown.length > 0);
      for (const { data } of shown) {
        assert.ok(data!["image/png"], "a figure without a picture");
        assert.match([data!["text/plain"]!].flat().join(""), figures);
      }
    });

    it("states the numbers that stand in the rows", () => {
      const prose = textOf(outputsOf(executed), "text/markdown");
      for (const { after, file, from } of numbers) {
        const stated = prose.split(after)[1]?.match(/^-?\d+(?:\.(\d+))?/);
        assert.ok(stated, `no number after "${after}"`);
        const csv = readdirSync(results).find((each) => each.startsWith(file) && each.endsWith(".csv"));
        assert.equal(stated[0], from(readRows(join(results, csv!))).toFixed(stated[1]?.length ?? 0), after);
      }
    });

    it("writes each figure in every format", () => {
      const endings = readdirSync(results).map((file) => file.replace(/^[^.]+/, ""));
      for (const ending of [".svg", ".png", ".pdf", ".json", ".csv"]) assert.ok(endings.includes(ending), ending);
    });

    it("is committed executed, and below 3 MB", () => {
      const committed = readCells(notebook).filter((cell) => cell.cell_type === "code");
      assert.ok(committed.every((cell) => typeof cell.execution_count === "number" && cell.outputs));
      assert.ok(statSync(notebook).size < 3e6);
      const words = textOf(outputsOf(committed), "text/markdown") + textOf(outputsOf(committed), "text/html");
      assert.doesNotMatch(words, /\/(?:tmp|home|root|Users|work)\//, "a path of the machine that it was executed on");
    });
  });
}
