import { UserError } from "../errors";

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
