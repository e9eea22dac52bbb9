import type { StudiesOf } from "../studies";
import { agreement } from "./agreement";
import { type Claim, type ClaimRow, type Question, rowOf } from "./claim";
import { length } from "./length";
import { permute } from "./permute";
import { simpleEncoder } from "./simpleEncoder";

/** Every claim that is judged, in the order of the table. */
export const allClaims: readonly Claim[] = [agreement, permute, simpleEncoder, length];

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
