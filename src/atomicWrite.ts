import { randomUUID } from "node:crypto";
import { renameSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { UserError } from "./errors";

/**
 * Writes a whole file or none: what was there before stays until all of the new content is on the disk. The folder must
 * be there.
 *
 * @throws UserError, with the system's code, where there is no space left; any other error as the system gives it
 */
export function writeFileAtomic(path: string, content: string | Uint8Array): void {
  const fresh = join(dirname(path), `.new-${randomUUID()}`);
  try {
    writeFileSync(fresh, content, { flag: "wx", flush: true });
    renameSync(fresh, path);
  } catch (error) {
    rmSync(fresh, { force: true });
    const { code } = error as NodeJS.ErrnoException;
    if (code !== "ENOSPC" && code !== "EDQUOT" && code !== "EFBIG") throw error;
    const bytes = Buffer.byteLength(content).toLocaleString("en");
    const sentence = `There is no space left in ${dirname(path)} for ${basename(path)}, which needs ${bytes} bytes; free some and start again.`;
    throw Object.assign(new UserError(sentence), { code });
  }
}
