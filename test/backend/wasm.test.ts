import assert from "node:assert/strict";
import { test } from "node:test";
import { runNode } from "../runNode";

test("WebAssembly predicts, explains and trains as PyTorch does too, and is said in one line", async () => {
  const { exitCode, output } = await runNode(["--test-reporter=tap", "test/model/pytorch.test.ts"], {
    ATTENTION_BACKEND: "wasm",
  });
  assert.equal(exitCode, 0, output);
  assert.match(output, /^# pass [1-9]/m);
  assert.match(
    output,
    /native TensorFlow backend is missing \(ATTENTION_BACKEND asks for wasm\); WebAssembly computes/,
  );
});
