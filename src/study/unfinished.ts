import { appendFile, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { writeFileAtomic } from "../atomicWrite";
import { sha256 } from "../sha256";
import type { Cells } from "./parquet";

/** What was computed of some texts, before all are. */
export interface DoneChunk {
  /** Of its texts, in order. */
  ids: readonly string[];
  cells: Cells;
  /** By part. */
  seconds: Record<string, number>;
  bias?: number;
}

/** The chunks of an analysis that is not finished: a line each, with its texts and its checksum. @param deciding names its file */
export class UnfinishedAnalysis {
  private readonly path: string;
  private lines: string[] = [];

  constructor(folder: string, deciding: unknown) {
    this.path = join(folder, `unfinished-${sha256(JSON.stringify(deciding)).slice(0, 8)}.jsonl`);
  }

  /** The chunks that are there, up to the first that is damaged or of other texts than `ids`, which is said. */
  async read(ids: readonly (readonly string[])[]): Promise<DoneChunk[]> {
    const text = await readFile(this.path, "utf8").catch((error: NodeJS.ErrnoException) => {
      if (error.code === "ENOENT") return "";
      throw error;
    });
    const lines = text.split("\n").filter((line) => line !== "");
    const chunks: DoneChunk[] = [];
    for (const [place, line] of lines.entries()) {
      const chunk = readLine(line);
      if (chunk === undefined || JSON.stringify(chunk.ids) !== JSON.stringify(ids[place])) break;
      chunks.push(chunk);
    }
    this.lines = lines.slice(0, chunks.length);
    if (chunks.length < lines.length) {
      console.warn(
        `${this.path} is damaged from its part ${chunks.length + 1} on; ${chunks.length} parts are kept, the rest is computed anew.`,
      );
      await writeFileAtomic(this.path, this.lines.map((line) => `${line}\n`).join(""));
    }
    return chunks;
  }

  async add(chunk: DoneChunk): Promise<void> {
    const content = JSON.stringify(chunk);
    const line = `${sha256(content)} ${content}`;
    await appendFile(this.path, `${line}\n`);
    this.lines.push(line);
  }

  async remove(): Promise<void> {
    await rm(this.path, { force: true });
  }
}

function readLine(line: string): DoneChunk | undefined {
  const [sum, content] = [line.slice(0, 64), line.slice(65)];
  if (sha256(content) !== sum) return undefined;
  const chunk: DoneChunk = JSON.parse(content);
  // JSON has no undefined in lists.
  const cells = Object.entries(chunk.cells).map(([name, column]) => [name, column.map((cell) => cell ?? undefined)]);
  return { ...chunk, cells: Object.fromEntries(cells) };
}
