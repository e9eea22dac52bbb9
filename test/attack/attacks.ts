import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { Writable } from "node:stream";
import { after, mock, test } from "node:test";
import type { CommanderError } from "commander";
import { jobsOf } from "../../src/cli/commands/studyCommand";
import { commands } from "../../src/cli/main";
import type { Prepared } from "../../src/cli/setup/setUp";
import { printable, Terminal } from "../../src/cli/setup/steps.cjs";
import { explained } from "../../src/errors";
import { makeStudy } from "../../src/study/makeStudy";

/** What is tried: the arguments of `npm run`, or a call that is answered as a command would be. */
type Input = readonly string[] | (() => unknown);

/** A line of the table. */
export interface Attack {
  what: string;
  input: Input;
  /** Must be found in what is printed. */
  sentence: RegExp;
  /** Exit code. */
  code: number;
  /** In which it must be answered. */
  seconds: number;
}

type Rest = { code?: number; seconds?: number };

/** A line of the table as it is written: an error that is answered within five seconds, if nothing else is said. */
export type Line = [what: string, input: Input, sentence: RegExp, rest?: Rest];

/** A folder for the files of attacks, which is gone after them; the cache is in it. */
export function attackFolder() {
  const folder = mkdtempSync(join(tmpdir(), "attack-"));
  const outer = process.env.XDG_CACHE_HOME;
  process.env.XDG_CACHE_HOME = join(folder, "cache");
  after(() => {
    if (outer === undefined) delete process.env.XDG_CACHE_HOME;
    else process.env.XDG_CACHE_HOME = outer;
    rmSync(folder, { recursive: true });
  });
  const put = (name: string, content: string | Uint8Array): string => {
    const path = join(folder, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, content);
    return path;
  };
  return { folder, put };
}

/** Each line of the table is a test: the sentence, the exit code, the time; no stack, no control character, no flood. */
export function attackAll(lines: readonly Line[]): void {
  for (const [what, input, sentence, { code = 1, seconds = 5 } = {}] of lines)
    attack({ what, input, sentence, code, seconds });
}

function attack({ what, input, sentence, code, seconds }: Attack): void {
  test(what, { timeout: seconds * 1000 }, async () => {
    const answer = await answerTo(input);
    assert.match(answer.printed, sentence);
    assert.equal(answer.code, code, answer.printed);
    assert.doesNotMatch(answer.printed, /^ +at .*:\d+|Getter\/Setter|node:internal/m);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
    assert.doesNotMatch(answer.printed, /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/);
    if (code !== 0) assert.ok(answer.printed.length < 1000, `${answer.printed.length} characters: ${answer.printed}`);
  });
}

/** What a command prints and its exit code: the functions behind `npm run`, in this process and without the set-up. */
export async function answerTo(input: Input): Promise<{ printed: string; code: number }> {
  const { exitCode } = process;
  process.exitCode = undefined;
  let printed = "";
  const stream = new Writable({
    write(chunk, _encoding, done) {
      printed += chunk;
      done();
    },
  });
  const warn = mock.method(console, "warn", (text: string) => stream.write(printable(`${text}\n`)));
  const terminal = new Terminal(stream as unknown as NodeJS.WriteStream);
  const python = Promise.resolve("python3");
  const prepared: Prepared = {
    terminal,
    environment: { created: python, ready: python },
    onStop: () => undefined,
    workflowPython: () => python,
  };
  try {
    if (typeof input === "function") await input();
    else await commandLine(prepared, (text) => stream.write(text)).parseAsync(input, { from: "user" });
    return { printed, code: Number(process.exitCode ?? 0) };
  } catch (error) {
    if ((error as Error).name === "CommanderError") return { printed, code: (error as CommanderError).exitCode };
    const told = explained(error) as Error;
    return { printed: printed + (told.name === "UserError" ? printable(told.message) : told.stack), code: 1 };
  } finally {
    process.exitCode = exitCode;
    warn.mock.restore();
  }
}

/** All commands; a study is made in this process. */
function commandLine(prepared: Prepared, write: (text: string) => void) {
  const program = commands(prepared);
  for (const command of [program, ...program.commands, ...program.commands.flatMap((one) => one.commands)])
    command.exitOverride().configureOutput({ writeOut: write, writeErr: write });
  const study = program.commands.find((command) => command.name() === "study")!;
  study.action(async (_count, options) => {
    for (const job of jobsOf(options)) {
      const { name, rows } = await makeStudy(job);
      prepared.terminal.line(`${name}: ${rows.length} texts`);
    }
  });
  return program;
}

export const tinyWords = [..."abcdefghijklmnopqrstuvw"].map((letter) => `${letter}ilm`);

/** A corpus of 40 short texts that a model learns at once. */
export function tinyCorpus(separator = ","): string {
  const rows = Array.from({ length: 40 }, (_, index) => {
    const words = Array.from({ length: 3 + (index % 5) }, (_, place) => tinyWords[(index * 7 + place * 3) % 23]!);
    words[index % words.length] = index % 2 === 0 ? "awful" : "lovely";
    return `${words.join(" ")}${separator}${index % 2 === 0 ? "bad" : "good"}`;
  });
  return `${[`text${separator}label`, ...rows].join("\n")}\n`;
}

/** Options of a model that is trained in no time. */
export const tinyModel = [
  "--profile",
  "paper",
  "--set",
  "epochs=2",
  "--set",
  "embeddingSize=4",
  "--set",
  "hiddenSize=3",
];
