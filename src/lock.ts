import { setTimeout as pause } from "node:timers/promises";
import { lock } from "proper-lockfile";

// A file that may not grow is an error where it is written; proper-lockfile's signal-exit would end the process.
process.on("SIGXFSZ", () => undefined);

/**
 * Runs the work while no other process or call holds the path, which need not exist. A process that died loses its lock
 * after ten seconds; if the lock is lost meanwhile, as on a computer that slept, the work's signal aborts.
 */
export async function withLock<T>(
  path: string,
  work: (signal: AbortSignal) => Promise<T>,
  { onWait, signal }: { onWait?: () => void; signal?: AbortSignal } = {},
): Promise<T> {
  const lost = new AbortController();
  const onCompromised = (error: Error) => lost.abort(error);
  const acquire = async () => {
    signal?.throwIfAborted();
    return lock(path, { realpath: false, onCompromised }).catch((error) => {
      if (error.code !== "ELOCKED") throw error;
    });
  };
  let release = await acquire();
  if (!release) onWait?.();
  for (; !release; release = await acquire()) await pause(300);
  try {
    return await work(signal ? AbortSignal.any([signal, lost.signal]) : lost.signal);
  } finally {
    if (!lost.signal.aborted) await release();
  }
}
