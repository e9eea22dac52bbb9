import type { Question } from "../../paper/claims/claim";
import type { StudyEntry } from "../contents";
import type { Context } from "./context";
import { fileName } from "./download";
import { tableBlock } from "./tableBlock";

/**
 * The claims of a question for the corpus of a study, judged by all studies of its profile; nothing where there is
 * none.
 */
export function claimsTable(
  { corpus, profile }: Pick<StudyEntry, "corpus" | "profile">,
  { index }: Context,
  question: Question,
): HTMLElement[] {
  const judged = index.claims.find((one) => one.question === question && one.profile === profile);
  const rows = judged?.rows.filter((row) => row.corpus === corpus) ?? [];
  if (rows.length === 0) return [];
  const columns = {
    ...{ claim: "claim", of: "of", effect: "effect", control: "control", published: "published" },
    ...{ verdict: "verdict", reason: "reason" },
  };
  return [
    tableBlock({
      title: "The paper's claims",
      about: `${judged!.caption} Judged by all studies of ${corpus}, profile ${profile}.`,
      name: fileName(question, profile, corpus, "claims"),
      table: { rows, columns },
    }),
  ];
}
