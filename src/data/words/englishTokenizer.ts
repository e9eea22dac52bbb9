import { readFileSync } from "node:fs";
import { join } from "node:path";
import { projectFolder } from "../../paths";

/** Tokens as of spaCy 3.8 (`spacy.blank("en")`, MIT licence): "I don't." becomes I, do, n't and a full stop. */
export function splitTokens(text: string): string[] {
  return text.split(/\p{White_Space}+/u).flatMap((word) => (word === "" ? [] : splitWord(word)));
}

const letter = String.raw`\p{L}`;
const lower = String.raw`\p{Ll}\p{Lo}`;
const upper = String.raw`\p{Lu}\p{Lo}`;
const punctuation = String.raw`…,:;!?¿؟¡()\[\]{}<>_#*&。？！，、；：～·।،۔؛٪`;
const quotes = `'"”“\`‘´’‚,„»«「」『』（）〔〕【】《》〈〉〈〉⟦⟧`;
const symbols = String.raw`\p{So}`;
const hyphens = "(?:-|–|—|--|---|——|~)";
const currency = String.raw`(?:US\$|C\$|A\$|[$£€¥฿₽﷼₴₠-₿])`;
const units =
  "(?:km|km²|km³|m|m²|m³|dm|dm²|dm³|cm|cm²|cm³|mm|mm²|mm³|ha|µm|nm|yd|in|ft|kg|g|mg|µg|t|lb|oz|m/s|km/h|kmh|mph|hPa|Pa|" +
  "mbar|mb|MB|kb|KB|gb|GB|tb|TB|T|G|M|K|%)";

const prefixPattern = new RegExp(
  String.raw`^(?:[§%=—–]|\+(?![0-9])|[${punctuation}]|\.\.+|[${quotes}]|${currency}|[${symbols}])`,
  "u",
);
const suffixPattern = new RegExp(
  String.raw`(?:……|[${punctuation}]|\.\.+|[${quotes}]|[${symbols}]|'s|'S|’s|’S|[—–]|(?<=[0-9])\+|(?<=°[FfCcKk])\.` +
    String.raw`|(?<=[0-9])${currency}|(?<=[0-9])${units}|(?<=[0-9${lower}%²\-+|?:()${punctuation}${quotes}])\.` +
    String.raw`|(?<=[${upper}][${upper}])\.)$`,
  "u",
);
const infixPattern = new RegExp(
  String.raw`\.\.+|…|[${symbols}]|(?<=[0-9])[+\-*^](?=[0-9\-])|(?<=[${lower}${quotes}])\.(?=[${upper}${quotes}])` +
    `|(?<=[${letter}]),(?=[${letter}])|(?<=[${letter}0-9])${hyphens}(?=[${letter}])` +
    `|(?<=[${letter}0-9])[:<>=/](?=[${letter}])`,
  "gu",
);
const addressPattern = new RegExp(
  String.raw`^(?:(?:[\p{L}\p{N}_+\-.]{2,}):\/\/)?(?:\S+(?::\S*)?@)?(?:(?!(?:10|127)(?:\.\d{1,3}){3})` +
    String.raw`(?!(?:169\.254|192\.168)(?:\.\d{1,3}){2})(?!172\.(?:1[6-9]|2\d|3[0-1])(?:\.\d{1,3}){2})` +
    String.raw`(?:[1-9]\d?|1\d\d|2[01]\d|22[0-3])(?:\.(?:1?\d{1,2}|2[0-4]\d|25[0-5])){2}` +
    String.raw`(?:\.(?:[1-9]\d?|1\d\d|2[0-4]\d|25[0-4]))` +
    String.raw`|(?:(?:[A-Za-z0-9\u00a1-\uffff][A-Za-z0-9\u00a1-\uffff_\-]{0,62})?[A-Za-z0-9\u00a1-\uffff]\.)+` +
    String.raw`(?:[${lower}]{2,63}))(?::\d{2,5})?(?:[\/?#]\S*)?$`,
  "u",
);

/** Tokens of the strings that have a fixed tokenisation; in the file a dot marks where one is split. */
const exceptions = new Map(
  readFileSync(join(projectFolder, "data", "english", "spacy_exceptions.txt"), "utf8")
    .trim()
    .split(/\s+/)
    .map((entry): [string, string[]] => [entry.replaceAll("·", ""), entry.split("·")]),
);

/** Exceptions that the rules would take apart, as ":-)", by their first part; they are put together again. */
const broken = new Map<string, { parts: string[]; tokens: string[] }[]>();
for (const [text, tokens] of exceptions) {
  if (!prefixPattern.test(text) && !suffixPattern.test(text) && text.search(infixPattern) < 0) continue;
  const parts = splitAffixes(text, false);
  broken.set(parts[0]!, [...(broken.get(parts[0]!) ?? []), { parts, tokens }]);
}

/** What was split before: most words of a corpus come again and again. */
const remembered = new Map<string, readonly string[]>();

function splitWord(word: string): readonly string[] {
  const known = remembered.get(word);
  if (known !== undefined) return known;
  const tokens = exceptions.get(word) ?? mendExceptions(splitAffixes(word, true));
  remembered.set(word, tokens);
  return tokens;
}

function splitAffixes(word: string, withExceptions: boolean): string[] {
  const isException = (text: string) => withExceptions && exceptions.has(text);
  const before: string[] = [];
  const after: string[] = [];
  let rest = word;
  while (rest !== "" && !isException(rest)) {
    const prefix = prefixPattern.exec(rest)?.[0] ?? "";
    const suffix = suffixPattern.exec(rest.slice(prefix.length))?.[0] ?? "";
    if (prefix === "" && suffix === "") break;
    // One of the two alone, where that leaves an exception.
    const isPrefixAlone = prefix !== "" && isException(rest.slice(prefix.length));
    const isSuffixAlone = !isPrefixAlone && suffix !== "" && isException(rest.slice(0, rest.length - suffix.length));
    if (prefix !== "" && !isSuffixAlone) before.push(prefix);
    if (suffix !== "" && !isPrefixAlone) after.push(suffix);
    rest = rest.slice(isSuffixAlone ? 0 : prefix.length, isPrefixAlone ? undefined : rest.length - suffix.length);
  }
  return [...before, ...splitCore(rest, isException), ...after.reverse()];
}

function splitCore(core: string, isException: (text: string) => boolean): string[] {
  if (isException(core)) return exceptions.get(core)!;
  if (addressPattern.test(core)) return [core];
  const tokens: string[] = [];
  let start = 0;
  for (const { 0: infix, index = 0 } of core.matchAll(infixPattern)) {
    if (index === 0) continue;
    tokens.push(core.slice(start, index), infix);
    start = index + infix.length;
  }
  return [...tokens, core.slice(start)].filter((token) => token !== "");
}

function mendExceptions(parts: string[]): string[] {
  const mended: string[] = [];
  for (let i = 0; i < parts.length; ) {
    const candidates = broken.get(parts[i]!) ?? [];
    const fitting = candidates.filter((candidate) => candidate.parts.every((part, j) => part === parts[i + j]));
    const longest = fitting.sort((a, b) => b.parts.length - a.parts.length)[0];
    mended.push(...(longest?.tokens ?? [parts[i]!]));
    i += longest?.parts.length ?? 1;
  }
  return mended;
}
