import { join } from "node:path";
import { UserError } from "../../errors";
import type { ReadOptions } from "../corpus";
import { lineFault } from "../files/lines";
import { plainOrGzip } from "../files/source";
import { readTable } from "../files/table";
import { cleanPlain, shareWord } from "../words/text";

/** A stay in hospital, by its HADM_ID. */
export interface Admission {
  patient: string;
  /** ICD-9 codes without their point; those of procedures have a "p" before them. */
  codes: Set<string>;
}

/** The path of a table of MIMIC-III in a folder, plain or as .gz, if it is there. */
export function findTable(folder: string, table: string): string | undefined {
  return plainOrGzip(join(folder, `${table}.csv`));
}

/** The admissions with their diagnoses, and with their procedures where PROCEDURES_ICD is at hand. */
export async function readAdmissions(folder: string, options?: ReadOptions): Promise<Map<string, Admission>> {
  const admissions = new Map<string, Admission>();
  for (const [table, prefix] of [
    ["DIAGNOSES_ICD", ""],
    ["PROCEDURES_ICD", "p"],
  ] as const) {
    const path = findTable(folder, table);
    if (path === undefined) continue;
    const columns = ["SUBJECT_ID", "HADM_ID", "ICD9_CODE"];
    for await (const [patient, admission, code] of readColumns(path, columns, { signal: options?.signal })) {
      if (!admission || !code) continue;
      const known = admissions.get(admission) ?? { patient: patient!, codes: new Set() };
      admissions.set(admission, known);
      known.codes.add(shareWord(prefix + code));
    }
  }
  return admissions;
}

/**
 * The words of the discharge summaries of the wanted admissions, reports before their addenda. NOTEEVENTS (4 GB) is read
 * once, row by row; notes that a physician marked as an error are left out.
 */
export async function readDischargeSummaries(
  folder: string,
  wanted: ReadonlySet<string>,
  options?: ReadOptions,
): Promise<Map<string, string[]>> {
  const path = findTable(folder, "NOTEEVENTS")!;
  const reports = new Map<string, string[]>();
  const addenda = new Map<string, string[]>();
  const columns = ["HADM_ID", "CATEGORY", "DESCRIPTION", "ISERROR", "TEXT"];
  for await (const [admission, category, description, isError, text] of readColumns(path, columns, options)) {
    if (category !== "Discharge summary" || !wanted.has(admission!) || isError === "1") continue;
    const notes = description === "Addendum" ? addenda : reports;
    const words = notes.get(admission!) ?? [];
    for (const word of cleanPlain(text!)) words.push(word);
    notes.set(admission!, words);
  }
  for (const [admission, words] of addenda) reports.set(admission, (reports.get(admission) ?? []).concat(words));
  return reports;
}

/** Numbers of admissions, one a line, as in the split files of Mullenbach et al. */
export async function readAdmissionNumbers(path: string): Promise<string[]> {
  const numbers: string[] = [];
  for await (const { line, cells } of readTable({ path }, ",")) {
    const number = cells[0]!.trim();
    if (cells.length !== 1 || !/^\d+$/.test(number))
      throw lineFault({ path }, line, "must be the number of an admission, but is not");
    numbers.push(number);
  }
  return numbers;
}

/** These columns of a table with headings; messages never quote what is in it. */
async function* readColumns(path: string, columns: readonly string[], options?: ReadOptions): AsyncGenerator<string[]> {
  let width = 0;
  let indices: number[] = [];
  for await (const { line, cells } of readTable({ path, ...options }, ",")) {
    if (width === 0) {
      width = cells.length;
      const headings = cells.map((cell) => cell.toUpperCase());
      indices = columns.map((name) => headings.indexOf(name));
      const missing = columns.filter((name) => !headings.includes(name));
      if (missing.length > 0)
        throw new UserError(
          `${path} must have the columns ${columns.join(", ")} in its first line, but lacks ${missing.join(", ")}; use the CSV files of MIMIC-III as PhysioNet hands them out.`,
        );
    } else if (cells.length !== width)
      throw lineFault({ path }, line, `must have ${width} cells, but has ${cells.length}`);
    else yield indices.map((index) => cells[index]!);
  }
}
