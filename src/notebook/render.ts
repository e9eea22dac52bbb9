import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import type { Figure } from "../figures/figure";
import { cacheFolder, projectFolder } from "../paths";

/** By the ends of files: SVG with text as text, PDF with its fonts, and PNG with 1 ("screen"), 2 and 4 ("-print.png") pixels to a CSS pixel. */
export type PictureFormat = "screen" | ".svg" | ".pdf" | ".png" | "-print.png";
export type Pictures = Partial<Record<PictureFormat, Buffer>>;

const secondsForOne = 90;

/** The process that draws, while there is one, and why no picture can be drawn. */
let renderer: ChildProcess | undefined;
let missing: string | undefined;
let queue: Promise<unknown> = Promise.resolve();

/**
 * Draws a figure with plotly in a headless browser, without network.
 *
 * The first picture starts the browser (seconds; once per machine it is unpacked first), the next ones take fractions
 * of a second; the browser ends with this process.
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
    renderer ??= await startRenderer();
    return await ask(renderer, { figure: JSON.parse(JSON.stringify(figure)), formats });
  } catch (error) {
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
  if (closing === undefined) return;
  closing.ref();
  if (closing.connected) closing.disconnect();
  await once(closing, "exit");
}

async function startRenderer(): Promise<ChildProcess> {
  const folder = join(cacheFolder(), "browser");
  await mkdir(folder, { recursive: true });
  const child = fork(join(projectFolder, "src", "notebook", "renderer.mjs"), [folder], {
    detached: true,
    execArgv: [],
    serialization: "advanced",
    stdio: ["ignore", "ignore", "ignore", "ipc"],
  });
  for (const end of ["exit", "error"]) {
    child.once(end, () => {
      if (renderer === child) renderer = undefined;
    });
  }
  child.unref();
  child.channel?.unref();
  return child;
}

/** One question to the renderer; the process stays alive only while the answer is awaited. */
async function ask(child: ChildProcess, question: { figure: unknown; formats: readonly PictureFormat[] }) {
  const answered = new AbortController();
  const { signal } = answered;
  child.channel?.ref();
  try {
    child.send(question);
    const [answer] = await Promise.race([
      once(child, "message", { signal }),
      once(child, "exit", { signal }).then(([code, name]) => [`its process ended with ${name ?? `exit code ${code}`}`]),
      setTimeout(secondsForOne * 1000, [`no picture after ${secondsForOne} s`], { signal }),
    ]);
    if (typeof answer === "string") throw new Error(answer);
    return answer as Pictures;
  } finally {
    answered.abort();
    child.channel?.unref();
  }
}
