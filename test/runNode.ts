import { spawn } from "node:child_process";
import { projectFolder } from "../src/paths";

export interface ChildResult {
  exitCode: number | null;
  signal: NodeJS.Signals | null;
  /** Standard output and standard error together. */
  output: string;
}

/** Runs TypeScript in a Node process of its own, with these variables besides the environment's. */
export function runNode(
  args: readonly string[],
  environment: Record<string, string> = {},
  onOutput: (text: string, kill: (signal: NodeJS.Signals) => void) => void = () => {},
): Promise<ChildResult> {
  const { NODE_TEST_CONTEXT: _, ...inherited } = process.env;
  const child = spawn(process.execPath, ["--import", "tsx", ...args], {
    cwd: projectFolder,
    env: { ...inherited, ...environment },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => {
      output += text;
      onOutput(text, (signal) => child.kill(signal));
    });
  }
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (exitCode, signal) => resolve({ exitCode, signal, output }));
  });
}
