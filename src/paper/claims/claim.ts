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
  question: Question;
  /** What the paper says, and where. */
  statement: string;
  /** When the verdict is which: one sentence, with every number that decides. */
  rule: string;
  /** As in "a study over a BiLSTM": what there must be to judge it. */
  needs: string;
  /** One judgement for each corpus, and there for each measure and predicted class. */
  judge(runs: StudiesOf): Judgement[];
}

/** A number of ours and how it is told. */
export interface Measured {
  /** With # where the number stands, as in "Mean τ_g of sst is #". */
  sentence: string;
  unit: "number" | "difference" | "share";
  /** Undefined where it is not computed. */
  estimate: MeanInterval | undefined;
}

/** What a claim comes to for some texts of one corpus. */
export interface Judgement {
  corpus: string;
  /** As in "τ_g, negative". */
  of: string;
  effect: Measured;
  /** The number without which the effect says nothing. */
  control: Measured;
  /** As in ".40, re-run .34"; why there is none where nothing is published. */
  published: { words: string; missing: string };
  verdict: Verdict;
  /** Why it is this verdict. */
  reason: string;
  /** What else belongs to the effect, decided or not, as in "+.20 above its null"; "" for nothing. */
  also: string;
}

/** Training runs below which nothing is decided: one more run could turn it. */
export const fewestRuns = 5;

/**
 * The judgement as a line of the table: its numbers in words, a sentence of at most 30 words, and the effect as
 * numbers.
 */
export function rowOf({ id }: Pick<Claim, "id">, judgement: Judgement) {
  const { corpus, of, effect, control, published, verdict, reason, also } = judgement;
  const { mean, low, high, runs = 0 } = effect.estimate ?? {};
  return {
    ...{ claim: id, corpus, of, effect: cell(effect), control: cell(control) },
    published: published.words || `none: ${published.missing}`,
    ...{ verdict, reason, also, sentence: sentenceOf(judgement), mean, low, high, runs },
  };
}
export type ClaimRow = ReturnType<typeof rowOf>;

function cell(measured: Measured): string {
  const { number, interval } = told(measured);
  return interval === "" ? number : `${number} ${interval}`;
}

/** As in "Mean τ_g of sst is .39 (5 runs: .35 to .42); permuted weights give .02. Agrees. Published: .40." */
function sentenceOf({ corpus, of, effect, control, published, verdict }: Judgement): string {
  const [own, beside] = [told(effect), told(control)];
  if (effect.estimate?.mean === undefined) return `${[corpus, of].filter(Boolean).join(", ")}: not computed.`;
  return [
    `${effect.sentence.replace("#", own.number)}${own.interval && ` ${own.interval}`}`,
    control.estimate === undefined ? "" : `; ${control.sentence.replace("#", beside.number)}`,
    `. ${verdict[0]!.toUpperCase()}${verdict.slice(1)}.`,
    published.words && ` Published: ${published.words}.`,
  ].join("");
}

const words = { number: decimal, difference: signed, share: percent };

/** As in "48 %" and "(5 runs: 37 to 55 %)". */
function told({ estimate, unit }: Measured): { number: string; interval: string } {
  if (estimate?.mean === undefined) return { number: "not computed", interval: "" };
  const { mean, low, high, runs } = estimate;
  const [from, to] = [low, high].map((end) => (end === undefined ? "" : words[unit](end)));
  const ends = from === "" ? "" : `: ${from!.replace(" %", "")} to ${to}`;
  return { number: words[unit](mean), interval: `(${seen(runs)}${ends})` };
}

/** As in "5 runs" or, where they are too few, "seen 3 times". */
export function seen(runs: number): string {
  return runs >= fewestRuns ? `${runs} runs` : `seen ${["never", "once", "twice"][runs] ?? `${runs} times`}`;
}
