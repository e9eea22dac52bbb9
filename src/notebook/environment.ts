import { loadBackend, nativeVersion, tf } from "../backend/tensorflow";
import type { Dataset } from "../data/dataset";

/** One line of the table that says what a notebook ran with. */
export type EnvironmentRow = { what: string; value: string };

/** Versions, the backend that computes, and where each corpus comes from. */
export async function environmentRows(datasets: readonly Dataset[]): Promise<EnvironmentRow[]> {
  const backend = await loadBackend();
  return [
    { what: "Node", value: process.versions.node },
    { what: "TensorFlow.js", value: tf.version["tfjs-core"] },
    {
      what: "Backend",
      value: backend === "native" ? `libtensorflow ${nativeVersion()}, with our kernels` : "WebAssembly",
    },
    ...datasets.flatMap(describeDataset),
  ];
}

function describeDataset({
  corpus,
  title,
  train,
  dev,
  test,
  vocabulary,
  origin,
  licence,
  notes,
}: Dataset): EnvironmentRow[] {
  const counts = `${train.length} training, ${dev.length} dev and ${test.length} test texts, ${vocabulary.length} words`;
  return [
    { what: `Corpus "${corpus}"`, value: [`${title}: ${counts}.`, origin, `Licence: ${licence}.`, ...notes].join(" ") },
  ];
}
