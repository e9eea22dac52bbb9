import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { jupyterEnvironment } from "../../../src/cli/setup/setUp";
import { projectFolder } from "../../../src/paths";

const folder = mkdtempSync(join(tmpdir(), "notebook-"));
after(() => rmSync(folder, { recursive: true }));

const python = join(projectFolder, ".venv", "bin", "python");
const skip = existsSync(python) ? false : "the Python environment is missing; npm test makes it";

/** @param before a line of Python that runs before the script */
function execute(
  name: string,
  cells: string[],
  before?: string,
): { status: number | null; reports: Record<string, unknown>[]; paths: string[] } {
  const source = join(folder, `${name}.ipynb`);
  const code = cells.map((text, index) => ({
    cell_type: text.startsWith("#") ? "markdown" : "code",
    id: `cell-${index}`,
    metadata: { tags: text.startsWith("/* fails */") ? ["raises-exception"] : [] },
    source: text,
    ...(text.startsWith("#") ? {} : { outputs: [], execution_count: null }),
  }));
  writeFileSync(source, JSON.stringify({ cells: code, metadata: {}, nbformat: 4, nbformat_minor: 5 }));
  const paths = [source, join(folder, "out", `${name}.ipynb`), join(folder, "out", `${name}.html`)];
  const script = join(projectFolder, "src", "cli", "commands", "execute_notebook.py");
  const run = `${before}; import runpy, sys; sys.argv.pop(0); runpy.run_path(sys.argv[0], run_name="__main__")`;
  const { status, stdout } = spawnSync(python, [...(before ? ["-c", run] : []), script, ...paths], {
    encoding: "utf8",
    env: jupyterEnvironment(),
    cwd: folder,
  });
  const reports = stdout
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
  return { status, reports, paths };
}

test("a notebook runs in the project's folder, reports its progress and becomes a page", { skip }, () => {
  const { status, reports, paths } = execute("good", [
    "# A title",
    `import { UserError } from "./src/errors"; import * as tslab from "tslab"; import { isArray } from "util";`,
    "## A section",
    `const bar = tslab.newDisplay(); bar.text("half"); bar.text("done"); console.log(new UserError("seen").message, isArray([]));
     for (const type of ["application/vnd.plotly.v1+json", "text/html"]) tslab.display.raw(type, "{}");`,
  ]);
  assert.equal(status, 0);
  assert.deepEqual(reports, [
    { cell: "cell 1 of 2, A title", told: "cell 1 of 2, A title" },
    { cell: "cell 2 of 2, A section", told: "cell 2 of 2, A section" },
    { told: "done" },
  ]);
  const [source, executed, page] = paths.map((path) => readFileSync(path, "utf8"));
  assert.doesNotMatch(source as string, /seen true/);
  assert.match(executed as string, /seen true/);
  assert.match(page as string, /seen true/);
});

test("a failing cell ends the run with its own sentence, and what came before is kept", { skip }, () => {
  const { status, reports, paths } = execute("bad", [
    `import { UserError } from "./src/errors"; console.log("before");`,
    `throw new UserError("The corpus is empty.");`,
    `console.log("never");`,
  ]);
  assert.equal(status, 1);
  assert.deepEqual(reports.at(-1), { failure: "The corpus is empty." });
  const executed = readFileSync(paths[1] as string, "utf8");
  assert.match(executed, /before/);
  assert.doesNotMatch(executed, /"never\\n"/);
  assert.equal(existsSync(paths[2] as string), false);
});

test("a front end that allows errors gets the cells after one, and the error as an output of its own", { skip }, () => {
  const { status, paths } = execute("allowed", [
    "1 + 0",
    `/* fails */ throw new TypeError("own error");`,
    "1 + 1",
    "/* fails */ nowhere",
  ]);
  assert.equal(status, 0);
  const { cells } = JSON.parse(readFileSync(paths[1] as string, "utf8")) as {
    cells: { execution_count: number; outputs: { output_type: string; text?: string[]; ename?: string }[] }[];
  };
  assert.deepEqual(
    cells.map(({ execution_count, outputs }) => [execution_count, outputs[0]!.ename ?? outputs[0]!.text]),
    [
      [1, ["1\n"]],
      [2, "TypeError"],
      [3, ["2\n"]],
      [4, "Error"],
    ],
  );
});

test("a clock that is set forward while a kernel starts ends nothing", { skip }, () => {
  const clock = "import itertools, time; time.time = itertools.count(time.time(), 3600).__next__";
  assert.deepEqual(execute("clock", ["# A title", "1 + 1"], clock).status, 0);
});

test("a kernel that never answers is told so", { skip }, () => {
  const silent =
    "import nbclient; nbclient.NotebookClient.async_start_new_kernel_client = lambda self: __import__('asyncio').sleep(60)";
  const limit = "import asyncio; wait = asyncio.wait_for; asyncio.wait_for = lambda work, _: wait(work, 1)";
  const { status, reports } = execute("silent", ["# A title", "1 + 1"], `${silent}; ${limit}`);
  assert.equal(status, 1);
  assert.match(reports.at(-1)!.failure as string, /has not answered within 120 seconds/);
});

test("a kernel has the user's folder for temporary files, also while a browser that starts beside it has another", () => {
  const { TMPDIR } = process.env;
  process.env.TMPDIR = "/a-folder/that-is-moved-away";
  const environment = jupyterEnvironment();
  if (TMPDIR === undefined) delete process.env.TMPDIR;
  else process.env.TMPDIR = TMPDIR;
  assert.equal(environment.TMPDIR, TMPDIR);
});
