import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { projectFolder } from "../../src/paths";
import { runNode } from "../runNode";

const script = join(projectFolder, "src", "cli", "commands", "selfTestProcess.ts");

test("a build for another processor is named by the environment, and one that cannot be loaded is told", async () => {
  const { exitCode, output } = await runNode([script], { ATTENTION_ADDON: "/no-such-folder/tfjs_binding.node" });
  assert.equal(exitCode, 0, output);
  assert.match(output, /is missing \(\/no-such-folder\/tfjs_binding\.node: cannot open/);
  assert.match(output, /"backend":"wasm"/);
});

test("where the native backend is asked for, nothing takes over", async () => {
  const environment = { ATTENTION_ADDON: "/no-such-folder/tfjs_binding.node", ATTENTION_BACKEND: "native" };
  const { exitCode, output } = await runNode([script], environment);
  assert.notEqual(exitCode, 0);
  assert.match(
    output,
    /ATTENTION_BACKEND asks for the native TensorFlow backend, but it is missing here \(.*\); run npm run doctor/,
  );
});
