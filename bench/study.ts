// One configuration of the study, stage by stage, here and in PyTorch, in turn and from the same weights.
import { join } from "node:path";
import { createRandom } from "../src/stats/random";
import { type Contestant, type Run, spread, startOurs, startPytorch, withWork } from "./contestant";
import { numberOption } from "./options";
import { loadWork, type Work } from "./work";

interface Stage {
  name: string;
  /** PyTorch has no such stage; the time is shown. */
  oursAlone?: boolean;
  /** The ratio of PyTorch's time to ours that is wanted. */
  wanted?: number;
  /** How far the contestants' answers may be apart; undefined where they begin with other weights. */
  tolerance?: number;
}

const avx2 = process.argv.includes("--avx2");

const stages: Stage[] = [
  { name: "training", wanted: avx2 ? 3.3 : 4 },
  { name: "prediction", tolerance: 1e-5 },
  { name: "gradient", tolerance: 1e-3 },
  { name: "leave-one-out", tolerance: 1e-3, wanted: avx2 ? 7 : 12 },
  { name: "permutation", tolerance: 0.005, wanted: 100 },
  { name: "search", tolerance: 0.03, wanted: 8 },
  { name: "exact adversary", oursAlone: true },
  { name: "kendall", tolerance: 1e-3 },
  // Its weights are other ones than those before, so it comes last.
  { name: "whole configuration", wanted: avx2 ? 4 : 5 },
];

async function takeWork(): Promise<Work> {
  const work = await loadWork("sst");
  const texts = createRandom("bench").shuffle(work.texts).slice(0, numberOption("texts"));
  return { ...work, texts, batches: work.batches.slice(0, numberOption("batches")) };
}

/** Runs of every stage by contestant, ours first. */
async function measure(contestants: readonly Contestant[], repetitions: number): Promise<Map<Stage, Run[][]>> {
  const runs = new Map(stages.map((stage) => [stage, contestants.map((): Run[] => [])] as const));
  for (const stage of stages) {
    for (let repetition = 1; repetition <= repetitions; repetition++) {
      for (const [index, contestant] of contestants.slice(0, stage.oursAlone ? 1 : undefined).entries()) {
        const run = await contestant.run(stage.name);
        runs.get(stage)![index]!.push(run);
        const told = `${stage.name} ${repetition} of ${repetitions}: ${run.seconds.toFixed(3)} s, ${run.answer.toFixed(4)}`;
        console.error(`${told}, ${contestant.name}`);
      }
      checkAnswers(
        stage,
        runs.get(stage)!.flatMap((ofOne) => ofOne.slice(-1).map(({ answer }) => answer)),
      );
    }
  }
  return runs;
}

function checkAnswers({ name, tolerance }: Stage, answers: readonly number[]): void {
  if (tolerance === undefined || Math.abs(answers[0]! - answers[1]!) <= tolerance) return;
  throw new Error(`The contestants do not do the same work in "${name}": they answer ${answers.join(" and ")}.`);
}

const row = (cells: readonly string[]) => console.log(`| ${cells.join(" | ")} |`);

function report(runs: Map<Stage, Run[][]>): void {
  row(["stage", "here, s (min / median / max)", "PyTorch, s", "ratio", "wanted"]);
  row(["---", "---", "---", "---", "---"]);
  for (const [stage, byContestant] of runs) {
    const seconds = byContestant.map((ofOne) => ofOne.map((run) => run.seconds));
    if (stage.oursAlone) {
      row([stage.name, spread(seconds[0]!, 3), "", "", ""]);
      continue;
    }
    const ratios = seconds[0]!.map((ours, index) => seconds[1]![index]! / ours);
    row([stage.name, ...seconds.map((values) => spread(values, 3)), spread(ratios, 1), String(stage.wanted ?? "")]);
  }
}

async function main(): Promise<void> {
  const work = await takeWork();
  await withWork(work, async (path, folder) => {
    const ours = await startOurs(path);
    await ours.run("training");
    await ours.run("weights");
    const theirs = await startPytorch(path, `--weights=${join(folder, "weights.safetensors")}`);
    await theirs.run("training"); // first epochs are slower than all others, above all PyTorch's
    const contestants = [ours, theirs];
    const runs = await measure(contestants, numberOption("repetitions") ?? 3);
    for (const contestant of contestants) contestant.stop();
    console.log(
      `${work.origin}: ${work.batches.length} training batches, ${work.texts.length} test texts; ${contestants.map(({ name }) => name).join(" and ")}`,
    );
    report(runs);
  });
}

main();
