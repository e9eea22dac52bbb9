import { groupBy } from "../../stats/groupBy";
import type { StudiesOf } from "../studies";
import { adversary } from "./adversary";
import { adversaryLearnt } from "./adversaryLearnt";
import { adversaryPeaked } from "./adversaryPeaked";
import { agreement } from "./agreement";
import { type Claim, type ClaimRow, type Question, rowOf } from "./claim";
import { cnn, dot } from "./cnnAndDot";
import { consistent } from "./consistent";
import { exceptions } from "./exceptions";
import { length } from "./length";
import { ownRun } from "./ownRun";
import { performance } from "./performance";
import { permute } from "./permute";
import { permutePeaked } from "./permutePeaked";
import { questions } from "./questions";
import { search } from "./search";
import { simpleEncoder } from "./simpleEncoder";
import { simpleOutput } from "./simpleOutput";
import { uncorrelated } from "./uncorrelated";
import { yardstick } from "./yardstick";

/** Every claim that is judged, in the order of the table. */
export const allClaims: readonly Claim[] = [
  agreement,
  yardstick,
  uncorrelated,
  consistent,
  ownRun,
  permute,
  permutePeaked,
  adversary,
  adversaryLearnt,
  adversaryPeaked,
  search,
  exceptions,
  performance,
  simpleEncoder,
  simpleOutput,
  cnn,
  dot,
  questions,
  length,
];

/**
 * The table of a question's claims, judged by some studies: a line for each claim, with its verdict in each corpus. A
 * corpus whose measures and classes do not all have the same verdict is mixed.
 *
 * @param controls studies that these are held against: of the question alone, and with uniform attention
 * @example await show(claims("rq1", runs))
 */
export function claims(question: Question, runs: StudiesOf, controls?: StudiesOf) {
  const rows = judgementsOf(question, runs, controls).map(({ claim, rows }) => {
    const byCorpus = [...groupBy(rows, ({ corpus }) => corpus)].map(([corpus, own]) => {
      const verdicts = new Set(own.map(({ verdict }) => verdict));
      return { corpus, verdict: verdicts.size === 1 ? own[0]!.verdict : "mixed" };
    });
    const groups = [...groupBy(byCorpus, ({ verdict }) => verdict)].sort(
      ([a], [b]) => order.indexOf(a) - order.indexOf(b),
    );
    const verdict = groups.map(([name, own]) => `${name}: ${own.map(({ corpus }) => corpus).join(", ")}`).join("; ");
    return { claim: claim.id, statement: claim.statement, verdict: verdict || `not decided: it needs ${claim.needs}` };
  });
  return { rows, columns: { claim: "claim", statement: "what is claimed", verdict: "verdict by corpus" }, caption: "" };
}

const order = ["agrees", "disagrees", "mixed", "says nothing", "not decided"];

/**
 * The same in full: a line for each corpus, measure and predicted class, with effect, control, what is published, and why
 * the verdict is what it is. A claim that the studies cannot judge has one line that says what it needs.
 */
export function claimRows(question: Question, runs: StudiesOf, controls?: StudiesOf) {
  const judged = judgementsOf(question, runs, controls);
  const rows: ClaimRow[] = judged.flatMap(({ claim, rows }) => (rows.length > 0 ? rows : [withoutStudies(claim)]));
  const columns = {
    ...{ claim: "claim", corpus: "Corpus", of: "of", effect: "effect", control: "control", published: "published" },
    ...{ verdict: "verdict", reason: "reason" },
  };
  return { rows, columns, caption: judged.map(({ claim: { id, rule } }) => `${id}: ${rule}`).join(" ") };
}

/** The answer in at most three lines: of each of the first claims the sentence of the corpus with the most training runs. */
export function answer(question: Question, runs: StudiesOf, controls?: StudiesOf): string {
  return judgementsOf(question, runs, controls)
    .flatMap(({ rows }) => rows.reduce<ClaimRow[]>((best, row) => (row.runs > (best[0]?.runs ?? 0) ? [row] : best), []))
    .slice(0, 3)
    .map(({ sentence }) => `- ${sentence}`)
    .join("\n");
}

function judgementsOf(question: Question, runs: StudiesOf, controls?: StudiesOf): { claim: Claim; rows: ClaimRow[] }[] {
  const all = { configurations: [...runs.configurations, ...(controls?.configurations ?? [])] };
  return allClaims
    .filter((claim) => claim.question === question)
    .map((claim) => ({ claim, rows: claim.judge(all).map((judgement) => rowOf(claim, judgement)) }));
}

function withoutStudies({ id, needs }: Claim): ClaimRow {
  const reason = `it needs ${needs}`;
  return {
    ...{ claim: id, corpus: "", of: "", effect: "not computed", control: "not computed", published: "" },
    ...{ verdict: "not decided", reason, sentence: `Not decided: ${reason}.` },
    ...{ mean: undefined, low: undefined, high: undefined, runs: 0 },
  };
}
