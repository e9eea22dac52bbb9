import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { stringify } from "csv-stringify/sync";
import { splits } from "../../src/data/dataset";
import { createRandom } from "../../src/stats/random";

/** A word that stands in every made text of a restricted corpus and may be seen nowhere else. */
export const canary = "kanarienvogel";

const words = ["pain", "fever", "cough", "blood", "heart", "lung", "liver", "kidney", "skin", "bone"];

/** One admission of a made patient. */
export interface MadeAdmission {
  patient: number;
  admission: number;
  codes: string[];
  text: string;
}

/** Made admissions with the codes in turn; two of each patient. */
export function makeAdmissions(count: number, codes: readonly string[][]): MadeAdmission[] {
  const random = createRandom("admissions");
  return Array.from({ length: count }, (_, i) => ({
    patient: 900_000 + Math.floor(i / 2),
    admission: 100_000 + i,
    codes: codes[i % codes.length]!,
    text: `Admission Date: [**2101-${i}**]\n\n"${canary}", she said; ${sentence(random.integer)}.\n\nPlan: ${sentence(random.integer)}`,
  }));
}

function sentence(integer: (below: number) => number): string {
  return Array.from({ length: 6 + integer(10) }, () => words[integer(words.length)]!).join(" ");
}

/** Writes tables in the schema of MIMIC-III 1.4, the notes packed as PhysioNet hands them out, and a split. */
export function writeMimic(folder: string, admissions: readonly MadeAdmission[]): void {
  mkdirSync(folder, { recursive: true });
  const codes = admissions.flatMap((stay) => stay.codes.map((code, i) => [stay.patient, stay.admission, i + 1, code]));
  const diagnoses = table(
    ["ROW_ID", "SUBJECT_ID", "HADM_ID", "SEQ_NUM", "ICD9_CODE"],
    codes.map((row, i) => [i + 1, ...row]),
  );
  writeFileSync(join(folder, "DIAGNOSES_ICD.csv"), diagnoses);
  for (const [part, split] of splits.entries()) {
    const chosen = admissions.filter((_, i) => Math.max(0, (Math.floor(i / 2) % 10) - 7) === part);
    writeFileSync(join(folder, `${split}_50_hadm_ids.csv`), chosen.map(({ admission }) => admission).join("\n"));
  }
  const notes = admissions.flatMap(({ patient, admission, text }) => [
    [patient, admission, "2101-1-1", "", "", "Discharge summary", "Addendum", "", "", `addendum ${canary} ends.`],
    [patient, admission, "2101-1-1", "", "", "Discharge summary", "Report", "", "", text],
    [patient, admission, "2101-1-1", "", "", "Nursing", "Report", 17, "", `nursing ${canary}`],
    [patient, admission, "2101-1-1", "", "", "Discharge summary", "Report", "", 1, `mistaken ${canary}`],
    [patient, "", "2101-1-1", "", "", "Discharge summary", "Report", "", "", `nowhere ${canary}`],
  ]);
  const columns =
    "ROW_ID,SUBJECT_ID,HADM_ID,CHARTDATE,CHARTTIME,STORETIME,CATEGORY,DESCRIPTION,CGID,ISERROR,TEXT".split(",");
  const content = table(
    columns,
    notes.map((row, i) => [i + 1, ...row]),
  );
  writeFileSync(join(folder, "NOTEEVENTS.csv.gz"), gzipSync(content));
}

/** Headings in quotes and text in quotes, as in PhysioNet's files. */
function table(columns: readonly string[], rows: readonly unknown[][]): string {
  return stringify([columns, ...rows], { quoted_string: true });
}

/** Made tweets as the distributor's script writes them: ids of tweet and user, label, text. */
export function makeTweets(count: number): string {
  const random = createRandom("tweets");
  const rows = Array.from({ length: count }, (_, i) => {
    const text = `@user "${canary} ${sentence(random.integer)} #${canary} ${i % 3 === 0 ? "aches" : "helps"}`;
    return `35419${i}\t9${i}\t${i % 3 === 0 ? 1 : 0}\t${text}`;
  });
  return `${rows.join("\n")}\n1\t1\t0\tNot Available\n2\t2\t1\n`;
}
