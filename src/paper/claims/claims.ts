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
 * The table of a question's claims, judged by some studies: a line for each corpus, measure and predicted class. A
 * claim that the studies cannot judge has one line that says what it needs.
 *
 * @example await show(claims("rq1", runs))
 */
export function claims(question: Question, runs: StudiesOf) {
  const own = allClaims.filter((claim) => claim.question === question);
  const rows: ClaimRow[] = own.flatMap((claim) => {
    const judgements = claim.judge(runs).map((judgement) => rowOf(claim, judgement));
    return judgements.length > 0 ? judgements : [withoutStudies(claim)];
  });
  const columns = {
    ...{ claim: "claim", corpus: "Corpus", of: "of", effect: "effect", control: "control", published: "published" },
    ...{ verdict: "verdict", reason: "reason" },
  };
  return { rows, columns, caption: own.map(({ id, statement, rule }) => `${id}: ${statement} ${rule}`).join(" ") };
}

function withoutStudies({ id, needs }: Claim): ClaimRow {
  const reason = `it needs ${needs}`;
  return {
    ...{ claim: id, corpus: "", of: "", effect: "not computed", control: "not computed", published: "" },
    ...{ verdict: "not decided", reason, sentence: `Not decided: ${reason}.` },
    ...{ mean: undefined, low: undefined, high: undefined, runs: 0 },
  };
}
