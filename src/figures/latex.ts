/** Each character of a text, and what stands for it. */
function each(characters: string, command: (character: string) => string): Record<string, string> {
  return Object.fromEntries([...characters].map((character) => [character, command(character)]));
}

/** Characters, each with a name behind it, and what stands for them. */
function named(pairs: string, command: (name: string) => string): Record<string, string> {
  return Object.fromEntries([...pairs.matchAll(/(\S) (\w+)/gu)].map(([, sign, name]) => [sign, command(name!)]));
}

/** What LaTeX reads as a command, in its text form. */
const commands: Readonly<Record<string, string>> = {
  ...named("\\ backslash ~ asciitilde ^ asciicircum ` asciigrave < less > greater | bar", (name) => `\\text${name}{}`),
  ...each("{}$&#%_", (character) => `\\${character}`),
  // In braces, as "[" and "*" after the end of a table's row are read as its options.
  ...each("[]*", (character) => `{${character}}`),
  ...each("\u2009\u202f", () => "\\,"),
  '"': "\\symbol{34}",
  "–": "--",
  "—": "---",
  "…": "\\ldots{}",
  "\ufffd": "?",
};

const greek =
  "α alpha β beta γ gamma δ delta ε varepsilon ϵ epsilon ζ zeta η eta θ theta ι iota κ kappa λ lambda μ mu ν nu ξ xi π pi " +
  "ρ rho ς varsigma σ sigma τ tau υ upsilon φ varphi ϕ phi χ chi ψ psi ω omega " +
  "Γ Gamma Δ Delta Θ Theta Λ Lambda Ξ Xi Π Pi Σ Sigma Υ Upsilon Φ Phi Ψ Psi Ω Omega";
const signs = "× times · cdot ≤ le ≥ ge ≠ ne ≈ approx ± pm → to ← leftarrow ∞ infty ∂ partial ∑ sum ∈ in";

const symbols: Readonly<Record<string, string>> = {
  ...named(`${greek} ${signs}`, (name) => `\\${name}`),
  "−": "-",
  ŷ: "\\hat{y}",
};

const symbol = `[${Object.keys(symbols).join("")}]`;
const script = `[_^](?:[A-Za-z0-9]+|${symbol})`;
const part = `${symbol}(?:${script})?`;
const special = `[${Object.keys(commands)
  .map((character) => `\\${character}`)
  .join("")}]`;
const formula = `${part}(?:${part}|[A-Za-z]${script})*`;
const pattern = new RegExp(`(?<formula>${formula})|(?<special>${special})|(?<joined>-(?=-)|'(?=')|,(?=,))`, "g");
const partPattern = new RegExp(`(.)(?:([_^])([A-Za-z0-9]+|${symbol}))?`, "g");

/**
 * Text from data (a word, a heading) as LaTeX source that prints it: nothing in it is a command, and pairs such as "--"
 * are not joined.
 *
 * Greek letters and a few signs are set in math, with the script after "_" or "^": "τ_loo" becomes
 * `$\tau_{\mathrm{loo}}$`. Line breaks become spaces; other control characters and marks of writing
 * direction are left out.
 */
export function escapeLatex(text: string): string {
  return (
    text
      .normalize("NFC")
      .replace(/[\t-\r\u0085\u2028\u2029]+/g, " ")
      // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is left out
      .replace(/[\u0000-\u001f\u007f-\u009f\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/g, "")
      .replace(/\p{Surrogate}/gu, "?")
      .replace(pattern, (match, math, command) => {
        if (math !== undefined) return `$${math.replace(partPattern, toMath)}$`;
        return command === undefined ? `${match}{}` : commands[command]!;
      })
  );
}

function toMath(_: string, letter: string, position?: string, scripted = ""): string {
  const base = symbols[letter] ?? ` ${letter}`;
  if (position === undefined) return base;
  return `${base}${position}{${symbols[scripted] ?? (scripted.length > 1 ? `\\mathrm{${scripted}}` : scripted)}}`;
}

/**
 * LaTeX source under a comment that says what the preamble needs.
 *
 * @param packages as in "xcolor"
 */
export function withNeeds(source: string, packages: readonly string[]): string {
  const uses = packages.map((name) => `\\usepackage{${name}}`);
  if (/[^\t-~]/.test(source)) uses.push("\\usepackage[T1]{fontenc}");
  return `% The preamble needs ${uses.join(" ")}\n${source}\n`;
}
