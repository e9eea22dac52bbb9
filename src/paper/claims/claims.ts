import { groupBy } from "../../stats/summary";
import type { ComparedStudy, StudiesOf } from "../studies";
import type { Claim, ClaimRow, Question } from "./claim";
import { rq1 } from "./rq1";
import { rq2 } from "./rq2";
import { rq3 } from "./rq3";
import { rq4 } from "./rq4";

/** Every claim that is judged, in the order of the table. */
export const allClaims: readonly (Claim & { question: Question })[] = Object.entries({ rq1, rq2, rq3, rq4 }).flatMap(
  ([question, own]) => own.map((claim) => ({ ...claim, question: question as Question })),
);

/**
 * The table of a question's claims, judged by some studies: a line for each claim, with its verdict in each corpus. A
 * corpus whose measures and classes do not all have the same verdict is mixed.
 *
 * @param controls studies that these are held against: of the question alone, and trained with uniform attention
 * @returns beside the table `lead`, its answer in at most three sentences, and `inFull`, a line for each corpus, measure and predicted
 *   class with effect, control, what is published, and why the verdict is what it is
 * @example
 * const judged = claims("rq1", runs);
 * await show(judged);
 */
export function claims(question: Question, runs: StudiesOf, ...controls: StudiesOf[]) {
  const all =
    controls.length > 0 ? { configurations: [runs, ...controls].flatMap((each) => each.configurations) } : runs;
  const judged = allClaims
    .filter((claim) => claim.question === question)
    .map((claim) => ({ claim, rows: rowsOf(claim, all) }));
  const labels = labelsOf(all);
  const inFull = judged.flatMap(({ claim, rows }) => (rows.length > 0 ? rows : [withoutStudies(claim)]));
  return {
    rows: judged.map(({ claim: { id, statement, needs, rule }, rows }) => ({
      ...{ claim: id, statement, verdict: byCorpus(rows) || `not decided: it needs ${needs}`, rule },
    })),
    columns: { claim: "claim", statement: "what is claimed", verdict: "verdict by corpus" },
    lead: answerOf(judged.map(({ rows }) => rows)),
    inFull: {
      rows: inFull.map((row) => ({ ...row, label: labels.get(row.corpus) ?? "" })),
      columns: {
        ...{ claim: "claim", corpus: "Corpus", of: "of", effect: "effect", control: "control", published: "published" },
        ...{ verdict: "verdict", reason: "reason", also: "besides", label: "of the corpus" },
      },
      caption: judged.map(({ claim: { id, rule } }) => `${id}: ${rule}`).join("\n"),
    },
  };
}

const known = new WeakMap<readonly ComparedStudy[], Map<Claim, ClaimRow[]>>();

/** Judges once by the same studies: what must be read with every question's lines comes from claims of two of them. */
function rowsOf(claim: Claim, { configurations }: StudiesOf): ClaimRow[] {
  const own = known.get(configurations) ?? new Map<Claim, ClaimRow[]>();
  known.set(configurations, own);
  if (!own.has(claim)) own.set(claim, claim.judge({ configurations }));
  return own.get(claim)!;
}

/** What every line of a corpus must be read with: whether attention is needed there, and whether any moves the output. */
function labelsOf(all: StudiesOf): Map<string, string> {
  const told = ["performance", "permute"].flatMap((id) => rowsOf(allClaims.find((claim) => claim.id === id)!, all));
  const byCorpus = groupBy(
    told.filter(({ low }) => low !== undefined),
    ({ corpus }) => corpus,
  );
  const labelOf = (rows: readonly ClaimRow[]) => {
    const needed = rows.find(({ claim }) => claim === "performance");
    const moves = rows.filter(({ claim }) => claim === "permute");
    const still = moves.filter(({ verdict }) => verdict === "says nothing").map(({ of }) => of);
    const which = still.length < moves.length ? ` of ${still.join(" and ")} texts` : "";
    return [
      needed && `attention ${needed.verdict === "agrees" ? "" : "not shown to be "}needed here`,
      still.length > 0
        ? `no attention moves the output${which}`
        : moves.length > 0 && "other attention moves the output",
    ];
  };
  return new Map([...byCorpus].map(([corpus, rows]) => [corpus, labelOf(rows).filter(Boolean).join("; ")]));
}

const order = ["agrees", "disagrees", "mixed", "says nothing", "not decided"];

/** As in "agrees: sst, imdb; not decided: snli". */
function byCorpus(rows: readonly ClaimRow[]): string {
  const verdicts = [...groupBy(rows, ({ corpus }) => corpus)].map(([corpus, own]) => {
    return { corpus, verdict: new Set(own.map(({ verdict }) => verdict)).size === 1 ? own[0]!.verdict : "mixed" };
  });
  return [...groupBy(verdicts, ({ verdict }) => verdict)]
    .sort(([a], [b]) => order.indexOf(a) - order.indexOf(b))
    .map(([verdict, own]) => `${verdict}: ${own.map(({ corpus }) => corpus).join(", ")}`)
    .join("; ");
}

/** Of each of the first claims the sentence of the corpus with the most training runs. */
function answerOf(claims: readonly (readonly ClaimRow[])[]): string {
  const told = claims.map((rows) =>
    rows.reduce<ClaimRow | undefined>((best, row) => (row.runs > (best?.runs ?? 0) ? row : best), undefined),
  );
  const lines = told.flatMap((row) => (row ? [`- ${inMarkdown(row.sentence)}`] : []));
  return lines.slice(0, 3).join("\n") || "Nothing is decided here.";
}

/** With τ's subscripts as such. */
export function inMarkdown(sentence: string): string {
  return sentence.replace(/τ_(\w+(?:,\w+)*)/g, "τ<sub>$1</sub>");
}

function withoutStudies({ id, needs }: Claim): ClaimRow {
  const reason = `it needs ${needs}`;
  return {
    ...{ claim: id, corpus: "", of: "", effect: "not computed", control: "not computed", published: "" },
    ...{ verdict: "not decided", reason, also: "", sentence: `Not decided: ${reason}.` },
    ...{ mean: undefined, low: undefined, high: undefined, runs: 0 },
  };
}
