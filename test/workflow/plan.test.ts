import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { parse } from "csv-parse/sync";
import { jobsOfWords } from "../../src/cli/commands/studyCommand";
import { corpora } from "../../src/data/catalog";
import { paperCorpora } from "../../src/paper/published";
import { projectFolder } from "../../src/paths";

const folder = mkdtempSync(join(tmpdir(), "plan-"));
after(() => rmSync(folder, { recursive: true }));

const workflow = join(projectFolder, "workflow");

interface Configuration {
  label: string;
  corpus: string;
  restricted: boolean;
  size: number;
  together: boolean;
  arguments: string[];
  preparation: string;
}

/** JupyterLab brings what reads and checks a configuration along. */
function python(...args: string[]) {
  const program = join(projectFolder, ".venv", "bin", "python");
  const { status, stdout, stderr } = spawnSync(program, args, { encoding: "utf8", cwd: join(workflow, "scripts") });
  return { status, stdout, stderr: stderr.trim() };
}

function planOf(path: string): { configurations: Configuration[]; cost: string[]; restricted: string | null } {
  const { status, stdout, stderr } = python("plan.py", path);
  assert.equal(status, 0, stderr);
  return JSON.parse(stdout);
}

/** What each of these is answered with, in one process. */
function refused(...configurations: string[]): string[] {
  const script = `
import json, sys
import plan
answers = []
for text in json.loads(sys.argv[1]):
    with open(sys.argv[2], "w") as file:
        file.write(text)
    try:
        answers.append(str(plan.read_config(sys.argv[2])))
    except plan.PlanError as error:
        answers.append(str(error))
print(json.dumps(answers))`;
  const path = join(folder, "config.yaml");
  const { stdout, stderr } = python("-c", script, JSON.stringify(configurations), path);
  assert.equal(stderr, "");
  return (JSON.parse(stdout) as string[]).map((answer) => answer.replace(path, "FILE"));
}

test("the configurations that come with the project are plans that npm run study takes", () => {
  const quick = planOf(join(workflow, "config", "config.yaml"));
  assert.deepEqual(
    quick.configurations.map(({ corpus }) => corpus),
    ["reviews", "reviews", "mails", "mails"],
  );
  const full = planOf(join(workflow, "config", "full.yaml"));
  assert.equal(full.configurations.length, 12 * 6 * 8);
  assert.equal(new Set(full.configurations.map(({ label }) => label)).size, 12 * 6 * 8);
  assert.equal(new Set(full.configurations.map(({ preparation }) => preparation)).size, 12);
  assert.deepEqual([...new Set(full.configurations.map(({ corpus }) => corpus))].sort(), [...paperCorpora].sort());
  for (const configuration of [...quick.configurations, ...full.configurations])
    assert.equal(jobsOfWords(configuration.arguments).length, 1, configuration.label);
  assert.match(
    full.cost.at(-1)!,
    /^ {2}576 configurations, 1166 jobs, about [\d,.]+ core-hours; the longest job about/,
  );
});

test("the plan knows the restricted corpora, and what each corpus of the paper needs", () => {
  const { configurations } = planOf(join(workflow, "config", "full.yaml"));
  const restricted = new Set(configurations.filter((one) => one.restricted).map(({ corpus }) => corpus));
  const wanted = corpora.filter((corpus) => corpus.restricted).map(({ name }) => name);
  assert.deepEqual([...restricted].sort(), wanted.sort());
  const rows: { corpus: string; profile: string }[] = parse(readFileSync(join(workflow, "resources.csv")), {
    columns: true,
  });
  for (const corpus of paperCorpora)
    assert.ok(
      rows.some((row) => row.corpus === corpus && row.profile === "paper"),
      corpus,
    );
});

test("every combination of a group is one configuration with its own label, whatever options it has", () => {
  const path = join(folder, "groups.yaml");
  const group = "corpus: reviews, encoder: [bilstm, cnn], weights: [softmax, sparsemax], seed: [0, 1]";
  writeFileSync(
    path,
    `out: results/x\nstudies: [{${group}}, {${group}, set: {epochs: 3, embeddingSize: [50, 60]}, analysis: {permutations: 50}}]`,
  );
  const { configurations } = planOf(path);
  assert.equal(new Set(configurations.map(({ label }) => label)).size, 16);
  const last = jobsOfWords(configurations.at(-1)!.arguments);
  assert.deepEqual(
    last.map(({ options }) => options.embeddingSize),
    [50, 60],
  );
  assert.deepEqual(last[0]!.analysis, { permutations: 50 });
  assert.equal(last[0]!.out, join(projectFolder, "results", "x", "studies"));
});

test("on one machine short configurations of a corpus share a job, two for each that runs at a time, and long ones do not", () => {
  const path = join(folder, "together.yaml");
  const axes = "encoder: [bilstm, cnn, average], attention: [additive, dot], seed: [0, 1]";
  writeFileSync(path, `out: results/x\nstudies: [{corpus: reviews, ${axes}}, {corpus: imdb, ${axes}, profile: paper}]`);
  const script = `
import json, sys
import plan
config = plan.read_config(sys.argv[1])
print(json.dumps([plan.plan_of(config, at_once) for at_once in (0, 1, 2, 6, 64)]))`;
  const { stdout, stderr } = python("-c", script, path);
  assert.equal(stderr, "");
  const plans: Configuration[][] = JSON.parse(stdout);
  const keyOf = ({ corpus, options }: ReturnType<typeof jobsOfWords>[number]) => JSON.stringify([corpus, options]);
  const all = plans[0]!.flatMap((one) => jobsOfWords(one.arguments).map(keyOf)).sort();
  for (const plan of plans) {
    assert.deepEqual(plan.flatMap((one) => jobsOfWords(one.arguments).map(keyOf)).sort(), all);
    for (const one of plan) assert.equal(jobsOfWords(one.arguments).length, one.size, one.label);
    assert.equal(new Set(plan.map(({ label }) => label)).size, plan.length);
  }
  const sizes = (corpus: string) =>
    plans.map((plan) => plan.filter((one) => one.corpus === corpus).map(({ size, together }) => (together ? size : 0)));
  const times = <Value>(count: number, value: Value) => Array.from({ length: count }, () => value);
  assert.deepEqual(sizes("reviews"), [times(12, 0), [12], [6, 6], times(12, 1), times(12, 1)]);
  assert.deepEqual(sizes("imdb"), [times(12, 0), ...times(4, times(12, 1))]);
});

test("a configuration that breaks a rule is answered in one sentence", () => {
  const answers = refused(
    "studies: [{corpus: reviews}]",
    "out: x\nstudies: [{corpora: reviews}]",
    "out: x\nstudies: [{corpus: reviews, seed: one}]",
    "out: x\nstudies: []",
    "out: x\nthreads: 0\nstudies: [{corpus: a}]",
    "out: [x\n",
    "- x",
  );
  for (const answer of answers) assert.match(answer, /^[^\n]*FILE[^\n]*\.$/);
  assert.equal(
    answers[0],
    'FILE: the option "out" is missing; it must be the folder for all that the sweep makes, in the project or as a full path.',
  );
  assert.match(
    answers[1]!,
    /there is no option "corpora" of studies\[0\]; did you mean "corpus"\? It must be one of "corpus", "encoder"/,
  );
  assert.equal(
    answers[2],
    'FILE: the option "studies[0].seed" must be a whole number from 0, or a list of them, but "one" came.',
  );
  assert.match(answers[3]!, /the option "studies" must be a list of at least one/);
  assert.match(answers[4]!, /"threads" must be a whole number from 1.*but 0 came/);
  assert.match(answers[5]!, /must be YAML, but it is not in line 2; compare/);
  const none = python("plan.py", join(folder, "none.yaml"));
  assert.equal(none.status, 1);
  assert.match(
    none.stderr,
    /^The configuration \S+none\.yaml cannot be read \(No such file or directory\); name a file that is there\.$/,
  );
});

test("a node without the shared folder, with other software or another Node.js is refused in one sentence", () => {
  const script = `
import json, sys
import nodes
out = sys.argv[1]
path = nodes.announcement(out)
answers = []
def check(**changes):
    if changes:
        path.write_text(json.dumps({**json.loads(path.read_text()), **changes}))
    try:
        answers.append(str(nodes.check_software(out)))
    except nodes.NodeError as error:
        answers.append(str(error))
check()
nodes.announce(out)
check()
check(software="0123456789abcdef")
check(host="login")
check(software=nodes.plan.software(), node="v18")
print(json.dumps(answers))`;
  const { stdout, stderr } = python("-c", script, join(folder, "shared"));
  assert.equal(stderr, "");
  const [missing, same, changed, other, node] = JSON.parse(stdout);
  assert.match(
    missing,
    /^A sweep needs a file system that all nodes share, but \S+ does not see .*software\.json; put/,
  );
  assert.equal(same, "None");
  assert.equal(changed, "The project was changed after the sweep was started; start it again.");
  assert.match(
    other,
    /^All nodes need the same version of the project, but \S+ has another one than login, where the sweep/,
  );
  assert.match(
    node,
    /^All nodes need the same Node\.js, but \S+ has v\d+ and login, where the sweep was started, v18; put/,
  );
});

test("a sweep over two kinds of processors knows both", () => {
  const out = join(folder, "kinds");
  for (const [index, processor] of ["AMD EPYC (0a1b2c3d)", "Intel Xeon (4e5f6071)", "AMD EPYC (0a1b2c3d)"].entries()) {
    const study = join(out, "studies", "sst", `study-${index}`);
    mkdirSync(study, { recursive: true });
    writeFileSync(join(study, "manifest.json"), JSON.stringify({ about: { environment: { processor } } }));
  }
  const script = "import json, pathlib, sys, run; print(json.dumps(run.processors(pathlib.Path(sys.argv[1]))))";
  const { stdout, stderr } = python("-c", script, out);
  assert.equal(stderr, "");
  assert.deepEqual(JSON.parse(stdout), ["AMD EPYC (0a1b2c3d)", "Intel Xeon (4e5f6071)"]);
});
