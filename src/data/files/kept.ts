import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { deserialize, serialize } from "node:v8";
import { gunzipSync, gzipSync } from "node:zlib";
import { writeFileAtomic } from "../../atomicWrite";
import { cacheFolder } from "../../paths";
import { sha256 } from "../../sha256";
import type { PreparedTexts } from "../corpus";
import type { Example } from "../dataset";
import { mapSplits } from "../prepare";
import { shareWord } from "../words/text";

/**
 * What was made before and is kept in this file, or what `make` makes now, which is then kept there.
 *
 * A damaged file is told and made anew; that it cannot be written is told, and the value is returned all the same.
 */
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

/**
 * What prepared texts depend on: the SHA-256 of each file that is read, and a version that is raised whenever the preparation
 * changes.
 */
type PreparedKey = { corpus: string; version: number; sources: readonly string[] };

/** An example in the file: its words are one text, with line ends between them. */
type Row = Omit<Example, "tokens"> & { words: string };

/**
 * The prepared texts from the cache folder or, the first time, from `prepare`, which are then kept there. For a corpus
 * whose preparation takes seconds; not for one whose texts may not be copied.
 */
export async function keepPrepared(key: PreparedKey, prepare: () => Promise<PreparedTexts>): Promise<PreparedTexts> {
  const toRow = ({ tokens, ...example }: Example): Row => ({ ...example, words: tokens.join("\n") });
  const rows = await keepFile(preparedPath(key), async () => {
    const texts = await prepare();
    return { ...texts, ...mapSplits((split) => texts[split].map(toRow)) };
  });
  const toExample = ({ words, ...row }: Row): Example => ({ ...row, tokens: words.split("\n").map(shareWord) });
  return { ...rows, ...mapSplits((split) => rows[split].map(toExample)) };
}

/** Where the prepared texts lie: `prepared/` in the cache folder. */
export function preparedPath({ corpus, version, sources }: PreparedKey): string {
  const hash = sha256(JSON.stringify([version, ...sources]));
  return join(cacheFolder(), "prepared", `${corpus}-${hash.slice(0, 16)}.gz`);
}
