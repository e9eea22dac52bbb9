import { readFileSync } from "node:fs";
import { join } from "node:path";
import { transformSync } from "esbuild";

/** The code of every @example in a source file's docstrings. @param path from src */
export function examplesIn(path: string): string[] {
  const source = readFileSync(join(__dirname, "../src", path), "utf8");
  return [...source.matchAll(/@example\n((?:\s*\*(?! @| *\/).*\n)+)/g)].map(([, block]) =>
    block!.replace(/^\s*\* ?/gm, "").trimEnd(),
  );
}

/** Runs an example with what it may name, and gives the constants that it declares. */
export async function runExample(code: string, names: Record<string, unknown>): Promise<Record<string, unknown>> {
  const declared = [...code.matchAll(/^const (?:\[)?(\w+)/gm)].map(([, name]) => name!);
  const { code: plain } = transformSync(`async () => {${code}\nreturn { ${declared} }; }`, { loader: "ts" });
  return new Function(...Object.keys(names), `return (${plain.trim().replace(/;$/, "")})()`)(...Object.values(names));
}
