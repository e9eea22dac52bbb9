import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { unknownName } from "../../errors";
import { projectFolder } from "../../paths";

/** Runs Node's test runner over the chosen test files. */
export async function runTests(words: readonly string[]): Promise<void> {
  const paths = readdirSync(join(projectFolder, "test"), { recursive: true, encoding: "utf8" });
  const files = paths.filter((path) => path.endsWith(".test.ts")).map((path) => join("test", path));
  const together = `--test-concurrency=${availableParallelism()}`;
  const options = ["--import", "tsx", "--test", together, "--test-reporter=spec", ...chooseTests(files.sort(), words)];
  const child = spawn(process.execPath, options, { cwd: projectFolder, stdio: "inherit" });
  const [code] = await once(child, "close");
  process.exitCode = code ?? 1;
}

/**
 * The test files whose path contains one of the words, or all; but those in a folder `long`, which take minutes to an
 * hour, by a word that has "long" in it alone.
 *
 * @throws UserError if a word chooses none
 */
export function chooseTests(files: readonly string[], words: readonly string[]): string[] {
  const chosen = (words.length === 0 ? [""] : words).flatMap((word) => {
    const found = files.filter((file) => file.includes(word) && (word.includes("long") || !file.includes("/long/")));
    if (found.length > 0) return found;
    throw unknownName(
      "test",
      word,
      files.map((file) => file.replace(/^test\/|\.test\.ts$/g, "")),
    );
  });
  return [...new Set(chosen)];
}
