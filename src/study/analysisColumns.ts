import type { Importance } from "../analysis/importance";
import { type Intervention, type InterventionSettings, paperEpsilons } from "../analysis/intervention";
import type { Quantity } from "../analysis/quantity";
import { attention, type OfWords, type Statistic } from "../analysis/statistic";
import type { Analysis } from "./analysis";
import { type Column, columnOf, epsilonDigits } from "./columns";

/** Two of attention and the importances whose agreement has columns. */
export interface Pair {
  first: OfWords;
  second: Importance;
}

/** Attention with every importance, and, as the yardstick, gradient with leave-one-out (paper, figures 3 and 4). */
export function pairsOf(importances: readonly Importance[]): Pair[] {
  const named = (wanted: string) => importances.find(({ name }) => name === wanted);
  const [gradient, leaveOneOut] = [named("gradient"), named("leaveOneOut")];
  const pairs: Pair[] = importances.map((second) => ({ first: attention, second }));
  return gradient && leaveOneOut ? [...pairs, { first: gradient, second: leaveOneOut }] : pairs;
}

/** As in "tauGradient" and "tauGradientLeaveOneOut". */
export function agreementName(statistic: Pick<Statistic, "name">, { first, second }: Pair): string {
  const capital = ({ name }: { name: string }) => `${name[0]!.toUpperCase()}${name.slice(1)}`;
  return `${statistic.name}${first === attention ? "" : capital(first)}${capital(second)}`;
}

/** The columns that every row of a study has, in the order in which they are written. */
export function columnsOf({ importances, interventions, measures, statistics, settings }: Analysis): Column[] {
  return [
    ...textColumns,
    ...measures.map(numberColumn),
    ...statistics.flatMap((statistic) => [
      ...pairsOf(importances).flatMap((pair) => agreementColumns(statistic, pair)),
      ...importances.filter(({ under }) => under).flatMap((one) => nullColumns(statistic, one)),
    ]),
    ...interventions.flatMap((intervention) => {
      const { always, more } = epsilonsOf(intervention, settings);
      const epsilons = [...always, ...more].sort((a, b) => a - b);
      return [...intervention.columns, ...columnsAt(intervention, epsilons)].map(numberColumn);
    }),
  ];
}

/** What a row says before anything is analysed. */
const textColumns: readonly Column[] = [
  columnOf("text", "id", "text", "text", "The name of the text in its corpus; it says nothing of the text."),
  columnOf("text", "predicted", "predicted", "predicted class", "The predicted class."),
  columnOf("text", "label", "label", "true class", "The true class."),
  {
    ...{ kind: "number", name: "probability", symbol: "ŷ", title: "probability of the predicted class" },
    ...{ meaning: "How sure the model is of its prediction.", range: [0, 1], digits: 3 },
  },
];

function numberColumn(quantity: Quantity): Column {
  return { kind: "number", ...quantity };
}

function agreementColumns(statistic: Statistic, pair: Pair): Column[] {
  const { first, second } = pair;
  const name = agreementName(statistic, pair);
  const title = `${first.title} and ${second.title}`;
  const symbol = `${statistic.symbol}_${first === attention ? "" : `${first.symbol},`}${second.symbol}`;
  const whole = `${statistic.title} of ${title}`;
  const [meaning, ofP] = [
    `${whole}, over the words of the text. ${statistic.meaning} ${second.meaning}`,
    `The two-sided p-value of ${whole}.`,
  ];
  const [reason, why] = [`${name}Undefined`, `Why ${whole} is undefined; empty where it has a value.`];
  return [
    { ...columnOf("number", name, symbol, `${symbol}, ${title}`, meaning), range: statistic.range, reason },
    { ...columnOf("number", `${name}PValue`, "p", `p of ${symbol}`, ofP), range: [0, 1], digits: 3 },
    columnOf("text", reason, "why undefined", `why ${symbol} is undefined`, why),
  ];
}

/** The agreement under attention that is imposed on the unchanged network: the model's own, and its permutations. */
export function nullColumns(statistic: Statistic, importance: Importance): Column[] {
  const name = agreementName(statistic, { first: attention, second: importance });
  const symbol = `${statistic.symbol}_${importance.symbol}`;
  const { title } = importance;
  const column = (ending: string, words: string, under: string): Column => {
    const meaning = `${statistic.title} of attention and ${title}, which is computed anew under the ${under}, held fixed and imposed on the unchanged network; for at most 500 texts.`;
    const whose = `${symbol} of ${words} attention, attention and ${title}`;
    return { ...columnOf("number", `${name}${ending}`, `${symbol} ${words}`, whose, meaning), range: statistic.range };
  };
  return [
    column("Imposed", "imposed", "model's own attention"),
    column(
      "Null",
      "permuted",
      "attention permuted over the words, 20 times, of which it is the mean: what the form of the network gives to weights that mean nothing",
    ),
  ];
}

/** The ε of an intervention's columns: those that it always has, then those that are asked for beside them. */
export function epsilonsOf(
  { perEpsilon }: Pick<Intervention, "perEpsilon">,
  { epsilons }: Pick<InterventionSettings, "epsilons">,
): { always: readonly number[]; more: readonly number[] } {
  if (perEpsilon === undefined) return { always: [], more: [] };
  const { always = paperEpsilons } = perEpsilon;
  return { always, more: epsilons.filter((epsilon) => !(always as readonly number[]).includes(epsilon)) };
}

/** The columns that an intervention has for each ε, with its digits. */
export function columnsAt({ perEpsilon }: Pick<Intervention, "perEpsilon">, epsilons: readonly number[]): Quantity[] {
  return (perEpsilon?.columns ?? []).flatMap((column) => epsilons.map((epsilon) => atEpsilon(column, epsilon)));
}

function atEpsilon(column: Quantity, epsilon: number): Quantity {
  const written = epsilon.toString().replace(/^0/, "");
  return {
    ...column,
    name: `${column.name}${epsilonDigits(epsilon)}`,
    symbol: `${column.symbol} ${written}`,
    title: `${column.title} (ε = ${written})`,
    meaning: `${column.meaning} Here ε = ${written}.`,
  };
}
