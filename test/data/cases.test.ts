import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, it } from "node:test";
import { describePlan } from "../../src/cli/commands/dryRun";
import { jupyterEnvironment } from "../../src/cli/setup/setUp";
import { readStories } from "../../src/data/corpora/babi";
import type { Dataset } from "../../src/data/dataset";
import { splits } from "../../src/data/dataset";
import { ownCorpus } from "../../src/data/ownCorpus";
import type { OwnCorpus } from "../../src/data/ownCorpusOptions";
import { loadWordVectors } from "../../src/data/words/wordVectors";
import { UserError } from "../../src/errors";
import { projectFolder } from "../../src/paths";

const folder = join(projectFolder, "test", "fixtures", "cases");
const cache = mkdtempSync(join(tmpdir(), "cases-"));
process.env.XDG_CACHE_HOME ??= cache;
after(() => rmSync(cache, { recursive: true, force: true }));

const read = (file: string, options: Partial<OwnCorpus> = {}) => ownCorpus({ path: join(folder, file), ...options });
const rows = (dataset: Dataset) => splits.reduce((sum, split) => sum + dataset[split].length, 0);

async function refusal(promise: Promise<unknown>): Promise<string> {
  try {
    await promise;
  } catch (error) {
    assert.ok(error instanceof UserError, String(error));
    return error.message;
  }
  return assert.fail("nothing was refused");
}

describe("files that people brought", () => {
  it("have rows without a text left out where that is asked for, and counted", async () => {
    assert.match(await refusal(read("one-empty.csv")), /^Line 42 of .*: skipInvalid \(--skip-invalid\)\.$/);
    const dataset = await read("one-empty.csv", { skipInvalid: true });
    assert.equal(rows(dataset), 40);
    assert.match(dataset.notes.at(-1)!, /are left out: 1\.$/);
  });

  it("without headings are refused with the cause, and not with the text", async () => {
    const message = await refusal(read("no-headings.csv"));
    assert.match(message, /add a line of headings, or give columns by their numbers\.$/);
    assert.ok(message.length < 500, `${message.length} characters`);
    assert.equal(rows(await read("no-headings.csv", { textColumn: 1, labelColumn: 2 })), 401);
  });

  for (const file of ["semicolon.csv", "mac-line-ends.csv"])
    it(`are read whatever their delimiter and line ends: ${file}`, async () => {
      const dataset = await read(file);
      assert.equal(rows(dataset), 400);
      assert.deepEqual(dataset.classNames, ["neg", "pos"]);
    });

  it("have an open quote told where it opens", async () => {
    assert.match(await refusal(read("line5.csv")), /the quote that opens a cell in line 5 is not closed/);
  });

  for (const [file, textColumn, labelColumn, questionColumn] of [
    ["pairs.jsonl", "sentence1", "gold_label", "sentence2"],
    ["pairs-minus1.jsonl", "premise", "label", "hypothesis"],
  ] as const)
    it(`have pairs without a gold label left out: ${file}`, async () => {
      const dataset = await read(file, { textColumn, labelColumn, questionColumn });
      assert.deepEqual([rows(dataset), dataset.classNames.length], [285, 3]);
      assert.match(dataset.notes.join(" "), /Rows without a label .* are left out: 15\./);
    });

  it("have no note that a part was taken where all was", async () => {
    const { notes } = await ownCorpus({ path: join(folder, "small.csv") }, { limit: 1000 });
    assert.deepEqual(notes, [
      'small.csv: 60 rows, comma-separated, UTF-8, text from "text", label from "label" (neg 30, pos 30).',
    ]);
  });

  it("are called by their whole name, in any script", async () => {
    for (const name of ["shop.v1", "shop.v2", "отзывы"]) assert.equal((await read(`${name}.csv`)).corpus, name);
  });

  it("may be stories with the line ends of Windows, or an empty last line", async () => {
    for (const file of ["crlf.txt", "blank-last-line.txt"]) {
      const [story] = await readStories({ path: join(folder, file) }, "test");
      assert.deepEqual(story!.questions[0]!.question, ["where", "is", "rosa"]);
      assert.deepEqual(story!.questions[0]!.tokens.slice(-2), ["the", "cellar"]);
    }
  });

  it("may be word vectors with tabs, and are refused where they know no word", async () => {
    const { vocabulary } = await read("base.csv");
    for (const file of ["lower.txt", "tab.txt"]) {
      const { size, known } = await loadWordVectors(join(folder, file), vocabulary);
      assert.deepEqual([size, known], [20, { words: 22, found: 22 }]);
    }
    const none = await refusal(loadWordVectors(join(folder, "upper.txt"), vocabulary));
    assert.match(none, /some of the 22 words .*upper\.txt has none; it has them in other letters/);
  });

  it("are told without being computed", async () => {
    const out = join(cache, "results");
    const job = { profile: "quick", analysis: {}, out } as const;
    const corpus = { path: join(folder, "small.csv") };
    const lines = await describePlan({ ...job, corpus, options: { wordVectors: join(folder, "lower.txt") } });
    const text = lines.join("\n");
    assert.match(lines[0]!, /^small\.csv: 60 rows/);
    assert.equal(lines.filter((line) => /^ {2}(neg|pos): /.test(line)).length, 10);
    assert.match(text, /\n {2}neg +21 +3 +6\n {2}pos +21 +3 +6\n {2}all +42 +6 +12\n/);
    assert.match(text, /of them with a vector in .*lower\.txt; \d+\.\d % of the words of the test texts are unknown/);
    assert.match(text, /It takes about \d+ s and \d+ MB of memory/);
    assert.ok(!existsSync(out));
  });
});

const jupyter = join(projectFolder, ".venv", "bin", "jupyter");
const skip = existsSync(jupyter) ? false : "the Python environment is missing; npm test makes it";

it("cells after an error run where that is asked for", { skip }, () => {
  const source = join(folder, "expected-error.ipynb");
  const words = ["nbconvert", "--to", "notebook", "--execute", "--allow-errors", source, "--output-dir", cache];
  const { status, stderr } = spawnSync(jupyter, words, { encoding: "utf8", env: jupyterEnvironment() });
  assert.equal(status, 0, stderr);
  const { cells } = JSON.parse(readFileSync(join(cache, "expected-error.ipynb"), "utf8"));
  const types = cells.map(({ outputs }: { outputs: { output_type: string; text?: string[] }[] }) =>
    outputs.map(({ output_type, text }) => text?.join("").trim() ?? output_type),
  );
  assert.deepEqual(types, [["1"], ["error"], ["2"], ["3"]]);
  assert.deepEqual(
    cells.map(({ execution_count }: { execution_count: number }) => execution_count),
    [1, 2, 3, 4],
  );
});
