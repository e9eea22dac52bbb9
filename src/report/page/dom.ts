import { escapeHtml } from "../../figures/html";
import { type Column, symbolHtml } from "../../study/columns";

type Child = Node | string;
type Value = string | number | boolean | undefined;
type Listeners = { [event in keyof HTMLElementEventMap]?: (event: HTMLElementEventMap[event]) => void };

/**
 * A new element. Texts become text, never markup.
 *
 * @param attributes true stands for an attribute without value; false and undefined leave it out
 */
export function element<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  attributes: { readonly [name: string]: Value } = {},
  children: readonly Child[] = [],
  listeners: Listeners = {},
): HTMLElementTagNameMap[Tag] {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === false) continue;
    made.setAttribute(name, value === true ? "" : String(value));
  }
  for (const [event, listener] of Object.entries(listeners)) {
    made.addEventListener(event, listener as EventListener);
  }
  made.append(...children);
  return made;
}

/** Markup that the project's own functions made, with all texts escaped. */
export function fromHtml(html: string): DocumentFragment {
  const template = document.createElement("template");
  template.innerHTML = html;
  return template.content;
}

/** A column's symbol with its subscript. */
export function symbolOf({ symbol }: Pick<Column, "symbol">): DocumentFragment {
  return fromHtml(symbolHtml(escapeHtml(symbol)));
}

/** The element of this id in the page's own markup. */
export function byId(id: string): HTMLElement {
  return document.getElementById(id)!;
}

export function button(content: Child, onClick: () => void, attributes: { readonly [name: string]: Value } = {}) {
  return element("button", { type: "button", ...attributes }, [content], { click: onClick });
}

/** A list to choose from, with its label: of each choice its value and its text. */
export function chooser(
  label: string,
  choices: readonly (readonly [value: string, text: string])[],
  chosen: string,
  onChoose: (value: string) => void,
): HTMLLabelElement {
  const options = choices.map(([value, text]) => element("option", { value, selected: value === chosen }, [text]));
  const select: HTMLSelectElement = element("select", { disabled: choices.length < 2 }, options, {
    change: () => onChoose(select.value),
  });
  return element("label", { class: "field" }, [element("span", {}, [label]), select]);
}
