import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { gunzip, gzip } from "node:zlib";
import { writeFileAtomic } from "../atomicWrite";
import { cacheFolder } from "../paths";
import type { PreparedTexts } from "./corpus";
import type { Example, Split } from "./dataset";
import { mapSplits } from "./prepare";
import { createSharedWords } from "./words/sharedWords";

/** What prepared texts depend on. */
export interface PreparedKey {
  corpus: string;
  /** Raised whenever the preparation changes, so that texts of an earlier one are not taken. */
  version: number;
  /** SHA-256 of each file that is read. */
  sources: readonly string[];
}

/**
 * The prepared texts from the cache folder or, the first time, from `prepare`, which are then kept there. For a corpus
 * whose preparation takes seconds; not for one whose texts may not be copied.
 *
 * A damaged file in the cache is told and made anew; that it cannot be written is told, and the texts are returned.
 */
export async function keepPrepared(key: PreparedKey, prepare: () => Promise<PreparedTexts>): Promise<PreparedTexts> {
  const path = preparedPath(key);
  const kept = await readPrepared(path);
  if (kept !== undefined) return kept;
  const texts = await prepare();
  await writePrepared(path, texts).catch((error) => {
    console.warn(
      `The prepared corpus cannot be kept in ${dirname(path)} and is prepared again next time: ${error.message}`,
    );
  });
  return texts;
}

/** Where the prepared texts lie: `prepared/` in the cache folder. */
export function preparedPath({ corpus, version, sources }: PreparedKey): string {
  const hash = createHash("sha256")
    .update(JSON.stringify([version, ...sources]))
    .digest("hex");
  return join(cacheFolder(), "prepared", `${corpus}-${hash.slice(0, 16)}.json.gz`);
}

/** An example in the file: its words are one text, with line ends between them. */
type Row = Omit<Example, "tokens"> & { words: string };
type Rows = Omit<PreparedTexts, Split> & Record<Split, Row[]>;

async function readPrepared(path: string): Promise<PreparedTexts | undefined> {
  if (!existsSync(path)) return undefined;
  try {
    const rows: Rows = JSON.parse((await promisify(gunzip)(await readFile(path))).toString());
    const share = createSharedWords();
    const toExample = ({ words, ...row }: Row): Example => ({ ...row, tokens: words.split("\n").map(share) });
    return { ...rows, ...mapSplits((split) => rows[split].map(toExample)) };
  } catch (error) {
    console.warn(`${path} is damaged and is made anew. ${(error as Error).message}`);
    return undefined;
  }
}

async function writePrepared(path: string, texts: PreparedTexts): Promise<void> {
  const toRow = ({ tokens, ...example }: Example): Row => ({ ...example, words: tokens.join("\n") });
  const rows: Rows = { ...texts, ...mapSplits((split) => texts[split].map(toRow)) };
  await mkdir(dirname(path), { recursive: true });
  writeFileAtomic(path, await promisify(gzip)(JSON.stringify(rows), { level: 1 }));
}
