import { UserError } from "../errors";
import { escapeHtml, printable } from "../figures/figure";
import type { StudyProgress } from "../study/makeStudy";
import { display, isNotebook } from "./display";

/** Steps finished of all, and what there is to know meanwhile, for example "epoch 3 of 8, loss 0.41, dev AUC 0.83". */
export type ProgressUpdate = Omit<StudyProgress, "stage">;

const millisecondsBetween = 250;
let bars = 0;

/**
 * Work that the stop button ends, under a bar with elapsed and remaining time: one output that is overwritten, whose last
 * line says what came out, or that it ended early; outside of a notebook there is that line alone.
 *
 * @param describe the last line of a result
 * @param work may tell how far it is as often as it likes: that is drawn at most 4 times a second
 */
export async function withProgress<Result>(
  label: string,
  describe: (result: Result) => string,
  work: (update: (progress: ProgressUpdate) => void, signal: AbortSignal) => Promise<Result>,
): Promise<Result> {
  const start = Date.now();
  bars += 1;
  const slot = `progress-${process.pid}-${bars}`;
  let drawn = Number.NEGATIVE_INFINITY;
  let isShown = false;
  const show = (told: string, bar: string) => {
    const text = printable(told);
    display({ data: { "text/html": `<div>${bar}${escapeHtml(text)}</div>`, "text/plain": text } }, slot, isShown);
    isShown = true;
  };
  const update = ({ done, total, note }: ProgressUpdate) => {
    const now = Date.now();
    if (!isNotebook() || now - drawn < millisecondsBetween) return;
    drawn = now;
    const percent = Math.floor((100 * done) / Math.max(1, total));
    const elapsed = now - start;
    const text = `${label}: ${percent} %${note ? `, ${note}` : ""}, ${duration(elapsed)}${timeLeft(done / total, elapsed)}`;
    show(text, `<progress value="${done}" max="${total}" style="width: 16em"></progress> `);
  };
  let outcome = "ended early";
  try {
    const result = await interruptible((signal) => work(update, signal));
    outcome = describe(result);
    return result;
  } finally {
    show(`${label}: ${outcome} (${duration(Date.now() - start)})`, "");
  }
}

/** Signals that come so close together are one press of the button. */
const millisecondsOfOneStop = 1000;

/**
 * Runs work that the notebook's stop button (or Ctrl-C) ends: it aborts the signal and waits until the work, which looks at
 * the signal and gives way to the event loop between its steps, has stopped; a second stop does not wait.
 *
 * @throws UserError "Stopped. ..." after a stop; what `work` throws otherwise
 */
export async function interruptible<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  // While a cell's first, synchronous part runs, Node holds SIGINT itself; a listener put in there would be lost with it.
  await new Promise((resolve) => setImmediate(resolve));
  const controller = new AbortController();
  const others = process.listeners("SIGINT");
  const restore = () => {
    process.removeListener("SIGINT", onSignal);
    for (const listener of others) process.on("SIGINT", listener);
  };
  let stoppedAt = Number.POSITIVE_INFINITY;
  const onSignal = () => {
    const now = performance.now();
    if (!controller.signal.aborted) {
      stoppedAt = now;
      return controller.abort(new UserError("Stopped."));
    }
    if (now - stoppedAt < millisecondsOfOneStop) return;
    restore();
    process.kill(process.pid, "SIGINT");
  };
  // tslab's own listener would end the cell at once while the work goes on unseen: it has to wait.
  for (const listener of others) process.removeListener("SIGINT", listener);
  process.on("SIGINT", onSignal);
  try {
    return await work(controller.signal);
  } catch (error) {
    const isStop = error === controller.signal.reason || (error instanceof Error && error.name === "AbortError");
    if (!controller.signal.aborted || !isStop) throw error;
    throw new UserError("Stopped. Run the cell again to start this step anew.");
  } finally {
    if (process.listeners("SIGINT").includes(onSignal)) restore();
  }
}

/** What is left of work of which a share is done after so many milliseconds, as in ", 8 s left"; empty before and after it. */
export function timeLeft(share: number, elapsed: number, about = ""): string {
  return share > 0 && share < 1 ? `, ${about}${duration((elapsed * (1 - share)) / share)} left` : "";
}

/** Milliseconds for people: "8 s", "1 min 20 s", "2 h 5 min". */
export function duration(milliseconds: number): string {
  const seconds = Math.round(milliseconds / 1000);
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
  return `${Math.floor(seconds / 3600)} h ${Math.floor((seconds % 3600) / 60)} min`;
}
