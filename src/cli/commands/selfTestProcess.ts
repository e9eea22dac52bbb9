import { selfTest } from "../../backend/selfTest";
import { loadBackend, nativeVersion } from "../../backend/tensorflow";

// A process of its own, so that a backend that crashes does not take the report with it.
async function report(): Promise<void> {
  const backend = await loadBackend();
  const results = await selfTest();
  process.stdout.write(`\n${JSON.stringify({ backend, libtensorflow: nativeVersion(), results })}\n`);
}

report().catch((error) => {
  console.error(error);
  process.exit(1);
});
