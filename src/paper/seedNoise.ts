import type { Measure } from "./compare";
import { encoderDifferences, overSeeds, type RunDifference } from "./encoderDifferences";
import { type EncoderRun, publishedGap } from "./encoders";
import { signed, three } from "./numberWords";
import { isPaperCorpus } from "./published";

/**
 * What of figure 5 is encoder and what is the chance of a training run: for each attention the difference of τ_loo,
 * average less BiLSTM, over seeds, beside the largest difference between two seeds of one of them, and the published
 * difference for additive attention.
 *
 * More than noise is a difference of the same sign in every seed, of which the smallest is larger than the largest
 * between two seeds.
 *
 * @throws UserError as `encoderDifferences`
 */
export function answerSeedNoise(runs: readonly EncoderRun[]): string {
  const differences = encoderDifferences<Measure>(runs, "tauLeaveOneOut");
  const lines = overSeeds<Measure>(runs, "tauLeaveOneOut").map((whole) => {
    const of = (kind: "encoder" | "seed") =>
      differences
        .filter((row) => row.attention === whole.attention && row.kind === kind)
        .flatMap((row) => row.mean ?? []);
    return `- ${describeNoise(whole, of("encoder"), of("seed"))}${publishedFigure5(whole.attention, runs[0]!.corpus)}`;
  });
  return [`**${runs[0]!.corpus}**, τ_loo text by text:\n`, ...lines].join("\n");
}

function describeNoise(whole: RunDifference, encoders: readonly number[], seeds: readonly number[]): string {
  const name = `${whole.attention} attention: ${whole.pair}`;
  if (whole.mean === undefined) return `${name} is undefined.`;
  const interval =
    whole.low === undefined ? "" : `, 95 % interval over texts ${signed(whole.low)} to ${signed(whole.high!)}`;
  const found = `${name} is ${signed(whole.mean)} (${encoders.map(signed).join(", ")} by seed${interval}).`;
  if (seeds.length === 0) return `${found} With one seed, noise and encoder **cannot be told apart**.`;
  const noise = Math.max(...seeds.map(Math.abs));
  const smallest = Math.min(...encoders.map(Math.abs));
  const yardstick = `Two seeds of one encoder differ by at most ${three(noise)}`;
  const alike = new Set(encoders.map(Math.sign)).size === 1;
  return alike && smallest > noise
    ? `${found} ${yardstick}, less than in any seed: the difference is **the encoder's**.`
    : `${found} ${yardstick}, which the difference does not exceed in every seed: it **may be seed noise**.`;
}

function publishedFigure5(attention: string, corpus: string): string {
  if (attention !== "additive") return "";
  const gap = publishedGap("tauLeaveOneOut", attention);
  const own = isPaperCorpus(corpus) ? publishedGap("tauLeaveOneOut", attention, [corpus]) : undefined;
  return ` In the paper's Table 2 the gap is ${signed(gap.mean)} on average over the ${gap.cells} classes of its binary corpora${own ? `, and ${signed(own.mean)} on ${corpus}` : ""}.`;
}
