// An error says where it comes from in lines of what the compiler made of a cell; here they become lines of the cell.
const { SourceMap } = require("node:module");
const { relative } = require("node:path");

/** By number: what was typed, and the maps of the two steps that compile it, the last one first. */
const cells = [];
const step = { emitted: undefined, transpiled: undefined };

/** The compiler's options, with which it says which line becomes which. */
exports.withMap = (options) => ({ ...options, sourceMap: true });

/** Notes the map of a file that the compiler writes. */
exports.noteFile = function noteFile(name, content) {
  if (name.endsWith("/__tslab__.js.map")) step.emitted = content;
};

/** tslab's second step: modules become functions. */
exports.transpile = function transpile(compiler, source, options) {
  const compilerOptions = exports.withMap(options.compilerOptions);
  const made = compiler.transpileModule(source, { ...options, compilerOptions });
  step.transpiled = made.sourceMapText;
  return made;
};

/** A compiled cell under a name by which a stack tells it from others; undefined where it could not be compiled. */
exports.named = function named(output, typed) {
  const maps = output && [step.transpiled, step.emitted].map((map) => new SourceMap(JSON.parse(map)));
  cells.push({ typed: typed.split("\n"), maps });
  return output && `${output}\n//# sourceURL=cell-${cells.length}`;
};

/** A stack of lines of cells and of the project's sources, without the compiler's, the kernel's and Node's own. */
exports.ofCells = function ofCells(stack) {
  const [head, ...frames] = stack.split(/\n {4}at /);
  const shown = new Set(frames.map((frame) => cellFrame(frame) ?? sourceFrame(frame)));
  // Node puts the line that threw before the first sentence; one of a package may be a screen long.
  return [head.replace(/^(?:\/|cell-|evalmachine|file:|node:)\S*:\d+\n.*?\n\n+(?=\S)/s, ""), ...shown]
    .filter((line) => line !== undefined)
    .join("\n    at ");
};

function cellFrame(frame) {
  const [, name, number, line, column] = /^(?:(.+) \()?cell-(\d+):(\d+):(\d+)\)?$/.exec(frame) ?? [];
  if (number === undefined) return undefined;
  const { typed, maps } = cells[number - 1];
  const place = maps.reduce(
    ([row, at], map) => {
      const { originalLine, originalColumn } = map.findEntry(row, at);
      return [originalLine, originalColumn];
    },
    [line - 1, column - 1],
  );
  // tslab puts a line of its own before the first one.
  const text = typed[place[0] - 1]?.trim();
  if (!text) return undefined;
  const where = `line ${place[0]}${Number(number) === cells.length ? "" : ` of cell [${number}]`}: ${text}`;
  return name === undefined ? where : `${name.replace(/^Proxy\./, "")}, ${where}`;
}

function sourceFrame(frame) {
  const [, path] = /\(?(?:file:\/\/)?(\/[^()]+):\d+\)?$/.exec(frame) ?? [];
  const inside = path && relative(process.cwd(), path);
  return inside?.startsWith("src/") && !inside.includes(".cjs") ? frame.replace(`${process.cwd()}/`, "") : undefined;
}
