import { printable } from "../figures/figure";

/** Text from data (a class name, a word, a path) that Markdown shows as it is, on one line: no mark, link, HTML or formula. */
export function escapeMarkdown(text: string): string {
  return printable(text.replace(/\s+/g, " "))
    .replace(/[\\`*_[\]<>#|~&:@]|^[-+=]|(?<=^\d+)[.)]/g, (mark) => `&#${mark.charCodeAt(0)};`)
    .replaceAll("$", "<span>&#36;</span>");
}
