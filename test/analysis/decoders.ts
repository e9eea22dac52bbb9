import type { LinearDecoder, TanhDecoder } from "../../src/model/decoder";
import { createRandom, type Random } from "../../src/stats/random";

/** A random point of the simplex, peaked by `sharpness`. */
export function randomAttention(words: number, random: Random, sharpness = 1.5): number[] {
  const raw = Array.from({ length: words }, () => Math.exp(sharpness * random.normal()));
  const sum = raw.reduce((total, value) => total + value, 0);
  return raw.map((value) => value / sum);
}

const normals = (count: number, scale: number, random: Random) =>
  Float32Array.from({ length: count }, () => scale * random.normal());

export function randomLinear(words: number, random: Random, scale = 2): LinearDecoder {
  return { kind: "linear", contributions: normals(words, scale, random), bias: 0.3 * random.normal() };
}

export function randomTanh(
  words: number,
  random: Random,
  { hidden = 6, classes = 5, candidates = [] as number[] } = {},
): TanhDecoder {
  return {
    kind: "tanh",
    contributions: normals(words * hidden, 1, random),
    offset: normals(hidden, 0.5, random),
    weights: normals(hidden * classes, 1, random),
    bias: normals(classes, 0.3, random),
    ...(candidates.length > 0 && { candidates: Int32Array.from(candidates) }),
  };
}

/** Texts of some lengths with a classifier's decoder and an attention. */
export function linearTexts(lengths: readonly number[], seed: string) {
  const random = createRandom(seed);
  return lengths.map((words) => ({ decoder: randomLinear(words, random), attention: randomAttention(words, random) }));
}
