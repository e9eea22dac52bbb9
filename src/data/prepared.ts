import { createHash } from "node:crypto";
import { join } from "node:path";
import { cacheFolder } from "../paths";
import type { PreparedTexts } from "./corpus";
import type { Example, Split } from "./dataset";
import { keepFile } from "./files/kept";
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
  const share = createSharedWords();
  const toExample = ({ words, ...row }: Row): Example => ({ ...row, tokens: words.split("\n").map(share) });
  return { ...rows, ...mapSplits((split: Split) => rows[split].map(toExample)) };
}

/** Where the prepared texts lie: `prepared/` in the cache folder. */
export function preparedPath({ corpus, version, sources }: PreparedKey): string {
  const hash = createHash("sha256")
    .update(JSON.stringify([version, ...sources]))
    .digest("hex");
  return join(cacheFolder(), "prepared", `${corpus}-${hash.slice(0, 16)}.gz`);
}
