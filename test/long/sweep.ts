import { execFileSync, spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { linkAddon, nativeFiles } from "../../src/cli/setup/nativeBackend";
import { cacheFolder, projectFolder } from "../../src/paths";

/** After sweeps with caches of their own the project's kernels are those of the usual cache again. */
export async function relink(): Promise<void> {
  await linkAddon(nativeFiles().addon);
}

/** A sweep over one group of configurations, in a folder and with a cache of its own. */
export class Sweep {
  readonly out: string;
  private readonly config: string;
  readonly environment: NodeJS.ProcessEnv;

  /**
   * @param group in the form of workflow/config/config.yaml
   * @param more lines of that file
   */
  constructor(folder: string, name: string, group: string, ...more: string[]) {
    this.out = join(folder, name);
    this.config = join(folder, `${name}.yaml`);
    const cache = join(folder, `${name}-cache`);
    this.environment = { ...process.env, XDG_CACHE_HOME: cache };
    writeFileSync(this.config, [`out: ${this.out}`, `studies: [${group}]`, ...more, ""].join("\n"));
    mkdirSync(join(cache, "attention-is-not-explanation"), { recursive: true });
    const [native, own] = [join(cacheFolder(), "native"), join(cache, "attention-is-not-explanation")];
    if (spawnSync("cp", ["-al", native, own]).status !== 0) execFileSync("cp", ["-a", native, own]);
  }

  /** Runs it to its end. */
  run(...args: string[]): Promise<{ code: number | null; output: string }> {
    const bootstrap = join(projectFolder, "src", "cli", "setup", "bootstrap.mjs");
    const child = spawn(process.execPath, [bootstrap, "sweep", "--config", this.config, ...args], {
      cwd: projectFolder,
      env: this.environment,
      stdio: ["ignore", "pipe", "pipe"],
    });
    let output = "";
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding("utf8").on("data", (text) => {
        output += text;
      });
    return new Promise((done) => child.on("close", (code) => done({ code, output })));
  }

  /** SHA-256 of every file whose bits must be the same, by its path. */
  bits(): Record<string, string> {
    const paths = readdirSync(this.out, { recursive: true, encoding: "utf8" })
      .filter((path) => /^studies.*(texts\.parquet|rows\.csv)$|^report\/tables\/.*\.csv$/.test(path))
      .sort();
    return Object.fromEntries(
      paths.map((path) => [
        path,
        createHash("sha256")
          .update(readFileSync(join(this.out, path)))
          .digest("hex"),
      ]),
    );
  }
}
