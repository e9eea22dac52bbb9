import { lock } from "proper-lockfile";

export interface LockOptions {
  /** Called once if another process holds it. */
  onWait?: () => void;
  /** Ends the waiting. */
  signal?: AbortSignal;
}

/**
 * Runs the work while no other process or call holds the path, which need not exist but its folder must. A process that
 * died loses its lock after ten seconds; if the lock is lost meanwhile, as on a computer that slept, the work's signal
 * aborts.
 */
export async function withLock<T>(
  path: string,
  work: (signal: AbortSignal) => Promise<T>,
  { onWait, signal }: LockOptions = {},
): Promise<T> {
  const lost = new AbortController();
  const release = await acquire(path, (error) => lost.abort(error), onWait, signal);
  try {
    return await work(signal ? AbortSignal.any([signal, lost.signal]) : lost.signal);
  } finally {
    if (!lost.signal.aborted) await release();
  }
}

async function acquire(
  path: string,
  onCompromised: (error: Error) => void,
  onWait?: () => void,
  signal?: AbortSignal,
): Promise<() => Promise<void>> {
  for (let waited = false; ; waited = true) {
    signal?.throwIfAborted();
    try {
      return await lock(path, { realpath: false, onCompromised });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ELOCKED") throw error;
      if (!waited) onWait?.();
      await new Promise((resolve) => setTimeout(resolve, 300));
    }
  }
}
