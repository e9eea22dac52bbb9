import { tf } from "../backend/tensorflow";
import type { Random } from "../stats/random";

/**
 * The trained tensors of a model by name; the part before the dot is the group: embedding, encoder, questionEmbedding,
 * questionEncoder, attention, decoder. Within a group the names have no such part.
 */
export type Weights = Record<string, tf.Tensor>;

/** What is in one group, without its name. */
export function groupOf<Value>(all: Record<string, Value>, group: string, separator = "."): Record<string, Value> {
  const prefix = group + separator;
  const inside = Object.entries(all).filter(([name]) => name.startsWith(prefix));
  return Object.fromEntries(inside.map(([name, value]) => [name.slice(prefix.length), value]));
}

/** What is in a group under its full names. */
export function inGroup<Value>(group: string, inside: Record<string, Value>, separator = "."): Record<string, Value> {
  return Object.fromEntries(Object.entries(inside).map(([name, value]) => [group + separator + name, value]));
}

/** First values drawn uniformly from [-bound, bound]. */
export function uniformWeights(shape: number[], bound: number, random: Random): tf.Tensor {
  return drawn(shape, () => (2 * random.uniform() - 1) * bound);
}

/** First word vectors, drawn from a normal distribution with mean 0; row 0, the padding's, is zero. */
export function embeddingWeights(words: number, size: number, scale: number, random: Random): tf.Tensor {
  let index = 0;
  return drawn([words, size], () => (index++ < size ? 0 : scale * random.normal()));
}

function drawn(shape: number[], draw: () => number): tf.Tensor {
  const values = new Float32Array(shape.reduce((product, size) => product * size, 1));
  for (let i = 0; i < values.length; i++) values[i] = draw();
  return tf.tensor(values, shape, "float32");
}
