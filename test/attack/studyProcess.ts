// Run in a process of its own: `npm run study`, without the set-up.
import { Command } from "commander";
import { computeStudy } from "../../src/cli/commands/study";
import { addStudyCommand, jobsOf } from "../../src/cli/commands/studyCommand";
import type { Prepared } from "../../src/cli/setup/setUp";
import { Terminal } from "../../src/cli/setup/steps.cjs";

const python = Promise.resolve("python3");
const prepared: Prepared = {
  terminal: new Terminal(),
  environment: { created: python, ready: python },
  workflowPython: () => python,
  onStop: (stop) => {
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => stop(signal));
  },
};
const program = new Command();
addStudyCommand(program, prepared);
program.commands[0]!.action(async (_count, options) => {
  await computeStudy(prepared, jobsOf(options), { jobs: options.jobs, json: options.json === true });
});
program.parseAsync(process.argv.slice(2), { from: "user" });
