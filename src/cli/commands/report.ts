import { join, resolve } from "node:path";
import type { Command } from "commander";
import { resultsFolder } from "../../paths";
import { buildReport } from "../../report/buildReport";
import type { Prepared } from "../setup/setUp";

const examples = `
Examples:
  npm run report
  npm run report -- results/sst results/imdb --out results/report-paper`;

/** Adds `npm run report`: a page that shows all finished studies, without a server. */
export function addReportCommand(program: Command, prepared: Prepared): void {
  program
    .command("report")
    .description("make a page that shows all finished studies: figures, tables beside the paper's, every text")
    .argument("[folders...]", "folders that are searched for studies, with all below them (default: results/study)")
    .option(
      "--out <folder>",
      "where the page is written; an older report there is replaced",
      join(resultsFolder, "report"),
    )
    .usage("-- [folders...] [options]")
    .addHelpText("after", examples)
    .action(async (folders: string[], { out }: { out: string }) => {
      await prepared.environment.ready;
      const roots = folders.length > 0 ? folders : [join(resultsFolder, "study")];
      const { page, studies } = await prepared.terminal.step("report", () => buildReport(roots, out));
      prepared.terminal.line(
        `Done: ${studies} ${studies === 1 ? "study" : "studies"}; open ${resolve(page)} in a browser, no server is needed.`,
      );
    });
}
