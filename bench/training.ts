import { cpus } from "node:os";
import { hasQuestion } from "../src/model/model";
import { type Contestant, median, type Run, spread, startOurs, startPytorch, withWork } from "./contestant";
import { numberOption, textOption } from "./options";
import { loadWork } from "./work";

function report(name: string, epochs: Run[], steps: number): void {
  const seconds = epochs.map((epoch) => epoch.seconds);
  const milliseconds = seconds.map((value) => (1000 * value) / steps);
  console.log(`${name}
  step   ${spread(milliseconds, 1)} ms (min / median / max)
  epoch  ${spread(seconds, 2)} s
  memory ${epochs.at(-1)!.peakMegabytes.toFixed(0)} MB at its peak
  loss   ${epochs.map(({ answer }) => answer.toFixed(0)).join(" ")}`);
}

async function main(): Promise<void> {
  const repetitions = numberOption("repetitions") ?? 5;
  const work = await loadWork(textOption("corpus") ?? "sst");
  work.batches = work.batches.slice(0, numberOption("batches"));
  const steps = work.batches.length;
  const words = work.batches.flat().reduce((sum, { ids }) => sum + ids.length, 0) / work.batches.flat().length;
  await withWork({ ...work, texts: [] }, async (path) => {
    const given = process.argv.filter((word) => word.startsWith("--encoder="));
    const contestants: Contestant[] = [await startOurs(path, ...given), await startOurs(path, "--tape", ...given)];
    const isAlone = hasQuestion(work) || given.length > 0; // PyTorch's side knows the BiLSTM that classifies
    if (!isAlone) contestants.push(await startPytorch(path));
    if (!isAlone && process.argv.includes("--fused")) contestants.push(await startPytorch(path, "--fused"));
    const epochs = contestants.map((): Run[] => []);
    for (const contestant of contestants) await contestant.run("training"); // first epochs are slower than all others
    for (let repetition = 1; repetition <= repetitions; repetition++) {
      for (const [index, contestant] of contestants.entries()) {
        const run = await contestant.run("training");
        epochs[index]!.push(run);
        console.error(`epoch ${repetition} of ${repetitions}: ${run.seconds.toFixed(2)} s, ${contestant.name}`);
      }
    }
    for (const contestant of contestants) contestant.stop();
    console.log(
      `${work.origin}: ${steps} batches of up to 32 texts of ${words.toFixed(0)} words, ${work.tokens} word vectors of 300; ${cpus().length} cores`,
    );
    contestants.forEach(({ name }, index) => {
      report(name, epochs[index]!, steps);
    });
    const [ours, ...others] = epochs.map((runs) => median(runs.map(({ seconds }) => seconds)));
    others.forEach((theirs, index) => {
      const ratio = (theirs / ours!).toFixed(2);
      console.log(`ratio of the medians, ${contestants[index + 1]!.name} to ours: ${ratio}`);
    });
  });
}

main();
