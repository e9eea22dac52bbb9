import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { writeFileAtomic } from "../../atomicWrite";
import { fileSha256 } from "../../data/files/download";

interface FileRecord {
  path: string;
  size: number;
  mtimeMs: number;
  sha256: string;
}

interface Manifest {
  files: FileRecord[];
  /** What made the folder, for people and for `doctor`. */
  about: Record<string, string>;
}

/** What is wrong with a folder: nothing, or one file of it. */
export type Health = { kind: "intact"; about: Record<string, string> } | { kind: "damaged"; problem: string };

const manifestName = "manifest.json";

/** Writes the manifest of a folder: size, time and SHA-256 of each of its files. */
export async function writeManifest(
  folder: string,
  paths: readonly string[],
  about: Record<string, string>,
): Promise<void> {
  const files: FileRecord[] = [];
  for (const path of [...paths].sort()) {
    const { size, mtimeMs } = statSync(join(folder, path));
    files.push({ path, size, mtimeMs, sha256: await fileSha256(join(folder, path)) });
  }
  writeFileAtomic(join(folder, manifestName), `${JSON.stringify({ about, files }, undefined, 1)}\n`);
}

/**
 * Compares a folder with its manifest. A file with the size and time that were noted counts as intact; one with another
 * time is hashed.
 *
 * @param depth "full" hashes every file
 */
export async function checkFolder(folder: string, depth: "quick" | "full" = "quick"): Promise<Health> {
  const manifest = readManifest(folder);
  if (manifest === undefined) return { kind: "damaged", problem: `${manifestName} is missing or damaged` };
  let touched = false;
  for (const file of manifest.files) {
    const stats = statSync(join(folder, file.path), { throwIfNoEntry: false });
    if (stats === undefined) return { kind: "damaged", problem: `${file.path} is missing` };
    if (stats.size !== file.size)
      return { kind: "damaged", problem: `${file.path} has ${stats.size} bytes instead of ${file.size}` };
    if (depth === "quick" && stats.mtimeMs === file.mtimeMs) continue;
    if ((await fileSha256(join(folder, file.path))) !== file.sha256)
      return { kind: "damaged", problem: `${file.path} has another content than the one installed` };
    touched ||= stats.mtimeMs !== file.mtimeMs;
    file.mtimeMs = stats.mtimeMs;
  }
  if (touched) writeFileAtomic(join(folder, manifestName), `${JSON.stringify(manifest, undefined, 1)}\n`);
  return { kind: "intact", about: manifest.about };
}

function readManifest(folder: string): Manifest | undefined {
  let manifest: Manifest;
  try {
    manifest = JSON.parse(readFileSync(join(folder, manifestName), "utf8"));
  } catch {
    return undefined;
  }
  return Array.isArray(manifest?.files) && manifest.files.length > 0 && typeof manifest.about === "object"
    ? manifest
    : undefined;
}
