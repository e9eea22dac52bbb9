import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { unknownName } from "../../errors";
import { projectFolder } from "../../paths";

export async function runTests(words: readonly string[]): Promise<void> {
  const paths = readdirSync(join(projectFolder, "test"), { recursive: true, encoding: "utf8" });
  const files = paths.filter((path) => path.endsWith(".test.ts")).map((path) => join("test", path));
  const together = `--test-concurrency=${availableParallelism()}`;
  const options = ["--import", "tsx", "--test", together, "--test-reporter=spec", ...chooseTests(files.sort(), words)];
  const child = spawn(process.execPath, options, { cwd: projectFolder, stdio: "inherit" });
  const [code] = await once(child, "close");
  process.exitCode = code ?? 1;
}

/** The test files with one of the words in their path, or all; those in a folder `long` by a word that has it alone. */
export function chooseTests(files: readonly string[], words: readonly string[]): string[] {
  const names = files.map((file) => file.replace(/^test\/|\.test\.ts$/g, ""));
  const chosen = (words.length === 0 ? [""] : words).flatMap((word) => {
    const found = files.filter((file) => file.includes(word) && (word.includes("long") || !file.includes("/long/")));
    if (found.length === 0) throw unknownName("test", word, names);
    return found;
  });
  return [...new Set(chosen)];
}
