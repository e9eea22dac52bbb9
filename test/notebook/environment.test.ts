import assert from "node:assert/strict";
import { test } from "node:test";
import { environment } from "../../src/notebook/environment";
import type { Study } from "../../src/study/study";

test("what is the same for several runs stands once, and every option that differs is named", () => {
  const study = (corpus: string, model: string, backend = "native") => {
    const about = {
      corpus: { train: 5, dev: 2, test: 1, vocabulary: 9, origin: "Where.", licence: "MIT", notes: ["A note."] },
      environment: { node: "v20", backend, libtensorflow: "2.15" },
    };
    const told = { corpus, name: `${corpus}, ${model}`, title: `The ${corpus}`, profile: "quick", about };
    return told as unknown as Study;
  };
  const configurations = [
    study("sst", "bilstm, additive, seed 0, sparsemax"),
    study("imdb", "bilstm, additive, seed 0, sparsemax"),
    study("imdb", "cnn, dot, seed 1", "wasm"),
  ];
  const { rows, folded } = environment({ configurations });
  const described = (corpus: string) =>
    `The ${corpus}: 5 training, 2 dev and 1 test texts, 9 words. Where. Licence: MIT. A note.`;
  assert.deepEqual(
    rows.map(({ what, value }) => [what, value]),
    [
      ["Profile", "quick"],
      ["Models", "bilstm, additive, seed 0, sparsemax; cnn, dot, seed 1"],
      ["Node", "v20"],
      ["Backend", "libtensorflow 2.15, with our kernels; WebAssembly"],
      ['Corpus "sst"', described("sst")],
      ['Corpus "imdb"', described("imdb")],
    ],
  );
  assert.match(folded!, /licences/);
});
