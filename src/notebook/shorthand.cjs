// tslab 1.0.22 forgets `{ rows }` where `rows` comes from an earlier cell: the cell then fails with "rows is not defined".
// Written out as `{ rows: rows }` it works.

/**
 * A cell's source with its shorthand properties written out, and where text was added.
 *
 * @param {string} source
 * @returns {{ source: string, added: { line: number, character: number, length: number }[] }} places in the result
 */
exports.expandShorthand = function expandShorthand(source) {
  const ts = require("@tslab/typescript-for-tslab");
  const file = ts.createSourceFile("cell.ts", source, ts.ScriptTarget.ES2022);
  const names = [];
  const visit = (node) => {
    if (ts.isShorthandPropertyAssignment(node)) names.push(node.name);
    ts.forEachChild(node, visit);
  };
  visit(file);
  const added = [];
  let result = "";
  let last = 0;
  for (const name of names) {
    const text = `${name.text}: `;
    const start = name.getStart(file);
    result += source.slice(last, start);
    const line = file.getLineAndCharacterOfPosition(start).line;
    added.push({ line, character: result.length - (result.lastIndexOf("\n") + 1), length: text.length });
    result += text;
    last = start;
  }
  return { source: result + source.slice(last), added };
};

/** The place in the cell as it was typed, for a place in the source with its shorthand properties written out. */
exports.typedPlace = function typedPlace(place, added) {
  let { character } = place;
  for (const { line, character: at, length } of added) {
    if (line === place.line && at < place.character) character -= Math.min(length, place.character - at);
  }
  return { ...place, character };
};
