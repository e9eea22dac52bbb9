import { escapeHtml, printable } from "../figures/figure";
import { display, isNotebook } from "./display";

export interface ProgressUpdate {
  /** Steps finished, of `total`. */
  done: number;
  total: number;
  /** What there is to know meanwhile, for example "epoch 3 of 8, loss 0.41, dev AUC 0.83". */
  note?: string;
}

export interface ProgressBar {
  /** Shows how far the work is; called as often as one likes, it draws at most 4 times a second. */
  update(progress: ProgressUpdate): void;
  /** Replaces the bar by one line that stays: what came out, or where it stopped. */
  finish(note: string): void;
}

const millisecondsBetween = 250;
let bars = 0;

/** A bar with elapsed and remaining time, one output that is overwritten; outside of a notebook its last line. */
export function progressBar(label: string): ProgressBar {
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
  return {
    update: ({ done, total, note }) => {
      const now = Date.now();
      if (!isNotebook() || now - drawn < millisecondsBetween) return;
      drawn = now;
      const percent = Math.floor((100 * done) / Math.max(1, total));
      const left = done > 0 && done < total ? `, ${duration(((now - start) * (total - done)) / done)} left` : "";
      const text = `${label}: ${percent} %${note ? `, ${note}` : ""}, ${duration(now - start)}${left}`;
      show(text, `<progress value="${done}" max="${total}" style="width: 16em"></progress> `);
    },
    finish: (note) => show(`${label}: ${note} (${duration(Date.now() - start)})`, ""),
  };
}

/** Milliseconds for people: "8 s", "1 min 20 s", "2 h 5 min". */
export function duration(milliseconds: number): string {
  const seconds = Math.round(milliseconds / 1000);
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
  return `${Math.floor(seconds / 3600)} h ${Math.floor((seconds % 3600) / 60)} min`;
}
