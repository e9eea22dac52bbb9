import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { after, test } from "node:test";
import { projectFolder } from "../../src/paths";

interface Converter {
  inspect(declarations: string, source: string, position: number): { documentation?: { text: string }[] } | undefined;
  close(): void;
}

require("../../src/notebook/kernelPatches.cjs").install();
const converter: Converter = require("tslab/dist/converter.js").createConverter({ isJS: false, isBrowser: false });
after(() => converter.close());

type Import = [name: string, module: string];

/** Those imports of a cell of which Shift-Tab shows no sentence below the type. */
function withoutSentence(imports: readonly Import[]): Import[] {
  const lines = imports.map(([name, module]) => `import { ${name} } from "${module}";\n`);
  return imports.filter((_, index) => {
    const position = lines.slice(0, index).join("").length + "import { ".length;
    const documentation = converter.inspect("", lines.join(""), position)?.documentation ?? [];
    const text = documentation.map((part) => part.text).join("");
    return !/^["A-Z]\S*( \S+){3,}[.:]/.test(text.replaceAll("\n", " "));
  });
}

/** The names that the cells of a notebook import from the project, by their module. */
function importsOf(notebook: string): Import[] {
  const { cells } = JSON.parse(readFileSync(notebook, "utf8")) as {
    cells: { cell_type: string; source: string | string[] }[];
  };
  const code = cells.flatMap((cell) => (cell.cell_type === "code" ? [[cell.source].flat().join("")] : []));
  return [...code.join("\n").matchAll(/^import \{([^}]*)\} from "(\.\/src\/[^"]+)"/gm)].flatMap(([, names, module]) =>
    names!
      .split(",")
      .map((name) => name.trim().replace(/^type /, ""))
      .filter(Boolean)
      .map((name): Import => [name.split(" as ")[0]!, module!]),
  );
}

test("Shift-Tab tells in a sentence what each function does that a notebook imports", () => {
  const folder = join(projectFolder, "notebooks");
  const notebooks = readdirSync(folder).filter((name) => name.endsWith(".ipynb"));
  const imports = notebooks.map((file) => importsOf(join(folder, file)));
  for (const [index, { length }] of imports.entries()) assert.ok(length >= 5, notebooks[index]);
  const distinct = new Map(imports.flat().map((one) => [one.join(), one]));
  assert.deepEqual(withoutSentence([...distinct.values()]), []);
});

test("what has no sentence is found", () => {
  const undocumented: Import[] = [
    ["exactlyNothing", "./src/notebook/frame"],
    ["questionOnlyName", "./src/data/corpora/questionOnly"],
  ];
  assert.deepEqual(withoutSentence([...undocumented, ["frame", "./src/notebook/frame"]]), undocumented);
});
