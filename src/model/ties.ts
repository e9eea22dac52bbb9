import { groupBy } from "../stats/summary";
import { endId, padId, startId } from "./vocabulary";

/** For each word the first with the same `reach` words around it, which has the same state; itself where a state sees all. */
export function firstAlike(ids: readonly number[], reach: number | undefined): number[] {
  if (reach === undefined) return [...ids.keys()];
  const first = new Map<string, number>();
  return windowsOf(ids, reach).map((window, t) => {
    if (!first.has(window)) first.set(window, t);
    return first.get(window)!;
  });
}

/**
 * Which removals are equal by definition: they leave the same text or, for an encoder that sees `reach` words on each
 * side, the same states in another order, which attention and decoder do not tell apart.
 *
 * @returns the words whose removals leave the same, in groups
 */
export function removalsAlike(ids: readonly number[], reach: number | undefined): number[][] {
  const changes = reach === undefined ? runsOf(ids) : changesOfWindows(ids, reach);
  return [...groupBy([...ids.keys()], (t) => changes[t]!).values()];
}

/** For each word where the run of equal words begins that it stands in. */
function runsOf(ids: readonly number[]): number[] {
  let first = 0;
  return ids.map((id, t) => {
    if (id !== ids[t - 1]) first = t;
    return first;
  });
}

/** The same for texts whose output is equal by definition. */
export function outputKey(ids: readonly number[], reach: number | undefined): string {
  return reach === undefined ? ids.join() : windowsOf(ids, reach).sort().join(";");
}

/** The ids around each word, as many on each side as `reach`. */
function windowsOf(ids: readonly number[], reach: number): string[] {
  return windowsIn(padded(ids, reach), reach).slice(1, -1); // without those around start and end
}

function windowsIn(sequence: readonly number[], reach: number): string[] {
  return sequence.slice(2 * reach).map((_, from) => sequence.slice(from, from + 2 * reach + 1).join());
}

/** What is beyond the ends of a text is told apart from every word. */
function padded(ids: readonly number[], count: number): number[] {
  const beyond = new Array<number>(count).fill(padId);
  return [...beyond, startId, ...ids, endId, ...beyond];
}

/** For each word, which windows are new without it and which are gone, and how often. */
function changesOfWindows(ids: readonly number[], reach: number): string[] {
  const whole = padded(ids, 2 * reach);
  return ids.map((_, removed) => {
    const counts = new Map<string, number>();
    const count = (sequence: readonly number[], by: number) => {
      for (const window of windowsIn(sequence, reach)) counts.set(window, (counts.get(window) ?? 0) + by);
    };
    const around = whole.slice(removed + 1, removed + 4 * reach + 2);
    count(around, -1);
    around.splice(2 * reach, 1);
    count(around, 1);
    const changed = [...counts].filter(([, by]) => by !== 0).map(([window, by]) => `${by}:${window}`);
    return changed.sort().join(";");
  });
}
