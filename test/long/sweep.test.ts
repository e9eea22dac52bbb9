import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { relink, Sweep } from "./sweep";

const folder = mkdtempSync(join(tmpdir(), "dry-"));
after(async () => {
  await relink();
  rmSync(folder, { recursive: true });
});

test("a dry run prints jobs and cost, and runs none", async () => {
  const sweep = new Sweep(folder, "dry", "{corpus: [reviews, mails], seed: [0, 1]}");
  for (const [profile, ofCorpus, all, run] of [
    ["slurm", 4, 12, "setup 1, prepare 2, train 4, analyse 4, report 1"],
    ["kubernetes", 4, 12, "setup 1, prepare 2, train 4, analyse 4, report 1"],
    ["local", 2, 6, "setup 1, analyse 4, report 1"],
  ] as const) {
    const { code, output } = await sweep.run("--dry-run", "--profile", profile, "--jobs", "2");
    assert.equal(code, 0, output);
    assert.match(
      output,
      new RegExp(`reviews +${ofCorpus} jobs, training about [\\d.]+ and analysis about [\\d.]+ core-hours`),
    );
    assert.match(output, new RegExp(`4 configurations, ${all} jobs, about [\\d.]+ core-hours; the longest job about`));
    assert.ok(output.includes(`To run: ${run}; what it would do in full is in`), output);
  }
  assert.ok(!existsSync(join(sweep.out, "jobs", "setup")) && !existsSync(join(sweep.out, "studies")));
});

test("what no study would take, or has no file, stops before any job, in one sentence", async () => {
  for (const [group, sentence] of [
    [
      "{corpus: reviews, encoder: [bilstm, lstm]}",
      /^There is no encoder "lstm"; did you mean "bilstm"\? It must be one of .*\.$/m,
    ],
    ["{corpus: reveiws}", /^There is no corpus "reveiws"; did you mean "reviews"\?/m],
    [
      "{corpus: reviews, set: {epochs: 1}}",
      /^The option "epochs" must be a whole number from 2 to 1000.*but 1 came\.$/m,
    ],
    [
      "{corpus: reviews, vectors: glove}",
      /^There is no source of word vectors "glove"; did you mean "glove-6b-100d"\?/m,
    ],
    [
      "{corpus: reviews, vectors: glove-6b-100d}",
      /^The word vectors "glove-6b-100d" of the sweep are not at hand; bring/m,
    ],
    ["{corpus: adr}", /^The corpus "adr" of the sweep is not at hand; .*\.$/m],
  ] as const) {
    const sweep = new Sweep(folder, "wrong", group);
    delete sweep.environment.ATTENTION_ADR;
    const { code, output } = await sweep.run("--profile", "slurm");
    assert.equal(code, 1, output);
    assert.match(output, sentence);
    assert.ok(!existsSync(join(sweep.out, "jobs")), output);
  }
});

test("jobs of a restricted corpus need named nodes, and ask for them; others do not", async () => {
  const tweets = join(folder, "tweets.csv");
  writeFileSync(tweets, "text,label\n");
  const group = "{corpus: [reviews, adr], seed: 0}";
  const anywhere = new Sweep(folder, "anywhere", group);
  anywhere.environment.ATTENTION_ADR = tweets;
  const refused = await anywhere.run("--profile", "slurm", "--dry-run");
  assert.equal(refused.code, 1);
  assert.match(
    refused.output,
    /^Jobs of the restricted corpus "adr" need nodes that may hold it, but .* restricted: \{nodes: credentialed\}\.$/m,
  );
  const named = new Sweep(folder, "named", group, "restricted: {nodes: credentialed}");
  named.environment.ATTENTION_ADR = tweets;
  const { code, output } = await named.run("--profile", "slurm", "--dry-run");
  assert.equal(code, 0, output);
  const jobs = readFileSync(join(named.out, "logs", "sweep.log"), "utf8")
    .split(/^rule /m)
    .slice(1);
  const asking = jobs.filter((job) => job.includes("constraint=credentialed"));
  const names = (some: readonly string[]) =>
    some.map((job) => /output: jobs\/(\w+)\/(\w+)-/.exec(job)?.slice(1).join(" ")).sort();
  assert.deepEqual(names(asking), ["analysed adr", "prepared adr", "trained adr"]);
});
