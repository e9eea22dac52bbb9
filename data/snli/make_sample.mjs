// Draws the sample from three files of SNLI 1.0, plain or .gz:
// node --import tsx data/snli/make_sample.mjs train.jsonl.gz dev.jsonl.gz test.jsonl.gz
import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { argv } from "node:process";
import { fileURLToPath } from "node:url";
import { gunzipSync, gzipSync } from "node:zlib";
import { createRandom } from "../../src/stats/random.ts";

const classes = ["contradiction", "entailment", "neutral"];
/** Pairs of each class in the order above. */
const sizes = { train: [4000, 4000, 4000], dev: [333, 333, 334], test: [333, 333, 334] };

const folder = dirname(fileURLToPath(import.meta.url));
for (const [index, split] of ["train", "dev", "test"].entries()) {
  const path = argv[index + 2];
  if (path === undefined) throw new Error("Name the files of train, dev and test.");
  const bytes = readFileSync(path);
  const text = (path.endsWith(".gz") ? gunzipSync(bytes) : bytes).toString("utf8");
  const pairs = text.trimEnd().split("\n").map((line) => {
    const { gold_label, sentence1, sentence2 } = JSON.parse(line);
    return JSON.stringify({ gold_label, sentence1, sentence2 });
  });
  const different = [...new Set(pairs)];
  const drawn = new Set(
    classes.flatMap((name, label) => {
      const ofClass = different.filter((pair) => JSON.parse(pair).gold_label === name);
      return createRandom(`snli-sample ${split} ${name}`).shuffle(ofClass).slice(0, sizes[split][label]);
    }),
  );
  const sample = `${different.filter((pair) => drawn.has(pair)).join("\n")}\n`;
  const packed = gzipSync(sample, { level: 9 });
  packed[9] = 255; // no operating system named: the same bytes everywhere
  const name = `snli_sample_${split}.jsonl.gz`;
  writeFileSync(join(folder, name), packed);
  const sha256 = createHash("sha256").update(sample).digest("hex");
  console.log(`${name}: ${drawn.size} pairs, ${packed.length} bytes, SHA-256 of the content ${sha256}`);
}
