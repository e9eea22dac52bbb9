import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { histogram } from "../../src/figures/histogram";
import { closeRenderer, renderFigure, startBrowserServer } from "../../src/notebook/render";
import { saveFiles, toCsv } from "../../src/notebook/save";
import { toShown } from "../../src/notebook/show";
import { cacheFolder, projectFolder } from "../../src/paths";
import { exampleRows } from "../figures/rows";

const folder = mkdtempSync(join(tmpdir(), "figures-"));
const rows = exampleRows(60);
const figure = histogram(rows, { x: "tauGradient", by: "predicted", title: "A <i>title</i>", xTitle: "τ<sub>g</sub>" });

after(async () => {
  await closeRenderer();
  rmSync(folder, { recursive: true });
});

const saved = async (thing: unknown, name: string) => saveFiles(folder, name, await (await toShown(thing)).files());
const sizeOf = (png: Buffer) => ({ width: png.readUInt32BE(16), height: png.readUInt32BE(20) });

test("a figure becomes SVG with text, PNG in two sizes, a one-page PDF with fonts, JSON and CSV", async (context) => {
  const files = await saved(figure, "rq1-reviews");
  const names = readdirSync(folder).sort();
  if (!names.includes("rq1-reviews.svg")) return context.skip("no browser starts here");
  assert.deepEqual(
    names,
    ["csv", "json", "pdf", "png", "svg"]
      .map((ending) => `rq1-reviews.${ending}`)
      .concat("rq1-reviews-print.png")
      .sort(),
  );
  assert.deepEqual(files.sort(), names.map((name) => join(folder, name)).sort());
  const file = (ending: string) => readFileSync(join(folder, `rq1-reviews${ending}`));

  const svg = file(".svg").toString();
  assert.match(svg, /<text[^>]*>(?:<[^>]*>)*τ/);
  assert.match(svg, /role="img" aria-label="A title\. Histogram of τg/);
  assert.doesNotMatch(svg, /<image|href="http/);

  const { width, height } = figure.layout;
  assert.deepEqual(sizeOf(file(".png")), { width: 2 * width, height: 2 * height });
  assert.deepEqual(sizeOf(file("-print.png")), { width: 4 * width, height: 4 * height });

  const pdf = file(".pdf").toString("latin1");
  assert.match(pdf, /^%PDF-/);
  assert.match(pdf, /\/Title \(A title\)/);
  assert.match(pdf, /\/FontFile2/);
  assert.equal(pdf.match(/\/Type \/Page\b(?!s)/g)?.length, 1);
  const [, pageWidth] = /\/MediaBox \[0 0 (\S+) /.exec(pdf)!;
  assert.ok(Math.abs(Number(pageWidth) - width * 0.75) < 1);

  assert.deepEqual(JSON.parse(file(".json").toString()), JSON.parse(JSON.stringify({ ...figure, rows: undefined })));
  assert.equal(file(".csv").toString(), toCsv(rows));
});

test("equal figures give equal files", async (context) => {
  const first = await renderFigure(figure, [".svg", ".pdf", "screen"]);
  if (first === undefined) return context.skip("no browser starts here");
  assert.deepEqual(await renderFigure(structuredClone(figure), [".svg", ".pdf", "screen"]), first);
});

test("a browser of another process draws the same", async (context) => {
  const own = await renderFigure(figure, [".svg", ".png"]);
  if (own === undefined) return context.skip("no browser here");
  await closeRenderer();
  const browser = await startBrowserServer();
  const server = await browser.server;
  process.env.ATTENTION_BROWSER_SERVER = browser.address;
  context.after(async () => {
    delete process.env.ATTENTION_BROWSER_SERVER;
    await closeRenderer();
    await server!.close();
  });
  // The first picture of a page may have the attributes of its SVG in another order.
  await renderFigure(figure, [".svg"]);
  assert.deepEqual(await renderFigure(figure, [".svg", ".png"]), own);
});

test("the page has no network, and markup from data is only text", async (context) => {
  const hostile = histogram([{ tau: 0.1, of: '<img src="http://127.0.0.1:9/x" onerror="alert(1)"><script>' }], {
    x: "tau",
    by: "of",
  });
  const pictures = await renderFigure(hostile, [".svg"]);
  if (pictures === undefined) return context.skip("no browser starts here");
  const svg = pictures[".svg"]!.toString();
  assert.doesNotMatch(svg, /<img|<script/);
  assert.match(svg, /&lt;script&gt;|&lt;script>/);
});

test("the browser and its temporary files are gone after closing", async (context) => {
  if (process.platform !== "linux") return context.skip("reads /proc");
  if ((await renderFigure(figure, ["screen"])) === undefined) return context.skip("no browser starts here");
  const runFolders = () => readdirSync(join(cacheFolder(), "browser")).filter((name) => name.startsWith(ownRuns));
  const before = runFolders();
  assert.ok(browsers().length > 0);
  await closeRenderer();
  assert.equal(runFolders().length, before.length - 1, "that of the test above stays until this process ends");
  assert.deepEqual(browsers(), []);
});

/** How the names of this process's folders for browsers begin. */
const ownRuns = `.new-${process.pid}-`;

/** Processes that were started with such a folder. */
function browsers(): string[] {
  const pids = readdirSync("/proc").filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid);
  return pids.filter((pid) => {
    try {
      return readFileSync(`/proc/${pid}/cmdline`, "utf8").includes(ownRuns);
    } catch {
      return false;
    }
  });
}

test("without a browser all else works, and what is missing is said once", () => {
  const script = join(folder, "without.ts");
  const source = (path: string) => JSON.stringify(join(projectFolder, "src", path));
  writeFileSync(
    script,
    `import { saveFiles } from ${source("notebook/save")};
     import { toShown } from ${source("notebook/show")};
     import { histogram } from ${source("figures/histogram")};
     import { textHeatmap } from ${source("figures/textHeatmap")};
     import { captureOutputs } from ${JSON.stringify(join(__dirname, "captureOutputs"))};
     import { openNotebook } from ${source("notebook/openNotebook")};
     const rows = [{ tau: 0.1 }];
     const folder = ${JSON.stringify(folder)};
     const save = (name: string) => toShown(histogram(rows, { x: "tau" }))
       .then((shown) => shown.files())
       .then((files) => saveFiles(folder, name, files));
     async function cells() {
       await Promise.all([save("none-1"), save("none-2")]);
       const { show } = openNotebook("none", "quick", { quick: [] });
       await show(histogram(rows, { x: "tau" }), "none-3");
       await show(textHeatmap(["a"], [{ label: "attention", weights: [1] }]), "none-4");
     }
     captureOutputs(cells).then(({ outputs }) => {
       console.log(JSON.stringify(outputs.map(({ content }) => Object.keys((content as { data: object }).data))));
     });`,
  );
  const { stdout, stderr, status } = spawnSync(process.execPath, ["--import", "tsx", script], {
    cwd: projectFolder,
    encoding: "utf8",
    env: { ...process.env, ATTENTION_BROWSER: join(folder, "no-such-browser"), ATTENTION_RESULTS: folder },
  });
  assert.equal(status, 0, stderr);
  assert.equal(stderr.match(/not as pictures, as no browser draws them/g)?.length, 1);
  assert.match(stderr, /no-such-browser.*Install Chrome, Chromium or Edge, or set ATTENTION_BROWSER/);
  const plot = ["application/vnd.plotly.v1+json", "text/plain"];
  const page = ["text/html", "text/plain"];
  const path = ["text/markdown", "text/plain"];
  assert.deepEqual(JSON.parse(stdout), [plot, path, page, page, path]);
  const files = (where: string) => readdirSync(where).filter((name) => name.startsWith("none-"));
  assert.deepEqual(
    files(folder).sort(),
    ["none-1", "none-2"].flatMap((name) => [`${name}.csv`, `${name}.json`]),
  );
  const shown = ["none-3.csv", "none-3.json", "none-4.csv", "none-4.html", "none-4.tex"];
  assert.deepEqual(files(join(folder, "none", "quick")).sort(), shown);
});

test("rows as CSV: every column of any row, quoted where needed, undefined left empty", () => {
  const csv = toCsv([
    { text: 'a "b", c', tau: undefined, correct: true },
    { text: "line\nbreak", tau: -0.1, more: 3 },
  ]);
  assert.equal(csv, 'text,tau,correct,more\n"a ""b"", c",,true,\n"line\nbreak",-0.1,,3\n');
});

test("a file name that leaves the folder is refused", async () => {
  await assert.rejects(saved(figure, "../up"), /letters, digits.*but "\.\.\/up" came/);
});
