import { changesWithoutEach } from "../../model/imposedRemovals";
import { encodeExample } from "../../model/vocabulary";
import { outputsWithoutEach } from "../../model/withoutEach";
import { totalVariation } from "../../stats/divergence";
import { importance } from "../importance";

/**
 * Δŷ_t = TVD(ŷ(x_−t), ŷ(x)): the word is removed from the text and the encoder reads the shorter text anew (paper,
 * Algorithm 1). A question or hypothesis stays whole. Nothing is left of a text of one word, which has no importance.
 */
export const leaveOneOut = importance("leaveOneOut", {
  symbol: "loo",
  title: "leave-one-out",
  meaning: "How far the output moves, as total variation from 0 to 1, when the word is removed from the text.",
  whenZero: "output never changes",
  version: 1,
  async compute({ model, texts, predictions, onProgress, signal }) {
    signal?.throwIfAborted();
    const encoded = texts.map((text) => encodeExample(model.vocabulary, text));
    const changes = encoded.map((): number[] => []);
    const total = encoded.reduce((sum, { ids }) => sum + (ids.length < 2 ? 0 : ids.length), 0);
    let done = 0;
    for await (const { index, outputs } of outputsWithoutEach(model, encoded)) {
      changes[index] = outputs.map((output) => totalVariation(output, predictions[index]!.output));
      done += outputs.length;
      onProgress?.(done / total);
      signal?.throwIfAborted();
    }
    return changes;
  },
  under: ({ model, texts, ...control }, attentions) => changesWithoutEach(model, texts, attentions, control),
});
