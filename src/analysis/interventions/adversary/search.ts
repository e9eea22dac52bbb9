import { requireNumber } from "../../../errors";
import { searchAttention } from "../../../model/attentionSearch";
import { type Decoder, decode } from "../../../model/decoder";
import { jensenShannon, totalVariation } from "../../../stats/divergence";
import { createRandom } from "../../../stats/random";
import { epsilonDigits } from "../../../study/columns";
import { type AttendedText, type Intervention, paperEpsilon, type SearchSettings } from "../../intervention";
import { inNats } from "../../quantity";

type PaperEpsilon = (typeof paperEpsilon)[Decoder["kind"]];

/** The attention furthest from the model's own that the paper's search finds (Algorithm 3), a search for each ε. */
export const search: Intervention<"search", never, "searchJsd" | "searchFeasible", PaperEpsilon> = {
  name: "search",
  title: "adversarial attention",
  meaning:
    "Attentions that are searched for: as far from the model's own as can be while the output moves by at most ε.",
  version: 1,
  columns: [],
  perEpsilon: {
    columns: [
      {
        name: "searchJsd",
        symbol: "JSD",
        title: "ε-max JSD found",
        meaning:
          "How far another attention can be from the model's own, as Jensen-Shannon divergence, while the output moves by at most ε: what the search found.",
        ...inNats,
      },
      {
        name: "searchFeasible",
        symbol: "feasible",
        title: "candidates within ε",
        meaning: "How many of the search's candidates move the output by at most ε.",
        digits: 0,
      },
    ],
  },
  dependsOn: ({ search }) => search,
  compute: (texts, { epsilons, search }) =>
    foundInEach(texts, epsilons, search).map((found, index) => {
      const numbers = found.flatMap(({ epsilon, jsd, feasible }) => {
        const digits = epsilonDigits(epsilon);
        return [[`searchJsd${digits}`, jsd] as const, [`searchFeasible${digits}`, feasible] as const];
      });
      const shown = found.find(({ epsilon }) => epsilon === paperEpsilon[texts[index]!.decoder.kind]);
      return { numbers: Object.fromEntries(numbers), attention: shown?.attention };
    }),
};

/** What the authors' number of steps is multiplied by, to see whether a longer search finds more. */
const longer = 10;

/** {@link search} with ten times the steps: whether its gap to the exact adversary is one of patience. */
export const longSearch: Intervention<"longSearch", never, "longSearchJsd", PaperEpsilon> = {
  name: "longSearch",
  title: "adversarial attention, searched for longer",
  meaning: "The adversarial search with ten times as many steps, for at most 500 texts; of two classes only.",
  version: 1,
  columns: [],
  perEpsilon: {
    columns: [
      {
        ...search.perEpsilon!.columns[0]!,
        name: "longSearchJsd",
        symbol: "JSD ×10",
        title: "ε-max JSD found in ten times the steps",
        meaning: "What the search finds in ten times as many steps, for at most 500 texts; of two classes only.",
      },
    ],
  },
  dependsOn: ({ search }) => search,
  linearOnly: true,
  onControls: true,
  compute(texts, { epsilons, search }) {
    const steps = longer * (search.steps ?? defaultSteps);
    return foundInEach(texts, epsilons, { ...search, steps }).map((found) => {
      const numbers = found.map(({ epsilon, jsd }) => [`longSearchJsd${epsilonDigits(epsilon)}`, jsd]);
      return { numbers: Object.fromEntries(numbers) };
    });
  },
};

function foundInEach(texts: readonly AttendedText[], epsilons: readonly number[], settings: SearchSettings) {
  const found = epsilons.map((epsilon) => searchAdversaries(texts, { ...settings, epsilon }));
  return texts.map((_, index) => found.map((adversaries) => adversaries[index]!));
}

const defaultSteps = 500;

export interface SearchOptions extends SearchSettings {
  /** ε: total variation that counts as unchanged. Default: the paper's .01 in classification and .05 with a question; the code's .05. */
  epsilon?: number;
}

/** The best adversarial attention that was found; undefined if no candidate is within ε ("code": then the own one). */
export interface Adversary {
  epsilon: number;
  /** To the own attention, in nats. */
  jsd: number | undefined;
  attention: number[] | undefined;
  /** How many of the candidates keep the output within ε. */
  feasible: number;
}

/** A text whose attention is attacked; its seed is what the starts are drawn from. */
export type AdversaryText = Pick<AttendedText, "decoder" | "attention" | "seed">;

/**
 * Searches attentions that are far from the model's own but keep its output, the states held fixed (paper, Algorithm 3), as
 * {@link searchAttention} says, from random starts. What it finds is a lower bound of the true ε-max JSD.
 *
 * @param texts of one model, which the native backend computes side by side, in one call that does not give way: many texts
 *   come in chunks
 * @param options whose settings keep the rules of their schema
 * @throws UserError for an ε out of its range
 */
export function searchAdversaries(texts: readonly AdversaryText[], options: SearchOptions = {}): Adversary[] {
  if (texts.length === 0) return [];
  const settings = settingsOf(texts[0]!.decoder, options);
  const begun = texts.map((text) => ({ ...text, starts: starts(text, settings) }));
  const found = searchAttention(begun, settings);
  return texts.map((text, index) => judge(text, found[index]!, settings));
}

type Settings = ReturnType<typeof settingsOf>;

function settingsOf({ kind }: Pick<Decoder, "kind">, { epsilon: asked, ...options }: SearchOptions) {
  if (asked !== undefined) requireNumber("epsilon", asked, { from: 0, to: 1 });
  const { variant = "paper", candidates = 5, lambda = 500, steps = defaultSteps, corners = false } = options;
  const shared = { candidates, steps, learningRate: 0.01, corners };
  if (variant === "code") {
    // The code's change with a question is Σ|Δ|, twice the total variation: its slack of .01 is .005, its λ counts double.
    const twice = kind === "linear" ? 1 : 2;
    const slack = options.slack ?? 0.01 / twice;
    const pairWeight = 2 / candidates ** 2;
    return { ...shared, epsilon: asked ?? 0.05, lambda: twice * lambda, slack, pairWeight, withOwn: true };
  }
  const epsilon = asked ?? paperEpsilon[kind];
  const pairWeight = candidates > 1 ? 1 / (candidates * (candidates - 1)) : 0;
  return { ...shared, epsilon, lambda, slack: options.slack ?? epsilon, pairWeight, withOwn: false };
}

/** Equal logarithmic weights and normal noise with a standard deviation of 3 (the authors' code). */
function starts({ attention, seed }: AdversaryText, { candidates }: Settings): Float32Array {
  const random = createRandom(seed("adversary"));
  const words = attention.length;
  return Float32Array.from({ length: candidates * words }, () => 3 * random.normal() - Math.log(words));
}

/** The best of the found candidates, [candidates, words]. */
function judge({ decoder, attention: own }: AdversaryText, found: Float32Array, settings: Settings): Adversary {
  const { epsilon, withOwn } = settings;
  const output = decode(decoder, own);
  const first = withOwn ? { jsd: 0, attention: [...own] } : { jsd: undefined, attention: undefined };
  const best: Adversary = { epsilon, ...first, feasible: 0 };
  for (const attention of candidatesOf(found, own.length, settings)) {
    if (totalVariation(decode(decoder, attention), output) > epsilon) continue;
    best.feasible += 1;
    const jsd = jensenShannon(attention, own);
    if (best.jsd === undefined || jsd > best.jsd) Object.assign(best, { jsd, attention });
  }
  return best;
}

/** One attention after the other, as all single words of a long text at once would take much memory. */
function* candidatesOf(found: Float32Array, words: number, { corners }: Settings): Generator<number[]> {
  for (let from = 0; from < found.length; from += words) {
    const weights = Array.from(found.subarray(from, from + words));
    const sum = weights.reduce((total, weight) => total + weight, 0); // 1 but for single precision
    yield weights.map((weight) => weight / sum);
  }
  if (!corners) return;
  for (let word = 0; word < words; word++) yield Array.from({ length: words }, (_, t) => (t === word ? 1 : 0));
}
