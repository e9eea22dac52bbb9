import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { openLab } from "../../src/cli/commands/lab";
import { commands } from "../../src/cli/main";
import type { Machine, Prepared } from "../../src/cli/setup/setUp";
import { chooseTests } from "../run";

/** What a command line with a mistake is answered; the set-up must not begin. */
async function answer(...args: string[]): Promise<string> {
  const untouchable = new Proxy({}, { get: (_target, name) => assert.fail(`the set-up began: ${String(name)}`) });
  const program = commands(untouchable as Prepared);
  let text = "";
  for (const command of [program, ...program.commands])
    command.exitOverride().configureOutput({
      writeErr: (line) => {
        text += line;
      },
    });
  const error = await program.parseAsync(args, { from: "user" }).then(
    () => assert.fail("it was accepted"),
    (reason: Error) => reason,
  );
  return text || error.message;
}

test("a wrong command or option is answered with the nearest one", async () => {
  assert.match(await answer("strat"), /unknown command 'strat'\n\(Did you mean start\?\)/);
  assert.match(await answer("lab", "--prot", "9000"), /unknown option '--prot'\n\(Did you mean --port\?\)/);
  assert.match(await answer("start", "--profile", "quik"), /There is no profile "quik"; did you mean "quick"\?/);
  assert.match(await answer("doctor", "now"), /too many arguments/);
  assert.match(
    await answer("vectors", "instal", "glove-6b-100d"),
    /no command of vectors "instal"; did you mean "install"\?/,
  );
});

test("a port is a whole number in range", async () => {
  for (const port of ["0", "65536", "80.5", "x", ""])
    assert.match(await answer("lab", "--port", port), /"port" must be a whole number from 1 to 65535/, port);
});

test("the lab is for this machine alone, at the port that is asked for, and a server that fails is told", async () => {
  const folder = mkdtempSync(join(tmpdir(), "lab-"));
  const python = join(folder, "python");
  const prepared = { terminal: { line: () => undefined }, onStop: () => undefined } as unknown as Prepared;
  const lab = async (script: string, port?: number) => {
    writeFileSync(python, `#!/bin/sh\necho "$@" > ${folder}/words\n${script}\n`, { mode: 0o755 });
    await openLab(prepared, { python } as Machine, { browser: false, port });
    return readFileSync(join(folder, "words"), "utf8");
  };
  try {
    assert.doesNotMatch(await lab("exit 0"), /port|token/);
    assert.match(await lab("exit 0", 9000), /--ServerApp\.ip=127\.0\.0\.1 --ServerApp\.port=9000 .*open_browser=False/);
    await assert.rejects(lab("exit 1"), { name: "UserError", message: /ended by itself; what it said is above/ });
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test("words choose test files by a part of their path", () => {
  const files = ["test/cli/steps.test.ts", "test/data/sst.test.ts", "test/stats/kendall.test.ts"];
  assert.deepEqual(chooseTests(files, []), files);
  const long = "test/cli/long/kills.test.ts";
  assert.deepEqual(chooseTests([...files, long], []), files);
  assert.deepEqual(chooseTests([...files, long], ["cli"]), [files[0]]);
  assert.deepEqual(chooseTests([...files, long], ["long"]), [long]);
  assert.throws(() => chooseTests([...files, long], ["kills"]), /There is no test "kills"/);
  assert.deepEqual(chooseTests(files, ["cli", "kendall"]), [files[0], files[2]]);
  assert.throws(() => chooseTests(files, ["sst", "kendal1"]), /There is no test "kendal1".*stats\/kendall/);
});
