import { z } from "zod";
import { UserError } from "../errors";
import { type Decoder, decode, type LinearDecoder, sigmoid } from "../model/decoder";
import { predictedLabel } from "../model/predict";
import { jensenShannon, totalVariation } from "../stats/divergence";
import { createRandom, type Random } from "../stats/random";
import { quantile } from "../stats/summary";
import type { MeasuredText } from "./measure";
import { checkColumnName, inNats, type Quantity } from "./quantity";

/**
 * Other attention weights for a text, its states held fixed, and what they do to the output (paper, section 4.2).
 *
 * Most are made by {@link intervention}, from a function that gives the weights.
 */
export interface Intervention<
  Name extends string = string,
  Column extends string = string,
  PerEpsilon extends string = string,
  Always extends number = number,
> {
  /** As in "permutation": the beginning of its columns' names. Letters and digits, beginning with a small letter. */
  name: Name;
  /** As in "permuted attention". */
  title: string;
  /** One sentence that says which attention it gives the text. */
  meaning: string;
  /** Raised whenever the same model and text would give other numbers. Without one, nothing is kept between runs. */
  version?: number;
  columns: readonly Quantity<Column>[];
  /** Columns that it has for each ε, whose digits end their names, as in `searchJsd01`. Default: none. */
  perEpsilon?: {
    columns: readonly Quantity<PerEpsilon>[];
    /** The ε at which it is computed whatever is asked for. Default: the paper's two. */
    always?: readonly Always[];
  };
  /** What of the settings the numbers of a column depend on; default: nothing. */
  dependsOn?(settings: InterventionSettings): object;
  /** Whether it is defined for two classes alone, and not for more or for texts with a question; default false. */
  linearOnly?: boolean;
  /** Whether it is computed only for the texts of the controls, at most 500 of a corpus; default false. */
  onControls?: boolean;
  /** What it does to each text, in their order. */
  compute(texts: readonly AttendedText[], settings: InterventionSettings): Intervened[];
}

/** What an intervention may know of a text. */
export interface AttendedText extends Pick<MeasuredText, "attention" | "importances" | "words"> {
  id: string;
  /** The output as a function of the attention. */
  decoder: Decoder;
  /** Seeds random numbers of the text for one intervention: they depend on the model's seed and the text's id alone. */
  seed(intervention: string): string;
}

/** What came of a text. */
export interface Intervened {
  /** By column; undefined where there is no value. */
  numbers: Record<string, number | undefined>;
  /** One of the other attentions, to be shown over the words; undefined where there is none to show. */
  attention?: readonly number[];
}

/** Settings of the adversarial search; what is not given has the variant's value. */
export const searchSettings = z
  .strictObject({
    /**
     * "paper" (default): Algorithm 3 and equation 2 as printed. "code": as the authors' code does, which tolerates a fixed
     * change of the output while it searches, weighs the pairs of candidates by 2 / K² instead of 1 / (K (K - 1)), and
     * counts the own attention (JSD 0) as a candidate that always keeps the output.
     */
    variant: z.enum(["paper", "code"]).describe('"paper" (Algorithm 3 as printed) or "code" (as the authors\' code)'),
    /** K: attentions that are searched at the same time, and away from each other. Default 5. */
    candidates: z.number().int().min(1).max(1000).describe("a whole number from 1 to 1000"),
    /** λ: how much a change of the output beyond `slack` costs. Default 500. */
    lambda: z.number().finite().min(0).describe("a number from 0"),
    /** Total variation that costs nothing. Default: ε; in the code .01, with a question .005. */
    slack: z.number().finite().min(0).describe("a number from 0"),
    /** Steps of Adam (AMSGrad). Default 500. */
    steps: z.number().int().min(0).describe("a whole number from 0"),
    /** Whether also every single word with all of the weight is tried, as it is. Default false, as in paper and code. */
    corners: z.boolean().describe("true or false"),
  })
  .partial();
export type SearchSettings = z.infer<typeof searchSettings>;

export interface InterventionSettings {
  /** Permutations of a text's attention. Default 100, the paper's. */
  permutations: number;
  /** Total variations of the output that count as unchanged: those of the columns that are computed. */
  epsilons: readonly number[];
  /** Of the adversarial search. Default: the paper's. */
  search: SearchSettings;
}

/** The ε of the paper (section 4.2.2): for classification, and for texts with a question. */
export const paperEpsilons = [0.01, 0.05] as const;

/** The ε of the paper (section 4.2.2) by the kind of the decoder: in classification, and for texts with a question. */
export const paperEpsilon = { linear: 0.01, softmax: 0.01, tanh: 0.05 } as const;

/**
 * What other attentions do to the output of a text, one after another: its total variation to the model's own, from 0 to 1,
 * and whether another class is predicted. @param attention the model's own
 */
export function effectsOf(
  { decoder, attention }: Pick<AttendedText, "decoder" | "attention">,
  others: readonly (readonly number[])[],
): { change: number; flips: boolean }[] {
  if (decoder.kind === "linear") {
    // With two classes one probability says all, and the many attentions of a permutation need no lists.
    const logit = logitOf(decoder, attention);
    const probability = sigmoid(logit);
    return others.map((weights) => {
      const other = logitOf(decoder, weights);
      return { change: Math.abs(sigmoid(other) - probability), flips: other >= 0 !== logit >= 0 };
    });
  }
  const own = decode(decoder, attention);
  const decision = predictedLabel({ output: own });
  return others.map((other) => {
    const output = decode(decoder, other);
    return { change: totalVariation(output, own), flips: predictedLabel({ output }) !== decision };
  });
}

function logitOf({ contributions, bias }: LinearDecoder, attention: readonly number[]): number {
  let logit = bias;
  for (let t = 0; t < contributions.length; t++) logit += attention[t]! * contributions[t]!;
  return logit;
}

/** The median change of the output, and the share of attentions that flip the decision; undefined for none. */
export function summarizeEffects(effects: ReturnType<typeof effectsOf>): { change?: number; flips?: number } {
  if (effects.length === 0) return {};
  const changes = effects.map(({ change }) => change);
  return { change: quantile(changes, 0.5), flips: effects.filter(({ flips }) => flips).length / effects.length };
}

/** One text, as an intervention of one's own sees it. */
export interface TextToAttend extends Pick<AttendedText, "attention" | "importances" | "words"> {
  /** s_t, what each word's state contributes to the logit; undefined of more than two classes and of a model that reads a question. */
  contributions?: ArrayLike<number>;
  /** Random numbers of this text, the same ones in any company. */
  random: Random;
}

type SimpleColumn<Name extends string> = `${Name}${"Tvd" | "Flips" | "Jsd"}`;

/**
 * An intervention of one's own, from a function that gives a text another attention, or several: how far the output moves,
 * whether the decision flips, and how far the attention is from the model's own (of several the median, the share and the
 * median).
 *
 * @param name as in "reversed": the beginning of its columns' names
 * @param options.title as in "reversed attention"
 * @param options.version without one it is computed anew each time
 * @param options.attention one weight per word, from 0 and summing to 1, or several such lists; none where there is none
 * @throws UserError for a name that cannot begin a column's name; later, for weights that are no attention
 * @example
 * const onlyFirst = intervention("onlyFirst", {
 *   title: "attention to the first word alone",
 *   meaning: "The first word has all attention.",
 *   attention: ({ attention }) => attention.map((_, t) => (t === 0 ? 1 : 0)),
 * });
 * @example
 * const shuffledTwice = intervention("shuffledTwice", {
 *   title: "two random orders of the weights",
 *   meaning: "The weights stand at random words, twice.",
 *   attention: ({ attention, random }) => [random.shuffle(attention), random.shuffle(attention)],
 * });
 */
export function intervention<const Name extends string>(
  name: Name,
  options: Pick<Intervention, "title" | "meaning" | "version"> & {
    attention(text: TextToAttend): readonly number[] | readonly (readonly number[])[];
  },
): Intervention<Name, SimpleColumn<Name>, never, never> {
  checkColumnName("intervention", name);
  return {
    ...{ ...options, name, columns: simpleColumns(name, options.title) },
    compute: (texts) =>
      texts.map((text) => {
        const { decoder, seed, ...rest } = text;
        const contributions = decoder.kind === "linear" ? decoder.contributions : undefined;
        const given = options.attention({ ...rest, contributions, random: createRandom(seed(name)) });
        const others = (typeof given[0] === "number" ? [given] : given) as readonly (readonly number[])[];
        for (const other of others) checkAttention(name, text, other);
        const { change, flips } = summarizeEffects(effectsOf(text, others));
        const distances = others.map((other) => jensenShannon(other, text.attention));
        const jsd = distances.length > 0 ? quantile(distances, 0.5) : undefined;
        return {
          numbers: { [`${name}Tvd`]: change, [`${name}Flips`]: flips, [`${name}Jsd`]: jsd },
          attention: others[0],
        };
      }),
  };
}

function checkAttention(name: string, { id, attention: own }: AttendedText, other: readonly number[]): void {
  const sum = other.reduce((total, weight) => total + weight, 0);
  if (other.length === own.length && other.every((weight) => weight >= 0) && Math.abs(sum - 1) < 1e-3) return;
  throw new UserError(
    `The intervention "${name}" must give one weight per word, from 0 and summing to 1, but for "${id}" of ${own.length} words ${other.length} weights came that sum to ${sum}.`,
  );
}

function simpleColumns<Name extends string>(name: Name, title: string): Quantity<SimpleColumn<Name>>[] {
  return [
    {
      name: `${name}Tvd`,
      symbol: `Δŷ_${name}`,
      title: `change of the output: ${title}`,
      meaning: "Total variation of the output to the model's own, from 0 to 1.",
      range: [0, 1],
      digits: 3,
    },
    {
      name: `${name}Flips`,
      symbol: `flips_${name}`,
      title: `decision flipped: ${title}`,
      meaning: "Whether another class is predicted: 1 if it is, 0 if not.",
      range: [0, 1],
    },
    {
      name: `${name}Jsd`,
      symbol: `JSD_${name}`,
      title: `distance from the model's attention: ${title}`,
      meaning: "Jensen-Shannon divergence from the model's own attention, from 0 to ln 2.",
      ...inNats,
    },
  ];
}
