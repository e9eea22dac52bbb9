import { z } from "zod";
import { UserError } from "../errors";
import { checkOptions } from "../options";
import { delimiterNames, tableFormats } from "./files/rows";
import { type Cleaning, cleaners } from "./prepare";

const column = (what: string) => z.union([z.string(), z.number()], { description: what }).optional();
const share = (what: string) => z.number({ description: what }).gt(0).lt(1);
const flag = (what: string) => z.boolean({ description: what }).default(false);
const count = (what: string) => z.number({ description: what }).int().min(1);
const labels = (what: string) => z.array(z.string(), { description: what });
const name = <Name extends string>(names: readonly [Name, ...Name[]], usual: string) =>
  z.enum(names, { description: `${names.join(", ")} (default: ${usual})` });

/** Every option of a corpus of one's own, in a notebook beside the path, on the command line a flag: `--text-column`. */
export const ownCorpusSchema = z.strictObject({
  textColumn: column("the column of the text, by its name or, without headings, its number (default: text, review, …)"),
  labelColumn: column("the column of the class, by its name or number (default: label, sentiment, stars, …)"),
  questionColumn: column("the column of a question or hypothesis about each text; the task is then inference"),
  questionOnly: flag("true to take the texts away, to see what the question alone tells (default: false)"),
  splitColumn: column("the column with train, dev (or validation) and test (default: parts are drawn)"),
  devFile: z.string({ description: "a file with the dev texts; testFile must be given too" }).optional(),
  testFile: z.string({ description: "a file with the test texts; devFile must be given too" }).optional(),
  devShare: share("the share of each class that is drawn for dev, above 0 and below 1 (default 0.1)").default(0.1),
  testShare: share("the share of each class that is drawn for test, above 0 and below 1 (default 0.2)").default(0.2),
  splitSeed: z.number({ description: "the whole number that the parts are drawn by (default 0)" }).int().default(0),
  name: z.string({ description: "the corpus's name in results (default: the file's, without its suffix)" }).optional(),
  format: name(tableFormats, "by the file's suffix").optional(),
  delimiter: name(delimiterNames, "recognised by the columns").optional(),
  encoding: z.string({ description: "as in utf-8 or latin1 (default: recognised)" }).optional(),
  classNames: labels("the labels in the order of the classes; of two the second is the positive one").min(2).optional(),
  missingLabels: labels('the labels that mean there is none (default: "-", NA, NaN and -1 beside 0, 1, 2)').optional(),
  positiveFrom: z.number().describe("the number from which on a label is positive, as in 4 of 5 stars").optional(),
  minFrequency: count("of how many training texts a word must be to be known, from 1 (default 1)").default(1),
  cleaning: name(Object.keys(cleaners) as [Cleaning, ...Cleaning[]], "plain").default("plain"),
  restricted: flag("true where no word of the texts may stand in a result, a log or a page (default: false)"),
  skipInvalid: flag("true to leave rows out that have no text, or too many cells (default: they are an error)"),
  maxRows: count("the most rows that are read (default 2,000,000)").default(2_000_000),
  maxBytes: count("the most bytes that are read, unpacked (default 4 GiB)").default(4 * 1024 ** 3),
});

/** A corpus of one's own: the file and how it is read. */
export type OwnCorpus = { path: string } & z.input<typeof ownCorpusSchema>;
export type OwnCorpusSettings = z.output<typeof ownCorpusSchema>;

/** The options with their defaults. @throws UserError for a wrong one */
export function checkOwnCorpus({ path, ...options }: OwnCorpus): OwnCorpusSettings {
  checkOptions(ownCorpusSchema, options);
  const settings = ownCorpusSchema.parse(options);
  if ((settings.devFile === undefined) !== (settings.testFile === undefined))
    throw new UserError(`${named("devFile")} and ${named("testFile")} must both be given for ${path}, but one came.`);
  if (settings.questionOnly && settings.questionColumn === undefined)
    throw new UserError(
      `${named("questionOnly")} needs a question, but ${path} is read without one; give ${named("questionColumn")}.`,
    );
  if (settings.devShare + settings.testShare < 1) return settings;
  throw new UserError(
    `The shares of dev and test must be together below 1, but ${settings.devShare} and ${settings.testShare} came; give such, as in 0.1 and 0.2.`,
  );
}

/** An option as it is called in a notebook and on the command line, for messages. */
export function named(option: keyof OwnCorpusSettings): string {
  return `${option} (${flagOf(option)})`;
}

export function flagOf(option: string): string {
  return `--${option.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}
