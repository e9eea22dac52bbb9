import "../../notebook/ownFolders";
import assert from "node:assert/strict";
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, test } from "node:test";
import { runNotebooks, shareDone } from "../../../src/cli/commands/notebooks";
import type { Machine, Prepared } from "../../../src/cli/setup/setUp";
import { Terminal } from "../../../src/cli/setup/steps.cjs";
import { projectFolder, resultsFolder } from "../../../src/paths";
import { folder } from "../../notebook/ownFolders";

after(() => rmSync(folder, { recursive: true, force: true }));

/** Passes a notebook on as it is, as if it had run, and notes the start page of that moment. */
const python = `#!/bin/sh
mkdir -p "$(dirname "$3")"
cp "$ATTENTION_RESULTS/index.html" "$3.before" 2>/dev/null
cp "$2" "$3.new"
mv "$3.new" "$3"
touch "$4"
`;

test("each notebook that ends brings the start page up to date, and three short lines say what to do next", async () => {
  const released = join(projectFolder, "data", "study", "babi3");
  const [study] = readdirSync(released);
  cpSync(join(released, study!), join(resultsFolder, "study", "babi3", study!), { recursive: true });
  mkdirSync(folder, { recursive: true });
  const machine = { python: join(folder, "python") } as Machine;
  writeFileSync(machine.python, python, { mode: 0o755 });
  let text = "";
  const terminal = new Terminal({ write: (line: string) => (text += line) } as unknown as NodeJS.WriteStream);
  await runNotebooks({ terminal, onStop: () => undefined } as unknown as Prepared, machine, { profile: "quick" });
  const own = (page: string) => readFileSync(page, "utf8").match(/Profile quick, computed here/g)?.length ?? 0;
  assert.ok(own(join(resultsFolder, "notebooks", "rq2-counterfactual.ipynb.before")) >= 2);
  assert.equal(own(join(resultsFolder, "index.html")), 5);
  assert.match(readFileSync(join(resultsFolder, "index.html"), "utf8"), /href="report\/index\.html"/);
  const last = text.trimEnd().split("\n").slice(-3);
  assert.match(last[0]!, /^Done in \d+ s: 6 notebooks, a report of 1 study\.$/);
  assert.match(last[1]!, /^Open .*index\.html: it leads to all of them\.$/);
  assert.match(last[2]!, /^Next: npm run lab /);

  const again = async (options: object) => {
    text = "";
    const prepared = { terminal, onStop: () => undefined } as unknown as Prepared;
    await runNotebooks(prepared, machine, { profile: "quick", ...options });
    return text.match(/as it was/g)?.length ?? 0;
  };
  assert.equal(await again({}), 6);
  assert.equal(await again({ again: true }), 0);
  rmSync(join(resultsFolder, "00-tour.html"));
  assert.equal(await again({}), 0, "a page that is gone is made again");
});

test("of the notebooks' work as much is done as their shares say, of one that runs by what its study tells", () => {
  const state = (name: "rq1-correlation" | "rq3-encoders", isDone: boolean, studied: number) => ({
    name,
    isDone,
    studied,
  });
  const begun = shareDone([state("rq1-correlation", false, 0), state("rq3-encoders", false, 0.5)]);
  assert.equal(shareDone([state("rq1-correlation", false, 0)]), 0);
  assert.ok(begun > 0.1 && begun < 0.15);
  const done = shareDone([state("rq1-correlation", true, 1), state("rq3-encoders", false, 0.5)]);
  assert.equal((done - begun).toFixed(2), "0.26");
});
