import { type ChildProcess, fork } from "node:child_process";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { stringify } from "csv-stringify/sync";
import { writeFileAtomic } from "../atomicWrite";
import { UserError } from "../errors";
import { cacheFolder, projectFolder } from "../paths";
import type { Figure } from "./figure";

/** "svg" (text stays text), "pdf" (fonts embedded), and PNG with 1 ("screen"), 2 ("png") and 4 ("print") pixels to a CSS pixel. */
export type PictureFormat = "svg" | "pdf" | PngFormat;
export type PngFormat = "screen" | "png" | "print";
export type Pictures = Partial<Record<PictureFormat, Buffer>>;

const endings = { svg: ".svg", pdf: ".pdf", screen: "-screen.png", png: ".png", print: "-print.png" } as const;
const secondsForOne = 90;

/**
 * Writes a figure as SVG, PNG (screen and print), PDF and JSON, and its rows as CSV.
 *
 * Without a browser it writes JSON and CSV, and says once what is missing. Each file is whole or is not there.
 *
 * @param folder is made if it is not there
 * @param name of the files without ending, for example "rq1-reviews-bilstm-additive-0"
 * @returns the paths of what was written
 */
export async function exportFigure(
  { rows, ...plot }: Figure,
  { folder, name }: { folder: string; name: string },
): Promise<string[]> {
  requireFileName(name);
  const pictures = Object.entries((await renderFigure(plot, ["svg", "png", "print", "pdf"])) ?? {});
  await mkdir(folder, { recursive: true });
  const files: [ending: string, content: string | Buffer][] = [
    [".json", `${JSON.stringify(plot)}\n`],
    ...(rows ? [[".csv", toCsv(rows)] as [string, string]] : []),
    ...pictures.map(([format, picture]): [string, Buffer] => [endings[format as PictureFormat], picture]),
  ];
  return Promise.all(
    files.map(async ([ending, content]) => {
      const path = join(folder, name + ending);
      writeFileAtomic(path, content);
      return path;
    }),
  );
}

/**
 * Refuses what is not the name of a file in one folder, on any system.
 *
 * @throws UserError that says the rule and what came
 */
export function requireFileName(name: string): void {
  if (/^[\w][\w.+=-]*$/.test(name)) return;
  throw new UserError(
    `A result's file name has letters, digits, "-", "_", "+", "=" and "." only, but ${JSON.stringify(name)} came.`,
  );
}

/** Rows as CSV with a header line; a value that is undefined leaves its field empty. */
export function toCsv(rows: readonly object[]): string {
  const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  return stringify([...rows], { header: true, columns, cast: { boolean: String } });
}

/**
 * Draws a figure with plotly in a headless browser, without network.
 *
 * The first picture starts the browser (seconds; once per machine it is unpacked first), the next ones take fractions
 * of a second; the browser ends with this process.
 *
 * @returns `undefined` where no browser can be started, which is said once on standard error
 */
export async function renderFigure(figure: Figure, formats: readonly PictureFormat[]): Promise<Pictures | undefined> {
  return draw({ figure: JSON.parse(JSON.stringify({ ...figure, rows: undefined })), formats });
}

/**
 * Draws a page's `figure` element as PNG, as `renderFigure` draws plotly's.
 *
 * @param page HTML, laid out in a window 720 CSS pixels wide
 */
export async function renderPage(page: string, formats: readonly PngFormat[]): Promise<Pictures | undefined> {
  return draw({ page, formats });
}

async function draw(question: Question): Promise<Pictures | undefined> {
  if (missing !== undefined) return undefined;
  try {
    renderer ??= startRenderer();
    return await (await renderer).draw(question);
  } catch (error) {
    // Of several figures that were asked for at once, the first has said it.
    if (missing !== undefined) return undefined;
    missing = error instanceof Error ? error.message : String(error);
    console.warn(
      `Figures are shown live and saved as JSON, but not as pictures, as no browser draws them (${missing}). ` +
        "Install Chrome, Chromium or Edge, or set ATTENTION_BROWSER to the path of one, and start this again (in a notebook: restart the kernel).",
    );
    await closeRenderer();
    return undefined;
  }
}

/** Ends the browser at once; the next picture starts a new one. Without this call it ends with the process. */
export async function closeRenderer(): Promise<void> {
  const closing = renderer;
  renderer = undefined;
  await closing?.then(
    (running) => running.close(),
    () => undefined,
  );
}

type Question = { formats: readonly PictureFormat[] } & ({ figure: Figure } | { page: string });

interface Renderer {
  draw(question: Question): Promise<Pictures>;
  close(): Promise<void>;
}

type Answer = { ready: true } | { id: number; pictures: Pictures } | { id: number; problem: string };

let renderer: Promise<Renderer> | undefined;
let missing: string | undefined;

async function startRenderer(): Promise<Renderer> {
  const folder = join(cacheFolder(), "browser");
  await mkdir(folder, { recursive: true });
  const child = fork(join(projectFolder, "src", "figures", "renderer.mjs"), [folder], {
    detached: true,
    execArgv: [],
    serialization: "advanced",
    stdio: ["ignore", "ignore", "ignore", "ipc"],
  });
  const waiting = new Map<number, (answer: Answer | Error) => void>();
  const settleAll = (error: Error) => {
    for (const settle of waiting.values()) settle(error);
  };
  child.on("error", settleAll);
  child.on("exit", (code, signal) => {
    renderer = undefined;
    settleAll(new Error(`the browser's process ended with ${signal ?? `exit code ${code}`}`));
  });
  child.on("message", (answer: Answer) => {
    if ("id" in answer) waiting.get(answer.id)?.(answer);
  });
  child.unref();
  child.channel?.unref();
  let last = 0;
  return {
    draw: (question) => {
      last += 1;
      return ask(child, waiting, { id: last, ...question });
    },
    close: () => end(child),
  };
}

/** One question to the renderer; the process stays alive only while an answer is awaited. */
async function ask(
  child: ChildProcess,
  waiting: Map<number, (answer: Answer | Error) => void>,
  question: Question & { id: number },
): Promise<Pictures> {
  child.channel?.ref();
  let timer: NodeJS.Timeout | undefined;
  try {
    const answer = await new Promise<Answer | Error>((resolve) => {
      waiting.set(question.id, resolve);
      timer = setTimeout(() => resolve(new Error(`no picture after ${secondsForOne} s`)), secondsForOne * 1000);
      child.send(question, (error) => error && resolve(error));
    });
    if (answer instanceof Error) throw answer;
    if ("problem" in answer) throw new Error(answer.problem);
    return "pictures" in answer ? answer.pictures : {};
  } finally {
    clearTimeout(timer);
    waiting.delete(question.id);
    if (waiting.size === 0) child.channel?.unref();
  }
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.ref();
  const exited = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  const timer = setTimeout(() => child.kill("SIGKILL"), 6000);
  if (child.connected) child.disconnect();
  else child.kill("SIGTERM");
  await exited;
  clearTimeout(timer);
}
