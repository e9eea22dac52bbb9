import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { promisify } from "node:util";
import { jupyterEnvironment } from "../../src/cli/setup/setUp";
import { cacheFolder, projectFolder } from "../../src/paths";

interface CellResult {
  /** Of the stop button: the kernel misses those that come while it compiles the cell. */
  presses: number;
  /** Those that the progress bar named, in the order of time. */
  epochs: number[];
  last: string;
  printed: string;
  errors: string;
}

const home = mkdtempSync(join(tmpdir(), "stop-"));
after(() => rmSync(home, { recursive: true, maxRetries: 10, retryDelay: 200 }));
const python = join(projectFolder, ".venv", "bin", "python");
const skip = existsSync(python) ? false : "the Python environment is missing; npm test makes it";

test("the stop button ends training at once or midway; the kernel goes on, and so does the training", {
  skip,
}, async () => {
  const own = join(home, "attention-is-not-explanation");
  mkdirSync(own);
  symlinkSync(join(cacheFolder(), "native"), join(own, "native"));
  const env = { ...jupyterEnvironment(), XDG_CACHE_HOME: home };
  const script = join(projectFolder, "test", "notebook", "stop_training.py");
  const { stdout } = await promisify(execFile)(python, [script], { env, cwd: projectFolder });
  const { early, afterEarly, middle, afterMiddle, resumed } = JSON.parse(stdout) as Record<string, CellResult>;

  assert.match(early!.errors, /stopped/i);
  assert.doesNotMatch(early!.printed, /epochs/);
  assert.deepEqual([afterEarly!.printed, afterEarly!.errors], ["42\n", ""]);

  assert.match(middle!.errors, /^Training was stopped in epoch \d+; .* kept/);
  assert.doesNotMatch(middle!.printed, /epochs/);
  assert.deepEqual([afterMiddle!.printed, afterMiddle!.errors], ["42\n", ""]);

  const stoppedIn = Number(/epoch (\d+)/.exec(middle!.errors)![1]);
  assert.ok(stoppedIn >= 5);
  assert.ok(Math.min(...resumed!.epochs) >= stoppedIn, `${resumed!.epochs} after a stop in epoch ${stoppedIn}`);
  assert.deepEqual([resumed!.printed, resumed!.errors], ["epochs: 12\n", ""]);
});
