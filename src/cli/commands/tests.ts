import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join, relative } from "node:path";
import { UserError } from "../../errors";
import { projectFolder } from "../../paths";

/**
 * Runs Node's test runner over the test files whose path contains one of the words; over all if there are none, but
 * those in a folder `long`, which take minutes to an hour and are chosen by that word alone.
 */
export async function runTests(words: readonly string[]): Promise<void> {
  const files = chooseTests(testFiles(join(projectFolder, "test")), words);
  const together = `--test-concurrency=${availableParallelism()}`;
  const options = ["--import", "tsx", "--test", together, "--test-reporter=spec"];
  const child = spawn(process.execPath, [...options, ...files], { cwd: projectFolder, stdio: "inherit" });
  const [code] = await once(child, "close");
  process.exitCode = code ?? 1;
}

function testFiles(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith(".test.ts"))
    .map((path) => relative(projectFolder, join(folder, path)))
    .sort();
}

/**
 * The test files whose path contains one of the words.
 *
 * @throws UserError if a word chooses none
 */
export function chooseTests(files: readonly string[], words: readonly string[]): string[] {
  const has = (file: string, word: string) => file.includes(word) && (word.includes("long") || !isLong(file));
  for (const word of words)
    if (!files.some((file) => has(file, word)))
      throw new UserError(
        `No test file has "${word}" in its path; give a part of one of these: ${files.map((file) => file.replace(/^test\/|\.test\.ts$/g, "")).join(", ")}.`,
      );
  return files.filter((file) => (words.length === 0 ? !isLong(file) : words.some((word) => has(file, word))));
}

function isLong(file: string): boolean {
  return file.includes("/long/");
}
