import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { exact } from "../../src/analysis/interventions/adversary/exact";
import { permutation } from "../../src/analysis/interventions/permutation";
import { UserError } from "../../src/errors";
import { decode, type LinearDecoder } from "../../src/model/decoder";
import { claims } from "../../src/paper/claims/claims";
import { projectFolder } from "../../src/paths";
import { buildReport } from "../../src/report/buildReport";
import { createRandom, deriveSeed } from "../../src/stats/random";
import { readExchange } from "../../src/study/exchange";
import { besideOtherRuns } from "../../src/study/otherRuns";
import { Runs } from "../../src/study/runs";
import { readStudy, type Study } from "../../src/study/study";
import { randomAttention, randomLinear } from "../analysis/decoders";
import { assertClose } from "../close";

const fixtures = join(projectFolder, "test", "fixtures", "exchange");
let folder: string;
before(() => {
  folder = mkdtempSync(join(tmpdir(), "exchange-"));
});
after(() => rmSync(folder, { recursive: true, force: true }));

function put(name: string, rows: readonly object[]): string {
  const path = join(folder, name);
  writeFileSync(path, rows.map((row) => `${JSON.stringify(row)}\n`).join(""));
  return path;
}
const read = (path: string, from = {}, options = {}) => readExchange(path, 0, from, options, join(folder, "out"));

describe("rows that the README's Python writes of a BERT", () => {
  const expected: Record<string, number | string | null>[] = JSON.parse(
    readFileSync(join(fixtures, "expected.json"), "utf8"),
  );

  for (const file of ["bert.parquet", "bert.jsonl"])
    it(`have the numbers that SciPy has of them: ${file}`, async () => {
      const { rows, scores, name, classNames, task } = await read(join(fixtures, file), { encoder: "bert" });
      assert.equal(name, "bert, bert, given, seed 0");
      assert.deepEqual([classNames, task, rows.length], [["neg", "pos"], "classification", expected.length]);
      for (const [index, text] of expected.entries()) {
        for (const [column, value] of Object.entries(text)) {
          const received = (rows[index] as Record<string, unknown>)[column];
          if (typeof value === "number") assertClose(received as number, value, 1e-6);
          else assert.equal(received ?? null, value, `${column} of text ${index}`);
        }
      }
      assertClose(scores.accuracy, 20 / 24, 1e-9);
      assert.equal(rows[5]!.tauGradientUndefined, "fewer than two words");
    });

  it("are a study for measures, claims and the report", async () => {
    const longest = { name: "longestWord", symbol: "l", title: "longest word", meaning: "Letters." } as const;
    const measure = { ...longest, of: ({ words = [] }) => Math.max(...words.map((word: string) => word.length)) };
    const before = await read(join(fixtures, "bert.parquet"));
    const study = await read(join(fixtures, "bert.parquet"), {}, { measures: [measure] });
    assert.deepEqual((await before.texts())[3], (await study.texts())[3], "an earlier reading stays what it is");
    const [text] = await study.texts();
    const own = (study.rows[0] as unknown as Record<string, number>).longestWord;
    assert.equal(own, Math.max(...text!.words!.map((word) => word.length)));
    const judged = claims("rq1", { configurations: [study] }).inFull.rows;
    assert.ok(
      judged.some(({ corpus, claim, mean }) => corpus === "bert" && claim === "agreement" && mean !== undefined),
    );
    const kept = await readStudy(study.folder);
    assert.deepEqual(
      kept.rows.map(({ tauGradient }) => tauGradient),
      study.rows.map(({ tauGradient }) => tauGradient),
    );
    const { page, studies } = await buildReport([study.folder], join(folder, "report"));
    assert.equal(studies, 1);
    assert.ok(existsSync(page));
  });
});

it("five runs without a model decide the claims that need none, and say of the others what they need", async () => {
  const runs = await Promise.all(
    [0, 1, 2, 3, 4].map(async (seed) => {
      const [shared, own] = [createRandom("texts"), createRandom(`run ${seed}`)];
      const rows = Array.from({ length: 40 }, (_, index) => {
        const words = Array.from({ length: 6 + (index % 9) }, () => shared.uniform());
        const [weights, gradient, leaveOneOut] = [0.6, 0.5, 0.5].map((noise) =>
          words.map((one) => one + noise * own.uniform()),
        );
        const sum = weights!.reduce((total, weight) => total + weight, 0);
        const label = index % 2 ? "pos" : "neg";
        const attention = weights!.map((weight) => weight / sum);
        return { attention, gradient, leaveOneOut, label, predicted: label, probability: 0.8 };
      });
      return readExchange(put(`run${seed}.jsonl`, rows), seed, { corpus: "mine" }, {}, join(folder, "runs"));
    }),
  );
  const all = { configurations: await besideOtherRuns(runs) };
  const rows = (["rq1", "rq2", "rq4"] as const).flatMap((question) => claims(question, all).inFull.rows);
  const reasons = (id: string) => rows.filter(({ claim }) => claim === id).map(({ reason }) => reason);
  for (const id of ["uncorrelated", "consistent", "own-run", "length"])
    for (const reason of reasons(id)) assert.doesNotMatch(reason, /needs|not computed/, id);
  for (const verdict of rows.filter(({ claim }) => claim === "uncorrelated"))
    assert.equal(verdict.verdict, "disagrees");
  for (const id of ["agreement", "yardstick"])
    assert.deepEqual([...new Set(reasons(id))], ["the control needs the model, not its rows alone"], id);
  assert.match(reasons("permute")[0]!, /^the effect needs the model, not its rows alone; /);
});

it("a text that lacks an importance which others have says so", async () => {
  const row = { attention: [0.7, 0.2, 0.1], gradient: [3, 1, 2], label: "a", predicted: "b", probability: 0.8 };
  const path = put("lacking.jsonl", [row, { ...row, gradient: null }, { ...row, attention: [1], gradient: [] }]);
  const { rows } = await read(path);
  assert.deepEqual(
    rows.map(({ tauGradient, tauGradientUndefined }) => tauGradient?.toFixed(3) ?? tauGradientUndefined),
    ["0.333", "weights per word not kept", "fewer than two words"],
  );
});

describe("rows with what each word contributes to the logit", () => {
  const random = createRandom("exchange");
  const bias = 0.3;
  const texts = Array.from({ length: 12 }, (_, index) => {
    const decoder: LinearDecoder = { ...randomLinear(3 + index, random), bias };
    return { id: `t${index}`, decoder, attention: randomAttention(3 + index, random) };
  });
  const rows = texts.map(({ id, decoder, attention }) => {
    const contribution = [...decoder.contributions];
    const logit = attention.reduce((sum, weight, t) => sum + weight * contribution[t]!, bias);
    const probability = Math.max(...decode(decoder, attention));
    const predicted = logit >= 0 ? "yes" : "no";
    return {
      id,
      attention,
      contribution,
      logit,
      probability,
      predicted,
      label: Number(id.slice(1)) % 2 ? "yes" : "no",
    };
  });

  it("have the interventions of a linear decoder", async () => {
    const { rows: found } = await read(put("linear.jsonl", rows));
    const settings = { permutations: 100, epsilons: [0.01], search: {} };
    for (const [index, { id, decoder, attention }] of texts.entries()) {
      const text = { id, decoder, attention, importances: {}, seed: (use: string) => deriveSeed(0, use, id) };
      const [permuted] = permutation.compute([text], settings);
      assertClose(found[index]!.permutationTvd!, permuted!.numbers.permutationTvd!, 1e-5);
      const [furthest] = exact.compute([text], settings);
      assertClose(found[index]!.exactJsd01!, furthest!.numbers.exactJsd01!, 1e-5);
    }
  });

  it("are refused where these do not make the logit", async () => {
    const wrong = rows.map((row, index) => (index === 3 ? { ...row, logit: row.logit + 1 } : row));
    await fails(wrong, /^UserError: Row 4 of .* sum of attention · contribution and one bias .* another number/);
    await fails(rows, /but it is that of another class/, { classNames: ["yes", "no"] });
  });
});

const row = { attention: [0.25, 0.75], predicted: "a", label: "b", probability: 0.8, shown: [1, 2] };

async function fails(rows: readonly object[], pattern: RegExp, from = {}) {
  await assert.rejects(read(put("wrong.jsonl", rows), from), (error: Error) => {
    assert.ok(error instanceof UserError, error.stack);
    assert.match(String(error), pattern);
    return true;
  });
}

it("rows are checked", async () => {
  await fails(
    [row, { ...row, attention: [0.5, 0.6] }],
    /^UserError: Line 2 of .*: attention: must be from 0 and sum to 1, but sums to 1\.100/,
  );
  await fails([{ ...row, shown: [1] }], /: shown: must have an entry for each of the 2 words, but has 1/);
  await fails([{ ...row, tokens: ["x"] }], /: tokens: must have an entry for each of the 2 words/);
  await fails([{ ...row, probability: undefined }], /Line 1 of .*: probability: required/);
  await fails([{ ...row, label: "a" }], /must be of two classes or more/);
  await fails([row], /those of classNames/, { classNames: ["a", "c"] });
  await fails([], /must have a row for each text, but has none/);
  await assert.rejects(read(join(folder, "absent.parquet")), /absent\.parquet is missing/);
});

it("an importance of one's own, more classes and texts with a question are taken", async () => {
  const rows = ["a", "b", "c"].map((label) => ({ ...row, label, question: ["why"], tokens: ["x", "y"] }));
  const study: Study = await read(put("three.jsonl", rows));
  assert.equal(study.task, "inference");
  assert.equal((study.rows[0] as unknown as Record<string, number>).tauShown, 1);
  const runs = new Runs([study], [], [], { extend: fail, model: fail, tokenize: fail });
  assert.deepEqual((await runs.text(runs.rows[0]!)).importances.shown, [1, 2]);
});

function fail(): never {
  throw new Error("not asked for");
}
