import type { OutputWriter } from "../../src/notebook/display";

/** Runs `work` with its outputs collected instead of shown. */
export async function captureOutputs<T>(
  work: () => T | Promise<T>,
): Promise<{ result: T; outputs: { content: object; update: boolean }[] }> {
  const kernel = globalThis as { writeOutput?: OutputWriter | undefined };
  const outputs: { content: object; update: boolean }[] = [];
  kernel.writeOutput = (content, update) => outputs.push({ content, update });
  try {
    return { result: await work(), outputs };
  } finally {
    kernel.writeOutput = undefined;
  }
}
