// A cell run out of order: TypeScript says "Cannot find name 'model'", which does not help; this says which cell to run
// first. The kernel loads it before tslab, so it is plain JavaScript.
const { readdirSync, readFileSync } = require("node:fs");
const { join, resolve } = require("node:path");

/** TypeScript's codes for a name that is not there: plain, with a suggestion, in `{ name }`, for a type, a namespace. */
const unknownNameCodes = new Set([2304, 2552, 18004, 2503]);

/**
 * The compiler's messages for a cell, with those about unknown names in words that say which cell to run first.
 *
 * @param {{ messageText: string, code: number, fileName?: string }[]} diagnostics
 * @param {string} source the cell
 * @param {Iterable<string>} seen the cells that this kernel was given before, to find out which notebook it serves
 * @param {string} folder where notebooks are looked for if the front end does not say which one it is
 */
exports.explain = function explain(diagnostics, source, seen, folder = "notebooks") {
  if (!diagnostics.some(isUnknownName)) return diagnostics;
  let cells;
  try {
    cells = notebookCells(new Set([...seen, source]), folder);
  } catch {
    // The notebook cannot be read: the general sentence remains.
  }
  const rest = [];
  const groups = new Map();
  for (const diagnostic of diagnostics) {
    const name = isUnknownName(diagnostic) ? /'([^']+)'/.exec(diagnostic.messageText)?.[1] : undefined;
    const place = cells?.findIndex((cell) => cell.source !== source && declaredNames(cell.source).has(name)) ?? -1;
    if (name === undefined || (place < 0 && /Did you mean/.test(diagnostic.messageText))) rest.push(diagnostic);
    else if (groups.has(place)) groups.get(place).names.add(name);
    else groups.set(place, { diagnostic, names: new Set([name]) });
  }
  const told = [...groups].map(([place, { diagnostic, names }]) => ({
    ...diagnostic,
    messageText: sentence([...names], cells, place),
  }));
  return [...told, ...rest];
};

function isUnknownName({ code, fileName }) {
  return fileName === undefined && unknownNameCodes.has(code);
}

function sentence(names, cells, place) {
  const list = new Intl.ListFormat("en-GB").format(names.map((name) => `"${name}"`));
  const are = names.length > 1 ? "are" : "is";
  if (cells === undefined) {
    return `${list} ${are} not defined yet: run the cell that defines or imports it first, or check the spelling.`;
  }
  if (place < 0) {
    return `${list} ${are} not defined, and no cell of this notebook, as last saved, defines it: check the spelling, or import it.`;
  }
  const { heading, source } = cells[place];
  const under = heading ? ` under "${heading}"` : "";
  return `${list} ${are} not defined yet: run code cell ${place + 1}${under} first (${firstLine(source)}).`;
}

function firstLine(source) {
  const line = source.trim().split("\n")[0].trim();
  return line.length > 60 ? `${line.slice(0, 59)}…` : line;
}

/** The code cells of the notebook that these sources come from, in order; undefined where it is not known. */
function notebookCells(sources, folder) {
  const named = process.env.JPY_SESSION_NAME;
  if (named?.endsWith(".ipynb")) return codeCells(resolve(named));
  const known = readdirSync(folder)
    .filter((name) => name.endsWith(".ipynb"))
    .map((name) => codeCells(join(folder, name)))
    .map((cells) => ({ cells, shared: cells.filter((cell) => sources.has(cell.source)).length }));
  const best = known.sort((a, b) => b.shared - a.shared)[0];
  return best && best.shared > 0 ? best.cells : undefined;
}

function codeCells(path) {
  let heading = "";
  const cells = [];
  for (const cell of JSON.parse(readFileSync(path, "utf8")).cells) {
    const source = [cell.source].flat().join("");
    if (cell.cell_type === "markdown") {
      for (const [, text] of source.matchAll(/^#+\s+(.+)$/gm)) heading = text.trim();
    }
    if (cell.cell_type === "code" && source.trim()) cells.push({ source, heading });
  }
  return cells;
}

/** The names that a cell leaves behind for the next ones. */
function declaredNames(source) {
  const ts = require("@tslab/typescript-for-tslab");
  const file = ts.createSourceFile("cell.ts", source, ts.ScriptTarget.ES2022, true);
  ts.bindSourceFile(file, {});
  return file.locals;
}
