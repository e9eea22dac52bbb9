import { readFileSync, type Stats, statSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { writeFileAtomic } from "../../atomicWrite";
import { fileSha256 } from "../../data/files/download";

const fileRecord = z.object({
  path: z.string(),
  size: z.number(),
  sha256: z.string(),
  /** As {@link stampOf} gave it when the file was last hashed. */
  stamp: z.string().optional(),
});
const manifestSchema = z.object({ about: z.record(z.string()), files: z.array(fileRecord).min(1) });

/** What made a folder, for people and for `doctor`, and what is wrong with it: nothing, or one file of it. */
export interface Health {
  about: Record<string, string>;
  problem?: string;
}

const manifestName = "manifest.json";

/** Differs after whatever was done to a file: the system sets the time of an inode's last change, and nobody else can. */
function stampOf({ ino, ctimeMs }: Stats): string {
  return `${ino} ${ctimeMs}`;
}

/** Writes the manifest of a folder: size, inode, its time and SHA-256 of each of its files. */
export async function writeManifest(folder: string, paths: readonly string[], about: Record<string, string>) {
  const files: z.infer<typeof fileRecord>[] = [];
  for (const path of [...paths].sort()) {
    const stats = statSync(join(folder, path));
    const sha256 = await fileSha256(join(folder, path));
    files.push({ path, size: stats.size, sha256, stamp: stampOf(stats) });
  }
  await writeFileAtomic(join(folder, manifestName), `${JSON.stringify({ about, files }, undefined, 1)}\n`);
}

/** Compares a folder with its manifest: by their hash files whose inode has changed, or all, which takes seconds. */
export async function checkFolder(folder: string, depth: "quick" | "full" = "quick"): Promise<Health> {
  const manifest = readManifest(folder);
  if (manifest === undefined) return { about: {}, problem: `${manifestName} is missing or damaged` };
  const { about } = manifest;
  let touched = false;
  for (const file of manifest.files) {
    const stats = statSync(join(folder, file.path), { throwIfNoEntry: false });
    if (stats === undefined) return { about, problem: `${file.path} is missing` };
    if (stats.size !== file.size)
      return { about, problem: `${file.path} has ${stats.size} bytes instead of ${file.size}` };
    const stamp = stampOf(stats);
    if (depth === "quick" && stamp === file.stamp) continue;
    if ((await fileSha256(join(folder, file.path))) !== file.sha256)
      return { about, problem: `${file.path} has another content than the one installed` };
    touched ||= stamp !== file.stamp;
    file.stamp = stamp;
  }
  if (touched) await writeFileAtomic(join(folder, manifestName), `${JSON.stringify(manifest, undefined, 1)}\n`);
  return { about };
}

function readManifest(folder: string): z.infer<typeof manifestSchema> | undefined {
  try {
    return manifestSchema.parse(JSON.parse(readFileSync(join(folder, manifestName), "utf8")));
  } catch {
    return undefined;
  }
}
