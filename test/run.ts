// Runs all tests, or those whose path contains one of the words given.
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { run } from "node:test";
import { spec } from "node:test/reporters";
import { UserError, unknownName } from "../src/errors";
import { timeLeft } from "../src/notebook/progress";
import { projectFolder } from "../src/paths";
import { groupBy } from "../src/stats/summary";

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

/** Whose tests leave nothing behind: those of a folder share a process, as a start is most of what many of them take. */
const sharing = /^test\/(analysis|backend|data\/corpora|data\/words|model|ownText|paper|stats)\//;

/** What each process reads: a file, or one that is written to `folder` and imports several. */
function inProcesses(files: readonly string[], folder: string): string[] {
  const groups = groupBy(files, (file) => (sharing.test(file) ? file.split("/").slice(0, -1).join("-") : file));
  return [...groups].map(([name, members]) => {
    const paths = members.map((file) => join(projectFolder, file));
    if (paths.length === 1) return paths[0]!;
    const together = join(folder, `${name}.mts`);
    writeFileSync(together, paths.map((path) => `import ${JSON.stringify(path)};\n`).join(""));
    return together;
  });
}

function main(words: readonly string[]): void {
  const paths = readdirSync(join(projectFolder, "test"), { recursive: true, encoding: "utf8" });
  const files = paths.filter((path) => path.endsWith(".test.ts")).map((path) => join("test", path));
  // Those of all rooms together take longest, and so come first.
  const depthOf = (file: string) => file.split("/").length;
  files.sort((a, b) => depthOf(a) - depthOf(b) || (a < b ? -1 : 1));
  const folder = mkdtempSync(join(tmpdir(), "tests-"));
  process.on("exit", () => rmSync(folder, { recursive: true }));
  process.on("SIGINT", () => process.exit(130));
  const chosen = inProcesses(chooseTests(files, words), folder);
  const tests = run({ files: chosen, concurrency: availableParallelism() });
  tests.on("test:fail", () => {
    process.exitCode = 1;
  });
  // What is printed comes in the order of the files: it may wait for a long one.
  const left = new Set(chosen);
  tests.on("test:complete", ({ name }) => {
    if (!left.delete(name)) return;
    const done = chosen.length - left.size;
    const estimate = timeLeft(done / chosen.length, performance.now(), "about ");
    console.error(`${done} of ${chosen.length} processes have ended${estimate}`);
  });
  tests.compose(new spec()).pipe(process.stdout);
}

if (require.main === module) {
  try {
    main(process.argv.slice(2));
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    console.error(error.message);
    process.exitCode = 1;
  }
}
