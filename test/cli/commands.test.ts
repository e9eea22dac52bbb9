import assert from "node:assert/strict";
import { createServer } from "node:net";
import { test } from "node:test";
import { choosePort } from "../../src/cli/commands/lab";
import { chooseTests } from "../../src/cli/commands/tests";
import { commands } from "../../src/cli/main";
import type { Prepared } from "../../src/cli/setup/setUp";

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

test("a port in use is passed over, or told with a free one if it was asked for", async () => {
  const server = createServer().listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  const { port } = server.address() as { port: number };
  try {
    const other = await choosePort(undefined, port);
    assert.ok(other > port && other < port + 100, String(other));
    await assert.rejects(choosePort(port), (error: Error) => {
      assert.match(error.message, new RegExp(`^Port ${port} is in use; free are --port ${other} and others`));
      return true;
    });
  } finally {
    await new Promise((resolve) => server.close(resolve));
  }
  assert.equal(await choosePort(port), port);
});

test("words choose test files by a part of their path", () => {
  const files = ["test/cli/steps.test.ts", "test/data/sst.test.ts", "test/stats/kendall.test.ts"];
  assert.deepEqual(chooseTests(files, []), files);
  const long = "test/cli/long/kills.test.ts";
  assert.deepEqual(chooseTests([...files, long], []), files);
  assert.deepEqual(chooseTests([...files, long], ["cli"]), [files[0]]);
  assert.deepEqual(chooseTests([...files, long], ["long"]), [long]);
  assert.throws(() => chooseTests([...files, long], ["kills"]), /No test file has "kills"/);
  assert.deepEqual(chooseTests(files, ["cli", "kendall"]), [files[0], files[2]]);
  assert.throws(
    () => chooseTests(files, ["sst", "kendal1"]),
    /No test file has "kendal1" in its path; .*stats\/kendall/,
  );
});
