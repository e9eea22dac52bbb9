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

/** The element of this id in the page's own markup. */
export function byId(id: string): HTMLElement {
  return document.getElementById(id)!;
}

export function button(text: string, onClick: () => void, attributes: { readonly [name: string]: Value } = {}) {
  return element("button", { type: "button", ...attributes }, [text], { click: onClick });
}

export interface Choice {
  value: string;
  text: string;
}

/** A list to choose from, with its label. */
export function chooser(
  label: string,
  choices: readonly Choice[],
  chosen: string,
  onChoose: (value: string) => void,
  hint?: string,
): HTMLLabelElement {
  const options = choices.map(({ value, text }) => {
    return element("option", { value, selected: value === chosen }, [text]);
  });
  const select: HTMLSelectElement = element("select", { title: hint, disabled: choices.length < 2 }, options, {
    change: () => onChoose(select.value),
  });
  return element("label", { class: "field" }, [element("span", {}, [label]), select]);
}
