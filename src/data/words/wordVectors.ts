import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { deserialize, serialize } from "node:v8";
import { gunzipSync, gzipSync } from "node:zlib";
import { writeFileAtomic } from "../../atomicWrite";
import { UserError } from "../../errors";
import { sha256 } from "../../sha256";
import type { ReadOptions } from "../dataset";
import { regularFile } from "../files/archive";
import { rememberSum } from "../files/download";
import { revealWords } from "../restricted";
import { readJsonVectors, readTextVectors } from "./vectorFiles";
import { downloadOf, vectorFile, vectorFolder, vectorSources } from "./vectorSources";

export interface WordVectors {
  path: string;
  size: number;
  /** [words, size], in the order of the words; zeros for a word that the source does not have. */
  values: Float32Array;
  /** Of how many words, how many the source has. */
  known: { words: number; found: number };
}

export interface VectorOptions extends ReadOptions {
  /** The size that is needed; another one is an error. Default: the source's own. */
  size?: number;
}

/**
 * The pretrained vectors of these words, with zeros for those that the source lacks, as in the paper's code. What was
 * selected is kept in the cache folder.
 *
 * @param words for a restricted corpus the dataset's `vocabulary` itself, not a copy
 * @param source a name or the path of a text file in the format of fastText (.vec) or GloVe, also as .gz or .zip
 */
export async function loadWordVectors(
  source: string,
  words: readonly string[],
  { size, ...options }: VectorOptions = {},
): Promise<WordVectors> {
  const real = revealWords(words);
  const path = await vectorFile(source, options);
  const kept = join(vectorFolder(), "selected", `${await keyOf(path, real)}.gz`);
  const selected = await keepFile(kept, async () => {
    const read = await select(path, real, options);
    if (read.found === 0) throw await noneFound(path, real, options);
    const named = vectorSources.find(({ name }) => name === source);
    const request = named && downloadOf(named);
    if (request?.destination === path && request.sha256 === undefined) await rememberSum(path);
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
  const rows = new Map(words.map((word, row) => [word, row]));
  const vectors = new Map<string, Float32Array>();
  const read = path.endsWith(".json") ? readJsonVectors : readTextVectors;
  const size = await read({ path, ...options }, new Set(words), (word, numbers) => {
    // The word of the line would keep a piece of the file in memory.
    vectors.set(words[rows.get(word)!]!, numbers);
  });
  const values = new Float32Array(words.length * size);
  for (const [word, row] of rows) values.set(vectors.get(word) ?? [], row * size);
  return { size, values, found: vectors.size };
}

/** Stands for the file, as it is now, and the words in their order. */
async function keyOf(path: string, words: readonly string[]): Promise<string> {
  const { size, mtimeMs } = await regularFile(path);
  return sha256(JSON.stringify([path, size, mtimeMs]) + JSON.stringify(words));
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
