/** A sentence for the user; the same as src/errors.ts, for the code that runs before any package is installed. */
export declare class UserError extends Error {
  readonly name: "UserError";
}

/** One line for each step that is done, with the time it took; on a terminal the last line shows what is running. */
export declare class Terminal {
  constructor(stream?: NodeJS.WriteStream);
  readonly interactive: boolean;
  line(text: string): void;
  step<Result>(title: string, work: () => Promise<Result>): Promise<Result>;
  /** Text for a terminal's last line, until the next one. */
  status(text: string): void;
  /** While another writer, such as a progress bar, owns the last line. */
  pause(quiet: boolean): void;
}

/** A program that did not end with 0; `output` is all it printed. */
export declare class CommandError extends Error {
  output: string;
  /** The signal that ended it, if it was one. */
  signal: NodeJS.Signals | null;
  log: string | undefined;
}

/**
 * Runs a program without showing what it prints. It is ended when this process ends.
 *
 * @param options.log file that gets all the output
 * @returns what it printed, both streams together
 * @throws CommandError if it does not end with 0
 */
export declare function run(
  command: string,
  args: readonly string[],
  options?: { cwd?: string; env?: NodeJS.ProcessEnv; log?: string },
): Promise<string>;

/** The error to show for a step that failed: what failed, the likely cause, the last useful lines and the log file. */
export declare function explain(what: string, error: unknown): UserError;

/** The first lines of an output that speak of an error, or else the last ones. */
export declare function usefulLines(output: string, count?: number): string;

/** A duration for a progress line: "3.4 s", "23 s". */
export declare function seconds(milliseconds: number): string;
