import { element } from "./dom";

/** Lines of Markdown as the analyses write them: paragraphs, items that begin with "- ", and bold words. */
export function prose(lines: readonly string[]): HTMLElement {
  const box = element("div", { class: "prose" });
  for (const line of lines) {
    const isItem = line.startsWith("- ");
    const parts = withBold(isItem ? line.slice(2) : line);
    if (!isItem) box.append(element("p", {}, parts));
    else if (box.lastElementChild?.tagName === "UL") box.lastElementChild.append(element("li", {}, parts));
    else box.append(element("ul", {}, [element("li", {}, parts)]));
  }
  return box;
}

function withBold(text: string): (Node | string)[] {
  return text.split("**").map((part, index) => (index % 2 === 1 ? element("strong", {}, [part]) : part));
}
