import type { MeanInterval } from "../../stats/interval";
import { decimal, percent, signed } from "../numberWords";
import type { StudiesOf } from "../studies";

/** The paper's research questions, each with its notebook. */
export type Question = "rq1" | "rq2" | "rq3" | "rq4";

/** "says nothing": the control gives the same number. */
export type Verdict = "agrees" | "disagrees" | "not decided" | "says nothing";

/** A claim of the paper, and by what it is judged. */
export interface Claim {
  id: string;
  /** What the paper says, and where. */
  statement: string;
  /** When the verdict is which: one sentence, with every number that decides. */
  rule: string;
  /** As in "a study over a BiLSTM": what there must be to judge it. */
  needs: string;
  /** One line for each corpus, and there for each measure and predicted class. */
  judge(runs: StudiesOf): ClaimRow[];
}

/** A number of ours, how it is written, and a sentence with # where it stands, as in "Mean τ_g of sst is #". */
export type Measured = ReturnType<typeof number>;

/** @param write as in ".39". @returns what makes such numbers, whose estimate is undefined where it is not computed */
const measured = (write: (value: number) => string) => (sentence: string, estimate: MeanInterval | undefined) => {
  return { sentence, estimate, write };
};
export const [number, difference, share] = [measured(decimal), measured(signed), measured(percent)];

/** An interval whose ends are known. */
export type Ends = { mean: number; low: number; high: number };

/** What a claim comes to in one case, but for what is said of all claims. */
export interface Line {
  /** What it is of besides its corpus, as in ["τ_g", "negative"]; default: all of it. */
  of?: readonly (string | undefined)[];
  effect: Measured;
  /** The number without which the effect says nothing. */
  control: Measured;
  /** As in ".40, re-run .34"; why there is none where nothing is published. Default: nothing is. */
  published?: { words: string; missing: string };
  /** What else belongs to the effect, decided or not, as in "+.20 above its null"; default: nothing. */
  also?: readonly (string | undefined)[];
  /** The claim's own rule; a verdict without a reason is that of the whole interval. */
  decide(effect: Ends, control: Ends): Verdict | [verdict: Verdict, reason: string];
}

/** Where the paper has no such number. */
export const notPublished = { words: "", missing: "not published" };

/** Agrees where the whole interval is above a bound, and disagrees where it is below. */
export function isAbove({ low, high }: Ends, bound: number): Verdict {
  if (high < bound) return "disagrees";
  return low > bound ? "agrees" : "not decided";
}

/** Agrees where the whole interval is below a bound, and disagrees where it is above. */
export function isBelow({ low, high }: Ends, bound: number): Verdict {
  return isAbove({ mean: Number.NaN, low: -high, high: -low }, -bound);
}

/** Training runs below which nothing is decided: one more run could turn it. */
export const fewestRuns = 5;

/** What is decided, and of what: `of` as in "τ_g, negative", the reason why it is this verdict. */
type Decided = { corpus: string; of: string; verdict: Verdict; reason: string };

/** A line of the table: the numbers in words, a sentence of at most 30 words, and the effect as numbers. */
export function rowOf(claim: string, { corpus, of, verdict, reason }: Decided, line: Line) {
  const { effect, control, published = notPublished, also = [] } = line;
  const { mean, low, high, runs = 0 } = effect.estimate ?? {};
  const title = [corpus, of].filter(Boolean).join(", ");
  return {
    ...{ claim, corpus, of, effect: cell(effect), control: cell(control) },
    published: published.words || `none: ${published.missing}`,
    ...{ verdict, reason, also: also.filter(Boolean).join("; ") },
    sentence: mean === undefined ? `${title}: not computed.` : sentenceOf(line, verdict),
    ...{ mean, low, high, runs },
  };
}
export type ClaimRow = ReturnType<typeof rowOf>;

function cell(measured: Measured): string {
  const { number, interval } = told(measured);
  return interval === "" ? number : `${number} ${interval}`;
}

/** As in "Mean τ_g of sst is .39 (5 runs: .35 to .42); permuted weights give .02. Agrees. Published: .40." */
function sentenceOf({ effect, control, published }: Line, verdict: Verdict): string {
  const [own, beside] = [told(effect), told(control)];
  return [
    `${effect.sentence.replace("#", own.number)}${own.interval && ` ${own.interval}`}`,
    control.estimate === undefined ? "" : `; ${control.sentence.replace("#", beside.number)}`,
    `. ${verdict[0]!.toUpperCase()}${verdict.slice(1)}.`,
    published?.words ? ` Published: ${published.words}.` : "",
  ].join("");
}

/** As in "48 %" and "(5 runs: 37 to 55 %)". */
function told({ estimate, write }: Measured): { number: string; interval: string } {
  if (estimate?.mean === undefined) return { number: "not computed", interval: "" };
  const { mean, low, high, runs } = estimate;
  const [from, to] = [low, high].map((end) => (end === undefined ? "" : write(end)));
  const ends = from === "" ? "" : `: ${from!.replace(" %", "")} to ${to}`;
  return { number: write(mean), interval: `(${seen(runs)}${ends})` };
}

/** As in "5 runs" or, where they are too few, "seen 3 times". */
export function seen(runs: number): string {
  return runs >= fewestRuns ? `${runs} runs` : `seen ${["never", "once", "twice"][runs] ?? `${runs} times`}`;
}
