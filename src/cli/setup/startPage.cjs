// Where one starts: results/index.html, made of notebooks as they were executed. Plain JavaScript without packages, as it
// is there before any is installed.
const fs = require("node:fs");
const { join, relative } = require("node:path");
const { projectFolder, resultsFolder } = require("../../paths.js");
const { UserError } = require("./steps.cjs");

const entities = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };
const toText = (text) => text.replace(/[&<>"]/g, (mark) => entities[mark]);

/** Writes the start page, with each notebook's newest run or, where there is none, as it comes with the project. */
function writeStartPage(results = resultsFolder, notebooks = join(projectFolder, "notebooks")) {
  const names = fs.readdirSync(notebooks).filter((name) => /^(00|rq).*\.ipynb$/.test(name));
  const sections = names.sort().map((name) => section(results, notebooks, name.replace(/\.ipynb$/, "")));
  const path = join(results, "index.html");
  try {
    fs.mkdirSync(results, { recursive: true });
    fs.writeFileSync(`${path}.${process.pid}`, page(sections.join("\n"), results));
    fs.renameSync(`${path}.${process.pid}`, path);
  } catch (error) {
    const isFull = error.code === "ENOSPC";
    if (isFull) fs.rmSync(`${path}.${process.pid}`, { force: true });
    const advice = isFull ? "free some space" : "make it writable";
    throw new UserError(
      `The results go to ${results}, which cannot be written (${error.code}); ${advice}, or name another folder in ATTENTION_RESULTS.`,
    );
  }
  return path;
}

function section(results, notebooks, name) {
  const runs = ["quick", "paper", "released"]
    .map((profile) => ({ profile, page: profile === "quick" ? name : `${name}-${profile}` }))
    .map((run) => ({ ...run, path: join(results, "notebooks", `${run.page}.ipynb`) }))
    .filter(({ page, path }) => fs.existsSync(path) && fs.existsSync(join(results, `${page}.html`)))
    .map((run) => ({ ...run, time: fs.statSync(run.path).mtime }))
    .sort((one, other) => other.time - one.time);
  const own = runs[0] && found(runs[0].path);
  const committed = found(join(notebooks, `${name}.ipynb`));
  const { title, answer, picture } = own ?? committed;
  const from = own
    ? `Profile ${runs[0].profile}, computed here ${runs[0].time.toLocaleString("en-GB", { dateStyle: "medium", timeStyle: "short" })}`
    : `As in notebooks/${name}.ipynb, which comes with the project`;
  const links = runs.map((run) => `<a href="${run.page}.html">Page, ${run.profile}</a>`);
  return [
    `<section><h2>${toText(title)}</h2>`,
    `<p class="from">${[toText(from), ...links].join(" · ")}</p>`,
    `<div class="found"><div>${answer}`,
    own ? `<details><summary>As it comes with the project</summary>${committed.answer}</details>` : "",
    `</div>${picture}</div></section>`,
  ].join("\n");
}

/** A notebook's title, its answer, which is a list of sentences or, in the tour, one beside a picture, and the picture. */
function found(path) {
  const cells = JSON.parse(fs.readFileSync(path, "utf8")).cells.map(({ source, outputs = [] }) => ({
    source: textOf(source),
    outputs,
    said: outputs.map(({ data }) => textOf(data?.["text/markdown"])).filter((text) => text && !/^<small>/.test(text)),
  }));
  const title = cells.map(({ source }) => /^# (.+)$/m.exec(source)?.[1]).find(Boolean) ?? path;
  const place = cells.findIndex(({ source, said }) => said[0]?.startsWith("- ") || source.includes('"importance")'));
  const after = place < 0 ? [] : cells.slice(place);
  const shown = after.flatMap(({ outputs }) => outputs).find(({ data }) => data?.["image/png"]);
  const words = toText(shown?.metadata?.["image/png"]?.alt ?? "");
  const base64 = textOf(shown?.data["image/png"]).replace(/[^\w+/=]/g, "");
  return {
    title,
    answer: after[0]?.said.map(toHtml).join("\n") ?? "",
    picture: base64 && `<img src="data:image/png;base64,${base64}" alt="${words}">`,
  };
}

/** Notebooks hold texts whole or as lines. */
function textOf(lines) {
  return [lines ?? ""].flat().join("");
}

/** Our sentences in Markdown as HTML: lists, bold, code and indices; any other mark of HTML is text. */
function toHtml(markdown) {
  const text = markdown
    .replace(/<(?!\/?sub>)/g, "&lt;")
    .replace(/\*\*(.+?)\*\*/g, "<b>$1</b>")
    .replace(/`(.+?)`/g, "<code>$1</code>");
  const items = text.split("\n").filter((line) => line.startsWith("- "));
  return items.length > 0 ? `<ul>${items.map((item) => `<li>${item.slice(2)}</li>`).join("")}</ul>` : `<p>${text}</p>`;
}

function places(results) {
  const folders = fs.readdirSync(results, { withFileTypes: true }).filter((each) => each.isDirectory());
  const all = folders.map(({ name }) => {
    const page = fs.existsSync(join(results, name, "index.html")) ? "index.html" : "";
    return `<li><a href="${toText(encodeURI(name))}/${page}">${toText(name)}</a></li>`;
  });
  return all.length > 0
    ? `<ul>${all.join("\n")}</ul>`
    : "<p>Nothing was computed here yet: <code>npm start</code> does.</p>";
}

function page(sections, results) {
  const link = (name) => `<a href="${toText(encodeURI(join(relative(results, projectFolder), name)))}">${name}</a>`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'">
<meta name="color-scheme" content="light dark">
<link rel="icon" href="data:,">
<title>Attention is not Explanation, re-run</title>
<style>
:root { color-scheme: light dark; }
body { font: 16px/1.5 "Open Sans", Arial, Helvetica, sans-serif; max-width: 1100px; margin: 0 auto; padding: 16px; overflow-wrap: anywhere; }
h1 { font-size: 1.6em; } h2 { font-size: 1.2em; margin: 0; }
section { border-top: 1px solid #8c8c8c; padding: 16px 0; }
.from { font-size: .85em; margin: 2px 0; opacity: .8; }
.found { display: grid; grid-template-columns: minmax(0, 2fr) minmax(0, 3fr); gap: 24px; align-items: start; }
.found img { max-width: 100%; height: auto; }
ul { padding-left: 1.2em; }
@media (max-width: 800px) { .found { grid-template-columns: minmax(0, 1fr); } }
</style>
</head>
<body>
<header>
<h1>Attention is not Explanation, re-run</h1>
<p>May attention weights be read as an explanation? Five notebooks ask it; this is what they found. Each notebook that <code>npm start</code> runs brings it up to date. What the words mean, and how to ask something else: ${link("README.md")}; every claim with its verdict: ${link("REPLICATION.md")}; exercises for a course: ${link("notebooks/exercises.ipynb")}.</p>
</header>
<main>
${sections}
<section><h2>All results</h2>
${places(results)}</section>
</main>
</body>
</html>
`;
}

module.exports = { writeStartPage };
