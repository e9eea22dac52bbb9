// One configuration of the study, stage by stage, here and in PyTorch, in turn and from the same weights.
import { join } from "node:path";
import { createRandom } from "../src/stats/random";
import { type Contestant, median, type Run, spread, startOurs, startPytorch, withWork } from "./contestant";
import { numberOption } from "./options";
import { loadWork, type Work } from "./work";

interface Stage {
  name: string;
  /** How often a configuration of the paper goes through it. */
  times: number;
  /** PyTorch has no such stage; the time is shown, but is no part of the sum. */
  oursAlone?: boolean;
  /** The ratio of PyTorch's time to ours that is wanted. */
  wanted?: number;
  /** How far the contestants' answers may be apart; undefined where they begin with other weights. */
  tolerance?: number;
}

const stages: Stage[] = [
  { name: "training", times: 8, wanted: 1.4 },
  { name: "prediction", times: 1, tolerance: 1e-5 },
  { name: "gradient", times: 1, tolerance: 1e-3 },
  { name: "leave-one-out", times: 1, tolerance: 1e-3, wanted: 4 },
  { name: "permutation", times: 1, tolerance: 0.005, wanted: 100 },
  { name: "search", times: 1, tolerance: 0.03, wanted: 8 },
  { name: "exact adversary", times: 1, oursAlone: true },
  { name: "kendall", times: 1, tolerance: 1e-3 },
];

async function takeWork(): Promise<Work> {
  const work = await loadWork("sst");
  const texts = createRandom("bench").shuffle(work.texts).slice(0, numberOption("texts"));
  return { ...work, texts, batches: work.batches.slice(0, numberOption("batches")) };
}

/** Runs of every stage by contestant, ours first. */
async function measure(contestants: readonly Contestant[], repetitions: number): Promise<Map<Stage, Run[][]>> {
  const runs = new Map(stages.map((stage) => [stage, contestants.map((): Run[] => [])] as const));
  for (let repetition = 1; repetition <= repetitions; repetition++) {
    for (const stage of stages) {
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
  const whole = { ours: 0, theirs: 0 };
  for (const [stage, byContestant] of runs) {
    const seconds = byContestant.map((ofOne) => ofOne.map((run) => run.seconds));
    if (stage.oursAlone) {
      row([stage.name, spread(seconds[0]!, 3), "", "", ""]);
      continue;
    }
    const [ours, theirs] = seconds.map(median) as [number, number];
    whole.ours += stage.times * ours;
    whole.theirs += stage.times * theirs;
    const ratio = (theirs / ours).toFixed(1);
    row([stage.name, ...seconds.map((values) => spread(values, 3)), ratio, String(stage.wanted ?? "")]);
  }
  const { ours, theirs } = whole;
  row(["whole configuration", ours.toFixed(1), theirs.toFixed(1), (theirs / ours).toFixed(1), ""]);
}

async function main(): Promise<void> {
  const work = await takeWork();
  await withWork(work, async (path, folder) => {
    const ours = await startOurs(path);
    await ours.run("training");
    await ours.run("weights");
    const theirs = await startPytorch(path, `--weights=${join(folder, "weights.safetensors")}`);
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
