import { join } from "node:path";
import { cacheFolder, projectFolder } from "../../paths";
import { type NativeBackend, setUpNativeBackend } from "./nativeBackend";
import type { Terminal } from "./steps.cjs";

/** What the bootstrap hands over: the npm packages are there, the Python environment is there or in the making. */
export interface Prepared {
  terminal: Terminal;
  environment: {
    /** The environment's Python, as soon as its pip works. */
    created: Promise<string>;
    /** The same, with all packages. */
    ready: Promise<string>;
  };
  /** The Python of an environment of its own with Snakemake, which is made at its first use. */
  workflowPython(): Promise<string>;
  /** Sets what Ctrl-C and the like do from now on. */
  onStop(handler: (signal: NodeJS.Signals) => void): void;
}

export interface Machine {
  python: string;
  native: NativeBackend;
}

/** Finishes the set-up: the Python environment and the native backend, whose files are hashed to verify it, side by side. */
export async function setUp(
  { terminal, environment, onStop }: Prepared,
  options?: { verify: boolean },
): Promise<Machine> {
  const native = setUpNativeBackend(terminal, environment.created, options);
  const [python] = await Promise.all([environment.ready, native]);
  onStop(() => process.exit(130));
  return { python, native: await native };
}

/** That of the user: a browser that starts in this process changes it for a while to a folder that does not last. */
const { TMPDIR } = process.env;

/** The environment for Jupyter programs: all that they write themselves stays in the cache folder. */
export function jupyterEnvironment(): NodeJS.ProcessEnv {
  const folder = join(cacheFolder(), "jupyter");
  return {
    ...process.env,
    TMPDIR,
    JUPYTER_CONFIG_DIR: join(folder, "config"),
    JUPYTER_DATA_DIR: join(folder, "data"),
    JUPYTER_RUNTIME_DIR: join(folder, "runtime"),
    JUPYTER_PREFER_ENV_PATH: "1",
    JUPYTER_PLATFORM_DIRS: "1",
    IPYTHONDIR: join(folder, "ipython"),
    PYTHONNOUSERSITE: "1",
    PATH: `${join(projectFolder, ".venv", "bin")}:${process.env.PATH ?? ""}`,
  };
}
