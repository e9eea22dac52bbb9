import type { Measure, MeasuredText } from "../measure";
import { agreementOf, attention, kendall } from "../statistic";

// The paper's caveat (section 6): the many words of next to no weight are ordered by chance, which may lower τ.

/** Of all attention, in the heaviest words. */
const held = 0.9;

/** The places of the fewest words that hold 90 % of the attention. */
function heaviest({ attention }: Pick<MeasuredText, "attention">): number[] {
  const places = attention.map((_, place) => place).sort((a, b) => attention[b]! - attention[a]!);
  let sum = 0;
  const last = places.findIndex((place) => {
    sum += attention[place]!;
    return sum >= held;
  });
  return last < 0 ? places : places.slice(0, last + 1);
}

export const heaviestWords: Measure<"heaviestWords"> = {
  name: "heaviestWords",
  symbol: "words, 90 %",
  title: "share of words that hold 90 % of the attention",
  meaning: "The fewest words whose attention adds up to 90 %, as a share of all.",
  range: [0, 1],
  version: 1,
  of: (text) => heaviest(text).length / text.attention.length,
};

function tauOfHeaviest<const Name extends string>(
  name: Name,
  importance: string,
  symbol: string,
  title: string,
): Measure<Name> {
  return {
    name,
    symbol: `${symbol}, 90 %`,
    title: `${symbol} of the words that hold 90 % of the attention`,
    meaning: `Kendall's τ-b of attention and ${title}, over the fewest words that hold 90 % of the attention.`,
    range: [-1, 1],
    version: 1,
    of(text) {
      const values = text.importances[importance];
      if (values === undefined || values.length !== text.attention.length) return undefined;
      const places = heaviest(text);
      const [first, second] = [text.attention, values].map((all) => places.map((place) => all[place]!));
      return agreementOf(kendall, { of: attention, values: first! }, { of: {}, values: second! }).value;
    },
  };
}

export const tauGradientHeaviest = tauOfHeaviest("tauGradientHeaviest", "gradient", "τ_g", "gradient");
export const tauLeaveOneOutHeaviest = tauOfHeaviest("tauLeaveOneOutHeaviest", "leaveOneOut", "τ_loo", "leave-one-out");
