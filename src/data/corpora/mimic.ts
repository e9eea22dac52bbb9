import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { UserError } from "../../errors";
import { createRandom } from "../../stats/random";
import { type Corpus, type CorpusState, type PreparedTexts, type ReadOptions, splits } from "../corpus";
import type { Split } from "../dataset";
import { drawShare, filterByLength, keptOf, type LengthBounds, mapSplits } from "../prepare";
import { buildVocabulary } from "../words/text";
import { type Admission, findTable, readAdmissionNumbers, readAdmissions, readDischargeSummaries } from "./mimicTables";

const common: Omit<Corpus, "name" | "title" | "classNames" | "origin" | "published" | "read"> = {
  task: "classification",
  licence: "PhysioNet Credentialed Health Data License 1.5.0: texts must not be passed on",
  citation: "Johnson et al. (2016), MIMIC-III, a freely accessible critical care database, Scientific Data 3, 160035",
  cleaning: "plain",
  restricted: true,
  files: [],
  state: stateOfMimic,
};

/** Discharge summaries of MIMIC-III: diabetes (ICD-9 250.00) or not, as in the paper. */
export const diabetes: Corpus = {
  ...common,
  name: "diabetes",
  title: "Diabetes (MIMIC-III)",
  classNames: ["no diabetes", "diabetes"],
  origin: "Discharge summaries of MIMIC-III with one of its 50 most frequent codes, labelled by ICD-9 250.00.",
  published: { train: [6381, 1353], test: [1296, 319], vocabulary: 18_888 },
  read: async (options) => {
    const folder = requireFolder();
    const admissions = await readAdmissions(folder, options);
    const { splitOf, notes } = (await readPublishedSplit(folder)) ?? drawFrequent(admissions);
    const labelOf = (admission: string) => (admissions.get(admission)?.codes.has("25000") ? 1 : 0);
    return prepareSummaries(folder, splitOf, labelOf, { above: 6, below: 4000 }, notes, options);
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
  read: async (options) => {
    const folder = requireFolder();
    const labels = new Map<string, number>();
    const admissions = await readAdmissions(folder, options);
    for (const [admission, { codes }] of admissions) {
      const isAcute = codes.has("2851");
      const isChronic = [...codes].some((code) => /^2852\d*$/.test(code));
      if (isAcute !== isChronic) labels.set(admission, isAcute ? 1 : 0);
    }
    const splitOf = drawPatients([...labels.keys()], admissions);
    const notes = [
      "The paper's split is not published: test is 20 % and dev 15 % of the other patients, drawn by a fixed seed.",
    ];
    return prepareSummaries(folder, splitOf, (admission) => labels.get(admission)!, { below: 4000 }, notes, options);
  },
};

function stateOfMimic(): CorpusState {
  const folder = mimicFolder();
  const needed = ["NOTEEVENTS", "DIAGNOSES_ICD"];
  const missing = folder === undefined ? needed : needed.filter((table) => findTable(folder, table) === undefined);
  if (folder !== undefined && missing.length === 0) return { kind: "ready", where: folder };
  return { kind: "needs your file", how: howToGet(missing) };
}

function howToGet(missing: readonly string[]): string {
  return `get credentialed access to MIMIC-III 1.4 at https://physionet.org/content/mimiciii/1.4/ and name the folder with ${missing.map((table) => `${table}.csv or .csv.gz`).join(" and ")} in ATTENTION_MIMIC`;
}

function mimicFolder(): string | undefined {
  const folder = process.env.ATTENTION_MIMIC;
  return folder ? resolve(folder) : undefined;
}

function requireFolder(): string {
  const state = stateOfMimic();
  if (state.kind === "ready") return state.where;
  throw new UserError(
    `The MIMIC-III tables are not at hand${state.kind === "needs your file" ? `; ${state.how}` : ""}.`,
  );
}

/** Which admissions are used, and in which split. */
interface Selection {
  splitOf: Map<string, Split>;
  notes: string[];
}

/** The split of Mullenbach et al. (2018), which the paper uses, where its three files lie beside the tables. */
async function readPublishedSplit(folder: string): Promise<Selection | undefined> {
  const paths = splits.map((split) => join(folder, `${split}_50_hadm_ids.csv`));
  if (!paths.every((path) => existsSync(path))) return undefined;
  const splitOf = new Map<string, Split>();
  for (const [index, path] of paths.entries())
    for (const admission of await readAdmissionNumbers(path)) splitOf.set(admission, splits[index]!);
  return { splitOf, notes: ["Split as in Mullenbach et al. (2018), as in the paper."] };
}

/** How many summaries each part of the 50-label split has, as Mullenbach et al. state. */
const publishedSizes: Record<Split, number> = { train: 8067, dev: 1574, test: 1730 };

/** Instead of that split: as many admissions with one of the 50 most frequent codes, no patient in two splits. */
function drawFrequent(admissions: ReadonlyMap<string, Admission>): Selection {
  const counts = new Map<string, number>();
  for (const { codes } of admissions.values()) for (const code of codes) counts.set(code, (counts.get(code) ?? 0) + 1);
  const frequent = [...counts].sort(([a, countA], [b, countB]) => countB - countA || (a < b ? -1 : 1)).slice(0, 50);
  const isFrequent = (admission: string) => frequent.some(([code]) => admissions.get(admission)!.codes.has(code));
  const byPatient = groupByPatient([...admissions.keys()].filter(isFrequent), admissions);
  const total = [...byPatient.values()].reduce((sum, { length }) => sum + length, 0);
  const wanted = splits.reduce((sum, split) => sum + publishedSizes[split], 0);
  const room = mapSplits((split) => Math.round(publishedSizes[split] * Math.min(1, total / wanted)));
  const splitOf = new Map<string, Split>();
  for (const patient of createRandom("diabetes split").shuffle([...byPatient.keys()])) {
    const stays = byPatient.get(patient)!;
    const split = (["test", "dev", "train"] as const).find((part) => room[part] >= stays.length);
    if (split === undefined) continue;
    room[split] -= stays.length;
    for (const admission of stays) splitOf.set(admission, split);
  }
  const note =
    "The split of Mullenbach et al. (2018), which the paper uses, is not at hand (train_50_hadm_ids.csv and so on beside the tables): as many admissions with one of the 50 most frequent codes are drawn by a fixed seed, no patient in two splits.";
  return { splitOf, notes: [note] };
}

function drawPatients(chosen: readonly string[], admissions: ReadonlyMap<string, Admission>): Map<string, Split> {
  const byPatient = groupByPatient(chosen, admissions);
  const { drawn: test, rest } = drawShare([...byPatient.keys()], 0.2, "anemia test");
  const { drawn: dev, rest: train } = drawShare(rest, 0.15, "anemia dev");
  const parts: Record<Split, string[]> = { train, dev, test };
  const pairs = splits.flatMap((split) =>
    parts[split].flatMap((patient) => byPatient.get(patient)!.map((admission): [string, Split] => [admission, split])),
  );
  return new Map(pairs);
}

function groupByPatient(chosen: readonly string[], admissions: ReadonlyMap<string, Admission>): Map<string, string[]> {
  const groups = new Map<string, string[]>();
  for (const admission of chosen) {
    const { patient } = admissions.get(admission)!;
    const group = groups.get(patient);
    if (group === undefined) groups.set(patient, [admission]);
    else group.push(admission);
  }
  return groups;
}

async function prepareSummaries(
  folder: string,
  splitOf: ReadonlyMap<string, Split>,
  labelOf: (admission: string) => number,
  bounds: LengthBounds,
  notes: string[],
  options: ReadOptions,
): Promise<PreparedTexts> {
  const summaries = await readDischargeSummaries(folder, new Set(splitOf.keys()), options);
  const all = mapSplits((split) =>
    [...summaries]
      .filter(([admission]) => splitOf.get(admission) === split)
      .map(([admission, tokens], index) => ({ id: `${split}-${index + 1}`, tokens, label: labelOf(admission) })),
  );
  const kept = mapSplits((split) => filterByLength(all[split], bounds));
  return {
    ...kept,
    vocabulary: buildVocabulary(all.train, { minDocuments: 5 }),
    notes: [
      ...notes,
      `Summaries that are too short or too long are left out, as in the paper's code; kept are ${keptOf(kept, all)}.`,
      "Words of fewer than 5 training summaries are unknown words, as in the paper's code.",
      "The paper's word vectors were trained on MIMIC itself and are not published.",
    ],
  };
}
