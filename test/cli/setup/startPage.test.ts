import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { writeStartPage } from "../../../src/cli/setup/startPage.cjs";
import { projectFolder } from "../../../src/paths";

const folder = mkdtempSync(join(tmpdir(), "attention-start-"));
after(() => rmSync(folder, { recursive: true }));

const notebooks = join(folder, "notebooks");
const results = join(folder, "results");
mkdirSync(notebooks);
mkdirSync(join(results, "notebooks"), { recursive: true });

/** A notebook whose answer is a list of sentences above a picture. */
function writeNotebook(path: string, answer: string): void {
  const markdown = (text: string) => ({ output_type: "display_data", data: { "text/markdown": [text] }, metadata: {} });
  const alt = 'dots of "τ" <b>';
  const picture = { data: { "image/png": "aGk=\n" }, metadata: { "image/png": { alt } } };
  const outputs = [markdown(answer), picture, markdown("<small>results/answer.svg</small>")];
  const cells = [
    { cell_type: "markdown", source: ["# Does it *hold* & why?\n", "Words."] },
    { cell_type: "code", source: "await show(judged)", outputs },
  ];
  writeFileSync(path, JSON.stringify({ cells }));
}

const page = () => readFileSync(writeStartPage(results, notebooks), "utf8");

test("the start page is there before anything is installed", () => {
  const project = join(folder, "project");
  for (const name of [
    "src/cli/setup",
    "src/paths.js",
    "src/sha256.js",
    "notebooks",
    "package.json",
    "package-lock.json",
  ])
    cpSync(join(projectFolder, name), join(project, name), { recursive: true });
  const env = { PATH: "", HOME: folder, XDG_CACHE_HOME: join(folder, "cache") };
  const bootstrap = join(project, "src", "cli", "setup", "bootstrap.mjs");
  const { stdout, stderr } = spawnSync(process.execPath, [bootstrap, "start"], { encoding: "utf8", env });
  assert.match(stderr, /^Python 3\.9 or newer with its venv module is needed, but there is none/);
  assert.match(stdout, /^results\/index\.html has the questions/);
  const html = readFileSync(join(project, "results", "index.html"), "utf8");
  assert.equal(html.match(/<img src="data:image\/png;base64,\w/g)!.length, 5);
  assert.equal(html.match(/which comes with the project/g)!.length, 5);
  for (const question of [
    "A tour in five minutes",
    "Does attention agree",
    "Do other attention weights",
    "Is attention more",
  ])
    assert.ok(html.includes(question), question);
  assert.match(html, /<li>Mean τ<sub>g<\/sub> of the negative texts of sst is \.27/);
  assert.doesNotMatch(html, /(?:src|href)="https?:/);
});

test("what notebooks say is text: marks of our sentences are kept, any other HTML is shown as it is", () => {
  writeNotebook(
    join(notebooks, "rq1.ipynb"),
    "- τ<sub>g</sub> is **.3** for `<img src=x>`, <script>x()</script>\n- Two.",
  );
  const html = page();
  assert.match(
    html,
    /<ul><li>τ<sub>g<\/sub> is <b>\.3<\/b> for <code>&lt;img src=x><\/code>, &lt;script>x\(\)&lt;\/script><\/li><li>Two\.<\/li><\/ul>/,
  );
  assert.match(html, /<h2>Does it \*hold\* &amp; why\?<\/h2>/);
  assert.match(html, /<img src="data:image\/png;base64,aGk=" alt="dots of &quot;τ&quot; &lt;b&gt;">/);
  assert.match(html, /Nothing was computed here yet|<a href="notebooks\/">/);
});

test("a notebook that has run here says what it found, the newest run first, and leads to its pages", () => {
  for (const [ending, time] of [
    ["", 1000],
    ["-paper", 2000],
  ] as const) {
    const path = join(results, "notebooks", `rq1${ending}.ipynb`);
    writeNotebook(path, `- Run${ending}.`);
    utimesSync(path, time, time);
    writeFileSync(join(results, `rq1${ending}.html`), "");
  }
  mkdirSync(join(results, "report"));
  writeFileSync(join(results, "report", "index.html"), "");
  const html = page();
  assert.match(html, /Profile paper, computed here 1 Jan 1970, .*<a href="rq1-paper\.html">.*<a href="rq1\.html">/);
  assert.match(html, /<li>Run-paper\.<\/li>.*<details>.*<li>τ<sub>/s);
  assert.match(html, /<a href="report\/index\.html">report<\/a>/);
  rmSync(join(results, "rq1-paper.html"));
  assert.match(page(), /Profile quick.*<li>Run\.<\/li>/s);
});

test("a folder that cannot be written is told, and no half page is left", () => {
  const file = join(folder, "file");
  writeFileSync(file, "");
  assert.throws(
    () => writeStartPage(file, notebooks),
    /The results go to .*file, which cannot be written \(E\w+\); make it/,
  );
  assert.equal(existsSync(`${file}/index.html`), false);
});
