import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { escapeMarkdown } from "../../src/figures/figure";
import { projectFolder } from "../../src/paths";
import { hostileWords } from "../figures/hostileWords";

const python = join(projectFolder, ".venv", "bin", "python");
const skip = existsSync(python) ? false : "the Python environment is missing; npm test makes it";
/** The converter of the pages that notebooks become. */
const script = `
import json, sys
from nbconvert.filters.markdown_mistune import markdown2html_mistune
print(json.dumps([markdown2html_mistune(text) for text in json.load(sys.stdin)]))`;

test("hostile names are plain text, within a sentence, in bold and as a line of their own", { skip }, () => {
  const names = [
    ...hostileWords,
    ...[
      "[x](javascript:alert(1))",
      "![x](y)",
      "1. one",
      "2) two",
      "+ plus",
      "# head",
      "> quote",
      "a  \n\n# b",
      "***",
      "~~x~~",
    ],
    ...["https://example.org", "`code`", "| a | b |", "===", "$a$ $b$", "\\(a\\)", "<details>", "&lt;"],
  ].filter((name) => !/\p{Surrogate}|\p{Bidi_Control}|[^\P{Cc}\n]/u.test(name));
  const escaped = names.map(escapeMarkdown);
  const sentences = escaped.flatMap((name) => [`Says **${name}** and ${name}, so.`, name]);
  const { stdout, stderr } = spawnSync(python, ["-c", script], { input: JSON.stringify(sentences), encoding: "utf8" });
  assert.notEqual(stdout, "", stderr);
  const pages = JSON.parse(stdout) as string[];
  for (const [index, name] of names.entries()) {
    const text = escapeHtmlText(name.replace(/\s+/g, " "));
    const [within, alone] = pages.slice(2 * index, 2 * index + 2).map(withoutSpans);
    assert.equal(within, `<p>Says <strong>${text}</strong> and ${text}, so.</p>`);
    assert.equal(alone, `<p>${text}</p>`);
  }
});

/** The spans around "$" keep it from being the mark of a formula. */
function withoutSpans(html: string): string {
  assert.doesNotMatch(html, /\$[^$<]*\$/);
  return html
    .replace(/<span>\$<\/span>/g, "$")
    .replaceAll("&quot;", '"')
    .trim();
}

function escapeHtmlText(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
