// Makes the released rows from finished studies: node data/study/make_study.mjs FOLDER
// FOLDER holds what `npm run study -- --profile paper --out FOLDER` wrote; README.md beside this file has the commands.
// Numbers are rounded to 4 digits, rows are compressed, and the texts stay behind but for corpora that may be passed on.
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

/** Corpora whose licence allows it, and whose texts are short enough to be worth their space. */
const mayBePassedOn = new Set(["babi1", "babi2"]);

const source = process.argv[2];
const target = dirname(fileURLToPath(import.meta.url));
if (!source) throw new Error("The folder of the finished studies must be given.");

const folders = readdirSync(source, { recursive: true })
  .filter((name) => name.endsWith("summary.json"))
  .map((name) => dirname(join(source, name)));
for (const folder of folders) {
  const destination = join(target, relative(source, folder));
  rmSync(destination, { recursive: true, force: true });
  mkdirSync(destination, { recursive: true });
  for (const name of ["config.json", "summary.json"]) cpSync(join(folder, name), join(destination, name));
  pack(folder, destination, "instances.csv");
  const { corpus } = JSON.parse(readFileSync(join(folder, "summary.json"), "utf8"));
  if (mayBePassedOn.has(corpus)) pack(folder, destination, "texts.jsonl");
}
console.log(`${folders.length} studies are in ${target}`);

function pack(folder, destination, name) {
  if (!existsSync(join(folder, name))) return;
  const text = readFileSync(join(folder, name), "utf8").replace(/(?<=[,[])-?\d+\.\d+(?:e-?\d+)?(?=[,\]\n])/g, (number) =>
    String(Number(Number(number).toPrecision(4))),
  );
  writeFileSync(join(destination, `${name}.gz`), gzipSync(text, { level: 9 }));
}
