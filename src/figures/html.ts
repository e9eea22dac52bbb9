import { escapeText } from "./figure";

/** Text that HTML shows as it is, also inside an attribute. */
export function escapeHtml(text: string): string {
  return escapeText(text).replaceAll('"', "&quot;").replaceAll("'", "&#39;");
}
