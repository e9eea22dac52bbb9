import assert from "node:assert/strict";
import { test } from "node:test";
import { duration, type ProgressUpdate, timeLeft, withProgress } from "../../src/notebook/progress";
import { captureOutputs } from "./captureOutputs";

interface Message {
  data: { "text/plain": string; "text/html": string };
  transient: { display_id: string };
}

test("a bar is one output that is overwritten, at most 4 times a second, and ends as one line", async (context) => {
  context.mock.timers.enable({ apis: ["Date"], now: 1_000_000 });
  const train = async (update: (progress: ProgressUpdate) => void) => {
    for (let done = 0; done <= 100; done += 1) {
      update({ done, total: 100, note: `loss ${done} <b>` });
      context.mock.timers.tick(100);
    }
    return 0.91;
  };
  const { outputs } = await captureOutputs(() => withProgress("Training", (auc) => `dev AUC ${auc}`, train));
  const messages = outputs.map(({ content }) => content as Message);
  assert.equal(outputs.length, 35);
  assert.deepEqual(
    outputs.map(({ update }) => update),
    [false, ...new Array(34).fill(true)],
  );
  assert.equal(new Set(messages.map(({ transient }) => transient.display_id)).size, 1);
  assert.equal(messages[17]?.data["text/plain"], "Training: 51 %, loss 51 <b>, 5 s, 5 s left");
  assert.match(messages[17]!.data["text/html"], /<progress value="51" max="100".*loss 51 &lt;b&gt;/);
  assert.equal(messages.at(-1)?.data["text/plain"], "Training: dev AUC 0.91 (10 s)");
});

test("two bars are two outputs", async () => {
  const { outputs } = await captureOutputs(async () => {
    for (const label of ["first", "second"])
      await withProgress(
        label,
        () => "done",
        async () => undefined,
      );
  });
  assert.equal(new Set(outputs.map(({ content }) => (content as Message).transient.display_id)).size, 2);
  assert.deepEqual(
    outputs.map(({ update }) => update),
    [false, false],
  );
});

test("durations are said in the units that matter", () => {
  assert.deepEqual([400, 59_400, 80_000, 7_500_000].map(duration), ["0 s", "59 s", "1 min 20 s", "2 h 5 min"]);
});

test("what is left follows from the share that is done, and is not told before and after it", () => {
  assert.equal(timeLeft(0, 5000), "");
  assert.equal(timeLeft(0.25, 20_000), ", 1 min 0 s left");
  assert.equal(timeLeft(0.8, 80_000, "about "), ", about 20 s left");
  assert.equal(timeLeft(1, 80_000), "");
  assert.equal(timeLeft(0 / 0, 80_000), "");
});
