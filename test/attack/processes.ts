import assert from "node:assert/strict";
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { basename, join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { projectFolder } from "../../src/paths";

/** A command that runs in processes of its own. */
export interface Running {
  child: ChildProcess;
  /** Resolves at its end. */
  ended: Promise<{ code: number | null; signal: NodeJS.Signals | null; printed: string }>;
  /** Resolves when this was printed. @throws if it ends without, or does not print it within the seconds */
  printed(sentence: RegExp, seconds?: number): Promise<void>;
}

/** Starts `npm run study` without the set-up. @param prefix a command that starts it */
export function startStudy(args: readonly string[], prefix: readonly string[] = []): Running {
  const script = join(__dirname, "studyProcess.ts");
  return startProcess([...prefix, process.execPath, "--import", "tsx", script, ...args]);
}

/** @param cwd default: the project's folder */
export function startProcess([command, ...args]: readonly string[], cwd = projectFolder): Running {
  const { NODE_TEST_CONTEXT: _, ...env } = process.env;
  const child = spawn(command!, args, { cwd, env, stdio: ["ignore", "pipe", "pipe"] });
  let printed = "";
  for (const stream of [child.stdout!, child.stderr!])
    stream.setEncoding("utf8").on("data", (text: string) => {
      printed += text;
    });
  const says = async (sentence: RegExp, seconds = 60) => {
    for (let tries = 0; !sentence.test(printed); tries++) {
      const isOver = child.exitCode !== null || child.signalCode !== null || tries > 20 * seconds;
      if (isOver) assert.fail(`${sentence} is not in ${printed}`);
      await pause(50);
    }
  };
  const ended = once(child, "exit").then(async ([code, signal]) => {
    await Promise.race([once(child, "close"), pause(500)]);
    return { code, signal, printed };
  });
  return { child, ended, printed: says };
}

/** The processes that a process has started, and those that they have. */
export function descendants(pid: number): { pid: number; command: string }[] {
  const table = execFileSync("ps", ["-A", "-o", "pid=,ppid=,args="], { encoding: "utf8" });
  const all = [...table.matchAll(/^ *(\d+) +(\d+) +(.*)$/gm)].map(([, own, parent, command]) => ({
    pid: Number(own),
    parent: Number(parent),
    command: command!,
  }));
  const found = [pid];
  for (const of of found) found.push(...all.filter(({ parent }) => parent === of).map((one) => one.pid));
  return all.filter((one) => one.pid !== pid && found.includes(one.pid));
}

/** Waits until none of these processes is there. @returns those that still are after the time */
export async function untilGone(pids: readonly number[], seconds = 20): Promise<number[]> {
  const isThere = (pid: number) => {
    try {
      // A process that has ended and was not asked for its exit code is none.
      const state = execFileSync("ps", ["-o", "stat=", "-p", String(pid)], { encoding: "utf8" });
      return !state.startsWith("Z");
    } catch {
      return false;
    }
  };
  for (let tries = 0; tries < seconds * 5 && pids.some(isThere); tries++) await pause(200);
  return pids.filter(isThere);
}

/** What is the same however often, and through however many kills, it is computed: the files below a folder, by name. */
export function results(root: string): Record<string, string> {
  const names = readdirSync(root, { recursive: true, encoding: "utf8" }).sort();
  const files = names.filter((name) => statSync(join(root, name)).isFile());
  return Object.fromEntries(files.map((name) => [name, contentOf(join(root, name))]));
}

/** Without the times that it took. */
function contentOf(path: string): string {
  const content = readFileSync(path, basename(path).endsWith(".parquet") ? "base64" : "utf8");
  if (!path.endsWith(".json")) return content;
  const timeless = (name: string, value: unknown) => (["seconds", "sum", "exports"].includes(name) ? 0 : value);
  return JSON.stringify(JSON.parse(content, timeless));
}

/** What a study that nothing happens to leaves, and the milliseconds that it takes. @param out where it writes */
export async function undisturbed(command: readonly string[], out: string) {
  const start = Date.now();
  const { code, printed } = await startStudy(command).ended;
  assert.equal(code, 0, printed);
  return { usual: Date.now() - start, expected: results(out) };
}
