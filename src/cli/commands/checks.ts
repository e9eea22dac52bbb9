import { join } from "node:path";
import { projectFolder } from "../../paths";
import type { Prepared } from "../setup/setUp";
import { CommandError, run } from "../setup/steps.cjs";

const checks = [
  { title: "TypeScript", args: ["typescript/bin/tsc", "-p", "tsconfig.json"] },
  { title: "Biome: format, lint, imports", args: ["@biomejs/biome/bin/biome", "check", "--colors=off"] },
];

/** Runs the static checks side by side and prints a line for each, with what the failing ones found below. */
export async function runChecks({ terminal }: Prepared): Promise<void> {
  const results = await Promise.all(
    checks.map(async ({ title, args: [script = "", ...rest] }) => {
      const args = [join(projectFolder, "node_modules", script), ...rest];
      const problem = await run(process.execPath, args, { cwd: projectFolder }).then(
        () => undefined,
        (error) => (error instanceof CommandError ? error.output.trim() || error.message : String(error)),
      );
      terminal.line(`${problem === undefined ? "ok    " : "FAILED"} ${title}`);
      return problem;
    }),
  );
  const problems = results.filter((problem) => problem !== undefined);
  for (const problem of problems) terminal.line(`\n${problem}`);
  if (problems.length > 0) process.exitCode = 1;
}
