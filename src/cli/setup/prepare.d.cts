/** The cache folder, as cacheFolder() in src/paths.ts gives it. */
export declare function cacheFolder(env?: NodeJS.ProcessEnv, platform?: NodeJS.Platform): string;

/** Whether the Python environment was completed for the present requirements, at this place. */
export declare function environmentIsReady(folder: string): boolean;

/**
 * The first of some Python commands that can make an environment.
 *
 * @throws UserError with the command that installs one
 */
export declare function findPython(commands?: string[]): Promise<string>;

/** The kernelspec "TypeScript (attention)". */
export declare function kernelspec(): {
  argv: string[];
  display_name: string;
  language: string;
  interrupt_mode: string;
};

/**
 * Takes a lock that other processes respect, waiting for its present owner.
 *
 * @param onWait called once if there is one
 * @returns the function that gives it back
 */
export declare function lockFolder(
  path: string,
  onWait: () => void,
  options?: { staleMilliseconds?: number },
): Promise<() => void>;

/** Whether every package of a folder's lockfile is installed in its version. */
export declare function packagesMatch(folder: string): boolean;

/** The environment in which pip runs: the user's settings, without those that say where it installs. */
export declare function pipEnvironment(): NodeJS.ProcessEnv;

/** @throws UserError if nothing can be written to the folder */
export declare function requireWritable(folder: string): void;

/** Prepares what a command needs, and runs it. */
export declare function start(args: readonly string[]): Promise<void>;
