import { existsSync, readFileSync } from "node:fs";
import { dirname } from "node:path";
import { deserialize, serialize } from "node:v8";
import { gunzipSync, gzipSync } from "node:zlib";
import { writeFileAtomic } from "../../atomicWrite";

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
