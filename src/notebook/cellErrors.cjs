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
exports.explain = explain;

function explain(diagnostics, source, seen, folder = "notebooks") {
  if (!diagnostics.some(isUnknownName)) return diagnostics;
  let cells;
  try {
    cells = notebookCells(new Set([...seen, source]), folder);
  } catch {
    // The notebook cannot be read: the general sentence remains.
  }
  const messages = new Set();
  return diagnostics.flatMap((diagnostic) => {
    const messageText = isUnknownName(diagnostic) ? sentence(diagnostic, source, cells) : diagnostic.messageText;
    if (messages.has(messageText)) return [];
    messages.add(messageText);
    return [{ ...diagnostic, messageText }];
  });
}

function isUnknownName({ code, fileName }) {
  return fileName === undefined && unknownNameCodes.has(code);
}

function sentence({ messageText }, source, cells) {
  const name = /'([^']+)'/.exec(messageText)?.[1];
  if (name === undefined) return messageText;
  const place = cells?.findIndex((cell) => cell.source !== source && declaredNames(cell.source).has(name)) ?? -1;
  if (place >= 0) {
    const { heading, source: first } = cells[place];
    const under = heading ? ` under "${heading}"` : "";
    return `"${name}" is not defined yet: run code cell ${place + 1}${under} first, which begins with ${firstLine(first)}`;
  }
  if (/Did you mean/.test(messageText)) return messageText;
  if (cells)
    return `${messageText} No cell of this notebook, as last saved, defines it: check its spelling, or import it.`;
  return `"${name}" is not defined yet: run the cell that defines or imports it first, or check its spelling.`;
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
  const names = new Set();
  const addBinding = (binding) => {
    if (ts.isIdentifier(binding)) names.add(binding.text);
    else for (const element of binding.elements) if (element.name) addBinding(element.name);
  };
  for (const statement of ts.createSourceFile("cell.ts", source, ts.ScriptTarget.ES2022).statements) {
    if (ts.isVariableStatement(statement)) {
      for (const declaration of statement.declarationList.declarations) addBinding(declaration.name);
    } else if (ts.isImportDeclaration(statement)) {
      const clause = statement.importClause;
      if (clause?.name) names.add(clause.name.text);
      const bindings = clause?.namedBindings;
      if (bindings && ts.isNamespaceImport(bindings)) names.add(bindings.name.text);
      else for (const element of bindings?.elements ?? []) names.add(element.name.text);
    } else if (statement.name) names.add(statement.name.text);
  }
  return names;
}
