import assert from "node:assert/strict";
import { test } from "node:test";
import { runNode } from "../runNode";

/** Every encoder, attention and decoder once. */
const some =
  "--test-name-pattern=of 2, (bilstm|cnn|average)-additive:|of 6, (bilstm|cnn|average)-dot:|optimiser|padding";

test("WebAssembly predicts, explains and trains as PyTorch does too, and is said in one line", async () => {
  const { exitCode, output } = await runNode(["--test-reporter=tap", some, "test/model/pytorch.test.ts"], {
    ATTENTION_BACKEND: "wasm",
  });
  assert.equal(exitCode, 0, output);
  assert.match(output, /^# pass 32$/m);
  assert.match(
    output,
    /native TensorFlow backend is missing \(ATTENTION_BACKEND asks for wasm\); WebAssembly computes/,
  );
});
