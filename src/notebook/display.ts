/** One output of a cell in several forms; the front end shows the richest that it knows. */
export interface Output {
  data: { "text/plain": string; [mimeType: string]: unknown };
  /** By MIME type, for example the size at which a picture is shown. */
  metadata?: Record<string, unknown>;
}

/** What a kernel does with an output: the message's content, and whether it replaces the one with the same id. */
export type OutputWriter = (content: object, update: boolean) => void;

let replaced: OutputWriter | undefined;

/** Whether this code runs in a notebook's kernel (or under `captureOutputs`). */
export function isNotebook(): boolean {
  return replaced !== undefined || "__tslab__" in globalThis;
}

/**
 * Adds an output to the running cell; outside of a notebook it prints the text form.
 *
 * @param slot an id of an output that may be replaced later
 * @param update replaces the output in that slot instead of adding one
 */
export function display({ data, metadata = {} }: Output, slot?: string, update = false): void {
  const write = outputWriter();
  if (write === undefined) console.log(data["text/plain"]);
  else write({ data, metadata, transient: slot === undefined ? {} : { display_id: slot } }, update);
}

/** Runs `work` with its outputs collected instead of shown: for tests. */
export async function captureOutputs<T>(
  work: () => T | Promise<T>,
): Promise<{ result: T; outputs: { content: object; update: boolean }[] }> {
  const outputs: { content: object; update: boolean }[] = [];
  const before = replaced;
  replaced = (content, update) => outputs.push({ content, update });
  try {
    return { result: await work(), outputs };
  } finally {
    replaced = before;
  }
}

/** tslab's own writer sends one MIME type only; the function beneath it takes a bundle. Loading it outside a kernel costs a compiler. */
function outputWriter(): OutputWriter | undefined {
  if (replaced !== undefined) return replaced;
  if (!isNotebook()) return undefined;
  const { lastWriteDisplayData } = require("tslab/dist/jupyter") as { lastWriteDisplayData: OutputWriter | null };
  return lastWriteDisplayData ?? undefined;
}
