import seedrandom from "seedrandom";
import { UserError } from "../errors";

/** A stream of random numbers that depends on its seed alone. */
export interface Random {
  /** A number from 0 (included) to 1 (excluded), with 53 random bits. */
  uniform(): number;
  /** A number from the normal distribution with mean 0 and standard deviation 1. */
  normal(): number;
  /** A whole number from 0 (included) to `below` (excluded). */
  integer(below: number): number;
  /** A new array with the same items in a random order, each order equally likely. */
  shuffle<T>(items: readonly T[]): T[];
}

/**
 * Random numbers that are the same on every machine and in every run for the same seed (Baagøe's Alea generator).
 *
 * The number 1 and the text "1" are the same seed.
 *
 * @throws UserError without a seed: nothing here seeds itself from the clock
 */
export function createRandom(seed: number | string): Random {
  if (typeof seed !== "string" && !Number.isFinite(seed)) {
    throw new UserError(`Random numbers need a seed, a finite number or a text, but ${seed} came; give one, as in 0.`);
  }
  const { double: uniform } = seedrandom.alea(String(seed));
  const integer = (below: number) => {
    if (!Number.isSafeInteger(below) || below < 1)
      throw new UserError(`A random whole number is drawn below a whole number of at least 1, but ${below} came.`);
    return Math.floor(uniform() * below);
  };
  return { uniform, integer, normal: createNormal(uniform), shuffle: (items) => shuffled(items, uniform) };
}

/**
 * A seed for one part of an experiment, different for different labels: `createRandom(deriveSeed(0, "permutation", id))`
 * draws the same numbers however many other parts have drawn before it.
 */
export function deriveSeed(seed: number, ...labels: (string | number)[]): string {
  return JSON.stringify([seed, ...labels]);
}

/** Marsaglia's polar method; every second call returns the spare value of the first. */
function createNormal(uniform: () => number): () => number {
  let spare: number | undefined;
  return () => {
    if (spare !== undefined) {
      const value = spare;
      spare = undefined;
      return value;
    }
    let x: number;
    let y: number;
    let radius: number;
    do {
      x = 2 * uniform() - 1;
      y = 2 * uniform() - 1;
      radius = x * x + y * y;
    } while (radius >= 1 || radius === 0);
    const scale = Math.sqrt((-2 * Math.log(radius)) / radius);
    spare = y * scale;
    return x * scale;
  };
}

function shuffled<T>(items: readonly T[], uniform: () => number): T[] {
  const result = items.slice();
  for (let last = result.length - 1; last > 0; last -= 1) {
    const other = Math.floor(uniform() * (last + 1));
    const item = result[last]!;
    result[last] = result[other]!;
    result[other] = item;
  }
  return result;
}
