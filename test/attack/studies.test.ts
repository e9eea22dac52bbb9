import assert from "node:assert/strict";
import {
  appendFileSync,
  cpSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { before, test } from "node:test";
import { loadBackend } from "../../src/backend/tensorflow";
import { UserError } from "../../src/errors";
import { readSummed, writeSummed } from "../../src/study/files";
import { answerTo, attackAll, attackFolder, type Line, tinyCorpus, tinyModel } from "./attacks";

// What is damaged in the folders of studies and models is said, and computed anew to the same bits; or it is harmless.

const { folder, put } = attackFolder();
const corpus = put("tiny.csv", tinyCorpus());
const out = join(folder, "out");
const command = ["study", "--corpus-file", corpus, "--out", out, "--test-limit", "8", ...tinyModel];
const [results, models] = [join(out, "tiny"), join(folder, "cache", "attention-is-not-explanation", "models")];
const whole = join(folder, "whole");

before(async () => {
  await loadBackend();
  const { code, printed } = await answerTo(command);
  assert.equal(code, 0, printed);
  cpSync(results, join(whole, "results"), { recursive: true });
  cpSync(models, join(whole, "models"), { recursive: true });
});

/** The file of the only study, or of the only model, of this name. */
function inside(root: string, name: string): string {
  return join(root, readdirSync(root)[0]!, name);
}
const study = (name: string) => inside(results, name);
const model = (name: string) => inside(models, name);

/** Names and bytes of all that is the same however often it is computed. */
function outcome(): [string, string][] {
  const names = readdirSync(study("")).sort();
  const same = names.filter((name) => !/^(manifest|summary)/.test(name));
  return [
    ...names.map((name): [string, string] => [name, ""]),
    ...same.map((name): [string, string] => [name, readFileSync(study(name), "base64")]),
  ];
}

/** Damage of what is there after the first run; the same command ends with the same rows all the same. */
function damage(what: string, how: () => void, sentence: RegExp): Line {
  const attempt = async () => {
    for (const [from, to] of [
      ["results", results],
      ["models", models],
    ] as const) {
      rmSync(to, { recursive: true, force: true });
      cpSync(join(whole, from), to, { recursive: true });
    }
    const expected = outcome();
    how();
    const { printed, code } = await answerTo(command);
    assert.equal(code, 0, printed);
    assert.deepEqual(outcome(), expected);
    console.warn(printed);
  };
  return [what, attempt, sentence, { code: 0, seconds: 20 }];
}

/** Damage of the model, which is read where there is no study. */
function damageModel(what: string, how: () => void): Line {
  const alone = () => {
    how();
    rmSync(study("manifest.json"));
  };
  return damage(what, alone, /model\.safetensors is damaged and is made anew/);
}

function flip(path: string, place = 0.5): void {
  const bytes = readFileSync(path);
  bytes[Math.floor(place * bytes.length)]! ^= 1;
  writeFileSync(path, bytes);
}
const replace = (path: string, from: RegExp, to: string) => {
  const text = readFileSync(path, "utf8");
  assert.match(text, from);
  writeFileSync(path, text.replace(from, to));
};
const fill = (name: string, content: string | Uint8Array) => () => writeFileSync(study(name), content);
const anew = /manifest\.json is not what was written \(its checksum differs\).* It is computed anew now/;
const damagedRows = /texts\.parquet is not what was written \(its checksum differs\).* It is computed anew now/;
const writtenAnew = /rows\.csv and summary\.json in .* are not as they were written, and are written anew/;
const done = /8 texts/;

attackAll([
  damage("nothing is damaged", () => undefined, done),
  damage("an empty manifest", fill("manifest.json", ""), anew),
  damage("a manifest of null", fill("manifest.json", "null"), anew),
  damage("a manifest of {}", fill("manifest.json", "{}"), anew),
  damage("a manifest of a list", fill("manifest.json", "[]"), anew),
  damage("a manifest of NULs", fill("manifest.json", Buffer.alloc(3000)), anew),
  damage(
    "a manifest of another version",
    () => replace(study("manifest.json"), /"formatVersion": 3/, '"formatVersion": 2'),
    /is not what was written|must be of version 3/,
  ),
  damage("a manifest cut short", () => truncateSync(study("manifest.json"), 2000), anew),
  damage("a score with another digit", () => replace(study("manifest.json"), /"accuracy": \d/, '"accuracy": 7'), anew),
  damage("a class by another name", () => replace(study("manifest.json"), /"good"/, '"goad"'), anew),
  damage("a manifest that is gone", () => rmSync(study("manifest.json")), done),
  damage("rows cut short", () => truncateSync(study("texts.parquet"), 3000), damagedRows),
  damage("empty rows", () => truncateSync(study("texts.parquet"), 0), damagedRows),
  damage("rows with another bit", () => flip(study("texts.parquet")), damagedRows),
  damage("rows with another first bit", () => flip(study("texts.parquet"), 0), damagedRows),
  damage("rows with another last bit", () => flip(study("texts.parquet"), 0.99999), damagedRows),
  damage("rows with more at the end", () => appendFileSync(study("texts.parquet"), "x"), damagedRows),
  damage(
    "rows that are gone",
    () => rmSync(study("texts.parquet")),
    /texts\.parquet cannot be used \(ENOENT.* It is computed anew now/,
  ),
  damage("a table with another digit", () => replace(study("rows.csv"), /0\.(\d)/, "0.$1$1"), writtenAnew),
  damage("a table cut short", () => truncateSync(study("rows.csv"), 200), writtenAnew),
  damage("a table that is gone", () => rmSync(study("rows.csv")), writtenAnew),
  damage("a summary with another digit", () => flip(study("summary.json")), writtenAnew),
  damageModel("a model cut short", () => truncateSync(model("model.safetensors"), 500)),
  damageModel("an empty model", () => truncateSync(model("model.safetensors"), 0)),
  damageModel("a model with another bit", () => flip(model("model.safetensors"), 0.9)),
  damageModel("a model with another bit in its heading", () => flip(model("model.safetensors"), 0.02)),
  damageModel("a model of a heading of 16 EiB", () =>
    writeFileSync(model("model.safetensors"), Buffer.alloc(100, 0xff)),
  ),
  damage(
    "the description of a model is null",
    () => {
      writeFileSync(model("config.json"), "null");
      rmSync(study("manifest.json"));
    },
    done,
  ),
  damage(
    "half a training",
    () => {
      cpSync(model("model.safetensors"), model("training.safetensors"));
      truncateSync(model("training.safetensors"), 700);
      rmSync(model("model.safetensors"));
      rmSync(study("manifest.json"));
    },
    /training\.safetensors is damaged and is made anew/,
  ),
]);

attackAll([
  [
    "rows that are a folder",
    () => {
      rmSync(study("texts.parquet"));
      mkdirSync(study("texts.parquet"));
      return answerTo(command).then(({ printed }) => assert.fail(new UserError(printed)));
    },
    /texts\.parquet cannot be used \((EISDIR|ENOTEMPTY)[^)]*\); make it usable, or name another place\.$/,
  ],
]);

const chunk = { cells: { id: ["a", "b"], x: [1.5, 1.5] }, seconds: { x: 1 } };
const damages: [what: string, (text: string) => string][] = [
  ["cut short", (text) => text.slice(0, -30)],
  ["cut at its start", (text) => text.slice(20)],
  ["empty", () => ""],
  ["of NULs", () => "\0".repeat(90)],
  ["with another digit", (text) => text.replace("1.5", "1.6")],
  ["of {}", () => "{}"],
  ["of null", () => "null"],
  ["twice", (text) => `${text}${text}`],
];
for (const [what, change] of damages) {
  test(`an unfinished chunk ${what} is not taken`, async () => {
    const path = join(folder, "chunk.json");
    await writeSummed(path, chunk);
    assert.deepEqual(await readSummed(path), chunk);
    writeFileSync(path, change(readFileSync(path, "utf8")));
    await assert.rejects(readSummed(path), /chunk\.json is not what was written \(its checksum differs\)/);
  });
}
