import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { openLab } from "../../src/cli/commands/lab";
import { chooseTests, commands } from "../../src/cli/main";
import type { Machine, Prepared } from "../../src/cli/setup/setUp";

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

test("the lab's address is told when the server's own file has it, and a server that fails is told with what it said", async () => {
  const folder = mkdtempSync(join(tmpdir(), "lab-"));
  const cache = process.env.XDG_CACHE_HOME;
  process.env.XDG_CACHE_HOME = join(folder, "cache");
  const python = join(folder, "python");
  const lines: string[] = [];
  const prepared = { terminal: { line: (text: string) => lines.push(text) }, onStop: () => undefined };
  const lab = async (script: string, port?: number) => {
    writeFileSync(python, `#!/bin/sh\n${script}\n`, { mode: 0o755 });
    await openLab(prepared as unknown as Prepared, { python } as Machine, { browser: false, port });
  };
  try {
    const told = '{"url":"http://127.0.0.1:8890/","token":"\'$JUPYTER_TOKEN\'"}';
    await lab(
      `mkdir -p $JUPYTER_RUNTIME_DIR; echo '${told}' > $JUPYTER_RUNTIME_DIR/jpserver-$$.json; sleep 1; echo "$@" > ${folder}/words`,
    );
    assert.match(
      lines[0]!,
      /^JupyterLab runs at http:\/\/127\.0\.0\.1:8890\/lab\/tree\/notebooks\?token=[0-9a-f]{48}\n/,
    );
    assert.doesNotMatch(readFileSync(join(folder, "words"), "utf8"), /[0-9a-f]{48}|port/);
    const failure = lab("echo 'ERROR: port 9000 is not available.'; exit 1", 9000);
    await assert.rejects(failure, { name: "UserError", message: /ended by itself:\n.*port 9000 is not available/ });
  } finally {
    if (cache === undefined) delete process.env.XDG_CACHE_HOME;
    else process.env.XDG_CACHE_HOME = cache;
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
