import type { Question } from "../../paper/claims/claim";
import type { Column } from "../../study/columns";
import type { StudyEntry } from "../contents";
import { type Context, fileOf, type OpenStudy } from "./context";
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
  if (judged === undefined || rows.length === 0) return [];
  const { corpus: _, ...columns } = judged.columns;
  return [
    tableBlock({
      title: "The paper's claims",
      about: `${judged.caption} Judged by all studies of ${corpus}, profile ${profile}.`,
      name: fileName(question, profile, corpus, "claims"),
      table: { rows, columns },
    }),
  ];
}

/** What the authors published of some columns, beside ours; nothing where these are not the paper's. */
export function publishedTable(study: OpenStudy, shown: readonly Column[]): HTMLElement[] {
  const { beside } = study.contents;
  const rows = beside.rows.filter(({ measure }) => shown.some(({ name }) => name === measure));
  if (rows.length === 0) return [];
  return [
    tableBlock({
      title: "Beside the paper",
      about:
        "Paper: Table 2, or numbers read back from published plots. Noise: how far two published runs of the authors' own code are apart; no replication can be asked to come closer. A corpus that the paper does not have is set beside the range over its corpora of the same task.",
      name: fileOf(study, "beside-the-paper"),
      table: { ...beside, rows, digits: 3 },
    }),
  ];
}
