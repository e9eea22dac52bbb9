import { isNative, loadBackend, nativeVersion } from "../../backend/tensorflow";
import { differenceOfStep, nativeStep, stepKinds, tapeStep } from "../../model/trainStep";

// A process of its own, so that a backend that crashes does not take the report with it.
async function report(): Promise<void> {
  const backend = await loadBackend();
  const ways = { ...(isNative() && { "one native operation": nativeStep }), "operation by operation": tapeStep };
  const results = Object.entries(ways).flatMap(([name, step]) =>
    stepKinds.map((kind) => {
      const what = `${kind.scores}${kind.withQuestion ? " with a question" : ""}`;
      return { name: `training, ${what}, ${name}`, maxDifference: differenceOfStep(step, kind) };
    }),
  );
  process.stdout.write(`\n${JSON.stringify({ backend, libtensorflow: nativeVersion(), results })}\n`);
}

report().catch((error) => {
  console.error(error);
  process.exit(1);
});
