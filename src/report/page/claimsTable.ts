import type { Question } from "../../paper/claims/claim";
import type { Context, OpenStudy } from "./context";
import { fileName } from "./download";
import { tableBlock } from "./tableBlock";

/**
 * The claims of a question for the corpus of a study, judged by all studies of its profile; nothing where there is
 * none.
 */
export function claimsTable(
  { entry: { corpus, profile } }: Pick<OpenStudy, "entry">,
  { index }: Context,
  question: Question,
): HTMLElement[] {
  const rows = index.claims.filter(
    (row) => row.question === question && row.profile === profile && row.corpus === corpus,
  );
  if (rows.length === 0) return [];
  return [
    tableBlock({
      title: "The paper's claims",
      about: `Judged by all studies of ${corpus}, profile ${profile}: an effect, the control without which it says nothing, and what is published. Fewer than five training runs decide nothing.`,
      name: fileName(question, profile, corpus, "claims"),
      rows,
      columns: {
        claim: "claim",
        of: "of",
        effect: "effect",
        control: "control",
        published: "published",
        verdict: "verdict",
        reason: "reason",
      },
    }),
  ];
}
