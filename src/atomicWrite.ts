import { randomUUID } from "node:crypto";
import { existsSync, mkdirSync } from "node:fs";
import { rename, rm, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { explained, UserError } from "./errors";

/** Writes a whole file, its content also in pieces, or none; what was there stays until then. @throws UserError */
export async function writeFileAtomic(path: string, content: string | Uint8Array | Uint8Array[]): Promise<void> {
  const folder = dirname(path);
  const fresh = join(folder, `.new-${randomUUID()}`);
  makeFolder(folder);
  try {
    await writeFile(fresh, content, { flag: "wx", flush: true });
    await rename(fresh, path);
  } catch (error) {
    await rm(fresh, { force: true });
    const { code } = error as NodeJS.ErrnoException;
    if (code !== "ENOSPC" && code !== "EDQUOT" && code !== "EFBIG") throw explained(error, path);
    const bytes = [content].flat().reduce((sum, piece) => sum + Buffer.byteLength(piece), 0);
    const sentence = `There is no space left in ${folder} for ${basename(path)}, which needs ${bytes.toLocaleString("en")} bytes; free some and start again.`;
    throw Object.assign(new UserError(sentence), { code });
  }
}

/** Makes a folder and those above it that are not there; Node's own recursive way never ends below /proc. */
export function makeFolder(path: string): void {
  if (existsSync(path)) return;
  makeFolder(dirname(path));
  try {
    mkdirSync(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw explained(error);
  }
}
