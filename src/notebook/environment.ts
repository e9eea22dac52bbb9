import type { Study } from "../study/files";

/** One line of the table that says what a notebook ran with. */
export type EnvironmentRow = { what: string; value: string };

/** Versions, the backend that computed, and where each corpus comes from; what is the same for several studies stands once. */
export function environmentRows(studies: readonly Study[]): EnvironmentRow[] {
  const rows = studies.flatMap(describeStudy);
  const seen = new Set<string>();
  return rows.filter(({ what, value }) => {
    const key = JSON.stringify([what, value]);
    return !seen.has(key) && seen.add(key);
  });
}

function describeStudy({ corpus, title, about }: Study): EnvironmentRow[] {
  const { train, dev, test, vocabulary, origin, licence, notes } = about.corpus;
  const { node, backend, libtensorflow } = about.environment;
  const counts = `${train} training, ${dev} dev and ${test} test texts, ${vocabulary} words`;
  return [
    { what: "Node", value: node },
    {
      what: "Backend",
      value: backend === "native" ? `libtensorflow ${libtensorflow}, with our kernels` : "WebAssembly",
    },
    { what: `Corpus "${corpus}"`, value: [`${title}: ${counts}.`, origin, `Licence: ${licence}.`, ...notes].join(" ") },
  ];
}
