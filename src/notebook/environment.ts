import type { Table } from "../study/columns";
import type { Study } from "../study/study";

/**
 * What runs were computed with, as a table that is folded at first: models with every option that differs from the
 * profile's, versions, backend, and each corpus with its licence.
 *
 * @example await show(environment(runs))
 */
export function environment({
  configurations,
}: {
  configurations: readonly Study<object>[];
}): Table<{ what: string; value: string }> {
  const found = new Map<string, Set<string>>();
  const add = (what: string, value: string) => found.set(what, (found.get(what) ?? new Set()).add(value));
  for (const { name, corpus, title, profile, about } of configurations) {
    const { train, dev, test, vocabulary, origin, licence, notes } = about.corpus;
    const { node, backend, libtensorflow, training } = about.environment;
    add("Profile", profile);
    add("Models", name.slice(corpus.length + 2));
    add("Node", node);
    add("Backend", backend === "native" ? `libtensorflow ${libtensorflow}, with our kernels` : "WebAssembly");
    if (training) add("Training", training);
    const counts = `${train} training, ${dev} dev and ${test} test texts, ${vocabulary} words`;
    add(`Corpus "${corpus}"`, [`${title}: ${counts}.`, origin, `Licence: ${licence}.`, ...notes].join(" "));
  }
  return {
    rows: [...found].map(([what, values]) => ({ what, value: [...values].join("; ") })),
    columns: { what: "", value: "" },
    folded: "Models, versions, corpora and their licences",
  };
}
