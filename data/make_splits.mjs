// Writes the splits of the two corpora that come without one, reviews/split.json and mails/split.json, each the ids of
// train, dev and test in the order in which they are read: node --import tsx data/make_splits.mjs
import { readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gunzipSync } from "node:zlib";
import { cleanPlain, drawByClass, mapSplits } from "../src/data/prepare.ts";
import { createRandom } from "../src/stats/random.ts";
import { groupBy } from "../src/stats/summary.ts";

const folder = dirname(fileURLToPath(import.meta.url));

function write(corpus, texts) {
  const random = createRandom(`${corpus} order`);
  const ids = mapSplits((split) => random.shuffle(texts[split]).map(({ id }) => id));
  writeFileSync(join(folder, corpus, "split.json"), `${JSON.stringify(ids)}\n`);
}

/** 70 % train, 10 % dev and 20 % test of every source and class; equal sentences are in one split. */
function splitSentences() {
  const numbers = new Map();
  const rows = readFileSync(join(folder, "reviews", "sentences.tsv"), "utf8").trimEnd().split("\n").slice(1);
  const sentences = rows.map((row) => {
    const [source, label, text] = row.split("\t");
    numbers.set(source, (numbers.get(source) ?? 0) + 1);
    return { id: `${source}-${numbers.get(source)}`, group: `${source} ${label}`, tokens: cleanPlain(text).join(" ") };
  });
  const parts = [...groupBy(sentences, ({ group }) => group)].map(([name, group]) => splitGroup(name, group));
  return mapSplits((split) => parts.flatMap((part) => part[split]));
}

const shares = { test: 0.2, dev: 0.1 };

function splitGroup(name, sentences) {
  const parts = mapSplits(() => []);
  const equal = groupBy(sentences, ({ tokens }) => tokens).values();
  for (const same of createRandom(`reviews ${name}`).shuffle([...equal])) {
    const room = (split) => Math.round(sentences.length * shares[split]) - parts[split].length;
    const split = ["test", "dev"].find((candidate) => room(candidate) >= same.length) ?? "train";
    parts[split].push(...same);
  }
  return parts;
}

/** 70 % train, 10 % dev and 20 % test of each class. */
function splitMails() {
  const lines = gunzipSync(readFileSync(join(folder, "mails", "mails.jsonl.gz"))).toString().trimEnd().split("\n");
  const mails = lines.map((line) => JSON.parse(line)).sort((a, b) => a.label - b.label);
  return drawByClass(mails, { test: 0.2, dev: 0.125 }, (part, label) => `mails ${part} ${label}`);
}

write("reviews", splitSentences());
write("mails", splitMails());
