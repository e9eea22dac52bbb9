import assert from "node:assert/strict";
import { test } from "node:test";
import { setImmediate as giveWay, setTimeout as wait } from "node:timers/promises";
import { UserError } from "../../src/errors";
import { interruptible } from "../../src/notebook/progress";

const stop = () => process.kill(process.pid, "SIGINT");

test("a stop ends the work, says so, and leaves the kernel's own listener as it was", async (context) => {
  const kernel = context.mock.fn();
  process.on("SIGINT", kernel);
  let steps = 0;
  const work = async (signal: AbortSignal) => {
    for (; ; steps += 1) {
      signal.throwIfAborted();
      if (steps === 5) stop();
      await giveWay();
    }
  };
  await assert.rejects(interruptible(work), new UserError("Stopped. Run the cell again to start this step anew."));
  assert.ok(steps >= 5);
  const before = steps;
  await giveWay();
  assert.equal(steps, before);
  assert.equal(kernel.mock.callCount(), 0);
  assert.deepEqual(process.listeners("SIGINT"), [kernel]);
  process.removeListener("SIGINT", kernel);
});

test("the work's own words about the stop stand", async () => {
  const work = async (signal: AbortSignal) => {
    stop();
    while (!signal.aborted) await giveWay();
    throw new UserError("Training stopped after epoch 2; run the cell again to go on.");
  };
  await assert.rejects(
    interruptible(work),
    new UserError("Training stopped after epoch 2; run the cell again to go on."),
  );
});

test("a result that is ready in spite of the stop is not thrown away", async () => {
  const work = async (signal: AbortSignal) => {
    stop();
    while (!signal.aborted) await giveWay();
    return "ready";
  };
  assert.equal(await interruptible(work), "ready");
});

test("without a stop results and failures pass, and no listener stays", async () => {
  const before = process.listenerCount("SIGINT");
  assert.equal(await interruptible(async () => 3), 3);
  const failure = new Error("no space left");
  await assert.rejects(
    interruptible(async () => {
      throw failure;
    }),
    failure,
  );
  assert.equal(process.listenerCount("SIGINT"), before);
});

test("a second stop does not wait for work that does not listen: it goes to the kernel", async (context) => {
  const kernel = context.mock.fn();
  process.on("SIGINT", kernel);
  const work = async (signal: AbortSignal) => {
    stop();
    while (!signal.aborted) await giveWay();
    while (kernel.mock.callCount() === 0) {
      await wait(50);
      stop();
    }
    return "late";
  };
  assert.equal(await interruptible(work), "late");
  assert.deepEqual(process.listeners("SIGINT"), [kernel]);
  process.removeListener("SIGINT", kernel);
});
