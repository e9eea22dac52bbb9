/** One output of a cell in several forms; the front end shows the richest that it knows. */
export interface Output {
  data: { "text/plain": string; [mimeType: string]: unknown };
  /** By MIME type, for example the size at which a picture is shown. */
  metadata?: Record<string, unknown>;
}

/** What a kernel does with an output: the message's content, and whether it replaces the one with the same id. */
export type OutputWriter = (content: object, update: boolean) => void;

/** Where the kernel leaves it, see protocol.cjs: tslab's own writer of outputs sends one MIME type only. */
const kernel = globalThis as { writeOutput?: OutputWriter };

/** Whether this code runs in a notebook's kernel. */
export function isNotebook(): boolean {
  return kernel.writeOutput !== undefined;
}

/** Adds an output to the running cell, or replaces the one in that slot; outside of a notebook it prints the text form. */
export function display({ data, metadata = {} }: Output, slot?: string, update = false): void {
  if (kernel.writeOutput === undefined) console.log(data["text/plain"]);
  else kernel.writeOutput({ data, metadata, transient: slot === undefined ? {} : { display_id: slot } }, update);
}
