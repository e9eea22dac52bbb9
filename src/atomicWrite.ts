import { randomUUID } from "node:crypto";
import { existsSync, mkdirSync } from "node:fs";
import { readdir, rename, rm, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { dirname, join } from "node:path";
import { explained } from "./errors";

/** Writes a whole file, its content also in pieces, or none; what was there stays until then. @throws UserError */
export async function writeFileAtomic(path: string, content: string | Uint8Array | Uint8Array[]): Promise<void> {
  const fresh = await unfinishedPath(path);
  try {
    await writeFile(fresh, content, { flag: "wx", flush: true });
    await rename(fresh, path);
  } catch (error) {
    await rm(fresh, { force: true });
    const bytes = [content].flat().reduce((sum, piece) => sum + Buffer.byteLength(piece), 0);
    throw explained(error, path, bytes);
  }
}

/** A path beside this one for what is not whole yet; what killed processes of this machine left there so is removed. */
export async function unfinishedPath(path: string): Promise<string> {
  const folder = dirname(path);
  makeFolder(folder);
  const names = await readdir(folder).catch(() => []);
  for (const name of names) {
    const [, pid, host] = /^\.new-(\d+)-[^@]+@(.*)$/.exec(name) ?? [];
    if (host === hostname() && !isRunning(Number(pid))) await rm(join(folder, name), { recursive: true, force: true });
  }
  return join(folder, `.new-${process.pid}-${randomUUID()}@${hostname()}`);
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== "ESRCH";
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
