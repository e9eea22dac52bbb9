import type { Background } from "../../figures/theme";

const dark = matchMedia("(prefers-color-scheme: dark)");
let printing = false;

/** The ground that the page stands on: paper is always light. */
export function background(chosen: string): Background {
  if (printing) return "light";
  if (chosen === "dark" || chosen === "light") return chosen;
  return dark.matches ? "dark" : "light";
}

/** Calls when the system changes between light and dark, and before and after printing. */
export function onBackgroundChange(listener: () => void): void {
  dark.addEventListener("change", listener);
  for (const [event, isPrinting] of [
    ["beforeprint", true],
    ["afterprint", false],
  ] as const) {
    addEventListener(event, () => {
      printing = isPrinting;
      listener();
    });
  }
}
