import { join, resolve } from "node:path";
import { UserError } from "../../errors";
import { type Corpus, type CorpusState, type PreparedTexts, type ReadOptions, type Split, splits } from "../dataset";
import { lineFault, readLines } from "../files/lines";
import { plainOrGzip } from "../files/source";
import { readTable } from "../files/table";
import { cleanPlain, drawShare, type LengthBounds, mapSplits, shareWord, withinLengths } from "../prepare";
import { requireOwn } from "../restricted";

const common = {
  task: "classification",
  licence: "PhysioNet Credentialed Health Data License 1.5.0: texts must not be passed on",
  citation: "Johnson et al. (2016), MIMIC-III, a freely accessible critical care database, Scientific Data 3, 160035",
  restricted: true,
} as const;

/** The files of the split of Mullenbach et al. (2018), which the paper uses. */
const splitFiles = splits.map((split) => `${split}_50_hadm_ids.csv`);

/** Discharge summaries of MIMIC-III: diabetes (ICD-9 250.00) or not, as in the paper. */
export const diabetes: Corpus = {
  ...common,
  name: "diabetes",
  title: "Diabetes (MIMIC-III)",
  classNames: ["no diabetes", "diabetes"],
  origin: "Discharge summaries of MIMIC-III with one of its 50 most frequent codes, labelled by ICD-9 250.00.",
  published: { train: [6381, 1353], test: [1296, 319], vocabulary: 18_888 },
  state: () => stateOfMimic(splitFiles),
  read: async (options) => {
    const folder = requireOwn(stateOfMimic(splitFiles));
    const admissions = await readAdmissions(folder, options);
    const splitOf = new Map<string, Split>();
    for (const [index, split] of splits.entries()) {
      const path = plainOrGzip(join(folder, splitFiles[index]!))!;
      for await (const { line, text } of readLines({ path })) {
        if (!/^\d+$/.test(text.trim()))
          throw lineFault({ path }, line, "must be the number of an admission, but is not");
        splitOf.set(text.trim(), split);
      }
    }
    const labelOf = (admission: string) => (admissions.get(admission)?.codes.has("25000") ? 1 : 0);
    const note = "Split as in Mullenbach et al. (2018), as in the paper.";
    return prepareSummaries(folder, splitOf, labelOf, { above: 6, below: 4000 }, note, options);
  },
};

/** Discharge summaries of MIMIC-III: acute (ICD-9 285.1) or chronic anemia (285.2x), as in the paper. */
export const anemia: Corpus = {
  ...common,
  name: "anemia",
  title: "Anemia (MIMIC-III)",
  classNames: ["chronic anemia", "acute anemia"],
  origin: "Discharge summaries of MIMIC-III with either acute (ICD-9 285.1) or chronic anemia (285.2x).",
  published: { train: [1847, 3251], test: [460, 802], vocabulary: 16_274 },
  state: () => stateOfMimic(),
  read: async (options) => {
    const folder = requireOwn(stateOfMimic());
    const labels = new Map<string, number>();
    const admissions = await readAdmissions(folder, options);
    for (const [admission, { codes }] of admissions) {
      const isAcute = codes.has("2851");
      const isChronic = [...codes].some((code) => /^2852\d*$/.test(code));
      if (isAcute !== isChronic) labels.set(admission, isAcute ? 1 : 0);
    }
    const splitOf = drawPatients([...labels.keys()], (admission) => admissions.get(admission)!.patient);
    const note =
      "The paper's split is not published: test is 20 % and dev 15 % of the other patients, drawn by a fixed seed.";
    return prepareSummaries(folder, splitOf, (admission) => labels.get(admission)!, { below: 4000 }, note, options);
  },
};

/** @param more files that are needed beside the tables */
function stateOfMimic(more: readonly string[] = []): CorpusState {
  const folder = process.env.ATTENTION_MIMIC;
  const needed = ["NOTEEVENTS.csv", "DIAGNOSES_ICD.csv", ...more];
  const missing = needed.filter((file) => !folder || plainOrGzip(join(folder, file)) === undefined);
  if (folder && missing.length === 0) return { kind: "ready", where: resolve(folder) };
  const from = more.length > 0 ? " (the split is that of github.com/jamesmullenbach/caml-mimic)" : "";
  const how = `get credentialed access to MIMIC-III 1.4 at https://physionet.org/content/mimiciii/1.4/ and name the folder with ${missing.join(" and ")}, each plain or as .gz${from}, in ATTENTION_MIMIC`;
  return { kind: "needs your file", how };
}

function drawPatients(chosen: readonly string[], patientOf: (admission: string) => string): Map<string, Split> {
  const { drawn: test, rest } = drawShare([...new Set(chosen.map(patientOf))], 0.2, "anemia test");
  const { drawn: dev } = drawShare(rest, 0.15, "anemia dev");
  const splitOf = new Map([...dev.map((one) => [one, "dev"] as const), ...test.map((one) => [one, "test"] as const)]);
  return new Map(chosen.map((admission) => [admission, splitOf.get(patientOf(admission)) ?? "train"]));
}

async function prepareSummaries(
  folder: string,
  splitOf: ReadonlyMap<string, Split>,
  labelOf: (admission: string) => number,
  bounds: LengthBounds,
  note: string,
  options: ReadOptions,
): Promise<PreparedTexts> {
  const summaries = await readDischargeSummaries(folder, new Set(splitOf.keys()), options);
  const all = mapSplits((split) =>
    [...summaries]
      .filter(([admission]) => splitOf.get(admission) === split)
      .map(([admission, tokens], index) => ({ id: `${split}-${index + 1}`, tokens, label: labelOf(admission) })),
  );
  return withinLengths(all, bounds, 5, (kept) => [
    note,
    `Summaries that are too short or too long are left out, as in the paper's code; kept are ${kept}.`,
    "Words of fewer than 5 training summaries are unknown words, as in the paper's code.",
    "The paper's word vectors were trained on MIMIC itself and are not published.",
  ]);
}

/** Of each admission its patient, and the ICD-9 codes of its diagnoses without their point. */
async function readAdmissions(folder: string, { signal }: ReadOptions) {
  const admissions = new Map<string, { patient: string; codes: Set<string> }>();
  const columns = ["SUBJECT_ID", "HADM_ID", "ICD9_CODE"];
  for await (const [patient, admission, code] of readColumns(folder, "DIAGNOSES_ICD.csv", columns, { signal })) {
    if (!admission || !code) continue;
    const known = admissions.get(admission) ?? { patient: patient!, codes: new Set() };
    admissions.set(admission, known);
    known.codes.add(shareWord(code));
  }
  return admissions;
}

/** The words of the wanted admissions' discharge summaries, reports before addenda, without notes marked as an error. */
export async function readDischargeSummaries(folder: string, wanted: ReadonlySet<string>, options?: ReadOptions) {
  const reports = new Map<string, string[]>();
  const addenda = new Map<string, string[]>();
  const columns = ["HADM_ID", "CATEGORY", "DESCRIPTION", "ISERROR", "TEXT"];
  const rows = readColumns(folder, "NOTEEVENTS.csv", columns, options);
  for await (const [admission, category, description, isError, text] of rows) {
    if (category !== "Discharge summary" || !wanted.has(admission!) || isError === "1") continue;
    const notes = description === "Addendum" ? addenda : reports;
    const words = notes.get(admission!) ?? [];
    for (const word of cleanPlain(text!)) words.push(word);
    notes.set(admission!, words);
  }
  for (const [admission, words] of addenda) reports.set(admission, (reports.get(admission) ?? []).concat(words));
  return reports;
}

/** These columns of a table with headings; messages never quote what is in it. */
async function* readColumns(folder: string, table: string, columns: readonly string[], options?: ReadOptions) {
  const path = plainOrGzip(join(folder, table))!;
  let indices: number[] | undefined;
  let width = 0;
  for await (const { line, cells } of readTable({ path, ...options }, ",")) {
    if (indices === undefined) {
      width = cells.length;
      indices = columns.map((name) => cells.findIndex((cell) => cell.toUpperCase() === name));
      const missing = columns.filter((_, place) => indices![place] === -1);
      if (missing.length > 0)
        throw new UserError(
          `${path} must have the columns ${columns.join(", ")} in its first line, but lacks ${missing.join(", ")}; use the CSV files of MIMIC-III as PhysioNet hands them out.`,
        );
    } else if (cells.length === width) yield indices.map((index) => cells[index]!);
    else throw lineFault({ path }, line, `must have ${width} cells, but has ${cells.length}`);
  }
}
