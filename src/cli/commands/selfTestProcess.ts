import { isNative, loadBackend, nativeVersion } from "../../backend/tensorflow";
import { differenceOfStep, nativeStep, stepKinds, tapeStep } from "../../model/trainStep";

// A process of its own, so that a backend that crashes does not take the report with it.
async function report(): Promise<void> {
  const backend = await loadBackend();
  const ways = { ...(isNative() && { "one native operation": nativeStep }), "operation by operation": tapeStep };
  const results = Object.entries(ways).map(([name, step]) => {
    const differences = stepKinds.map((kind) => differenceOfStep(step, kind));
    return { name: `training, ${name}`, maxDifference: Math.max(...differences) };
  });
  process.stdout.write(`\n${JSON.stringify({ backend, libtensorflow: nativeVersion(), results })}\n`);
}

report().catch((error) => {
  console.error(error);
  process.exit(1);
});
