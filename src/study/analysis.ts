import { z } from "zod";
import type { Importance } from "../analysis/importance";
import { importances, paperImportances } from "../analysis/importances/all";
import { type Intervention, type InterventionSettings, paperEpsilons, searchSettings } from "../analysis/intervention";
import { interventions, paperInterventions } from "../analysis/interventions/all";
import type { Measure } from "../analysis/measure";
import { measures } from "../analysis/measures/all";
import { checkColumnName, type Quantity } from "../analysis/quantity";
import { attention, kendall, type OfWords, type Statistic } from "../analysis/statistic";
import { UserError, unknownName } from "../errors";
import { checkOptions } from "../options";
import { type Column, columnOf, epsilonDigits } from "./columns";
import type { StudyOptions } from "./identity";

/** What is computed of every text beside the paper's analyses, and how. */
export interface AnalysisOptions
  extends Partial<Pick<InterventionSettings, "permutations" | "search">>,
    Pick<StudyOptions, "testLimit"> {
  /** Importances beside gradient and leave-one-out: names of built-in ones, or your own. */
  importances?: readonly ((typeof importances)[number]["name"] | Importance)[];
  /** Interventions on the attention beside permutation, search and exact adversary: names, or your own. */
  interventions?: readonly ((typeof interventions)[number]["name"] | Intervention)[];
  /** Measures of your own, beside the built-in ones. */
  measures?: readonly Measure[];
  /** How the orders of words are compared, beside Kendall's τ-b; its columns carry its name. */
  statistic?: Statistic;
  /** Total variations of the output that count as unchanged, beside .01 and .05. */
  epsilons?: readonly number[];
}

const whole = z.number().int();
const names = (valid: readonly { name: string }[]) => valid.map(({ name }) => name).join(", ");
const things = (valid: readonly { name: string }[]) =>
  z.array(z.union([z.string(), z.object({ name: z.string() }).passthrough()])).describe(`a list of ${names(valid)}`);

/** The analysis options with their rules, for notebooks and the command line alike. */
export const analysisSchema = z.object({
  importances: things(importances),
  interventions: things(interventions),
  measures: z.array(z.object({ name: z.string() }).passthrough()).describe("a list of measures"),
  statistic: z.object({ name: z.string() }).passthrough().describe("a statistic"),
  permutations: whole.min(1).max(100_000).describe("a whole number from 1 to 100000"),
  epsilons: z.array(z.number().gt(0).max(1)).describe("a list of numbers above 0 and up to 1, as in .01,.02"),
  search: searchSettings,
  testLimit: whole.min(1).describe("a whole number from 1"),
} satisfies { [name in keyof AnalysisOptions]: z.ZodTypeAny });

/** All that an analysis has without being given the code. */
export const builtIn: readonly object[] = [...importances, ...interventions, ...measures, kendall];

/** Everything that is computed of a study's texts; the ε of its settings are those beside what an intervention always has. */
export type Analysis = ReturnType<typeof resolveAnalysis>;

/** The paper's analyses with what is added. @throws UserError for a wrong option, and for two things of one name */
export function resolveAnalysis(options: AnalysisOptions = {}) {
  checkOptions(analysisSchema, options);
  const { permutations = 100, epsilons = [], search = {}, testLimit, statistic } = options;
  return {
    importances: withAdded<Importance>("importance", importances, paperImportances, options.importances),
    interventions: withAdded<Intervention>("intervention", interventions, paperInterventions, options.interventions),
    measures: withAdded<Measure>("measure", measures, measures, options.measures),
    statistics: withAdded<Statistic>("statistic", [], [kendall], statistic && [statistic]),
    settings: { permutations, epsilons: [...new Set(epsilons)].sort((a, b) => a - b), search },
    testLimit,
  };
}

function withAdded<Thing extends { name: string }>(
  kind: string,
  builtIn: readonly Thing[],
  always: readonly Thing[],
  added: readonly (string | Thing)[] = [],
): Thing[] {
  const all = [...always];
  for (const one of added) {
    const thing = typeof one === "string" ? builtIn.find(({ name }) => name === one) : one;
    if (thing === undefined)
      throw unknownName(
        kind,
        one,
        builtIn.map(({ name }) => name),
      );
    checkColumnName(kind, thing.name);
    const known = [...all, ...builtIn].find(({ name }) => name === thing.name);
    if (known !== undefined && known !== thing) {
      throw new UserError(`The ${kind} "${thing.name}" is there already; give yours another name.`);
    }
    if (!all.includes(thing)) all.push(thing);
  }
  return all;
}

/** What is asked for beside the paper's analyses, as in ["reversed", "permutations 500", "search steps 100"]. */
export function analysisWords(options: AnalysisOptions): string[] {
  const words = (name: string, value: unknown): string[] => {
    if (typeof value !== "object" || value === null) return [`${name} ${value}`];
    if (name === "epsilons") return [`ε ${(value as number[]).join(" ")}`];
    const things = [value].flat() as (string | { name: string })[];
    if (Array.isArray(value) || name === "statistic")
      return things.map((one) => (typeof one === "string" ? one : one.name));
    return Object.entries(value).flatMap(([inner, one]) => words(`${name} ${inner}`, one));
  };
  return Object.entries(options).flatMap(([name, value]) => (value === undefined ? [] : words(name, value)));
}

/** Two of attention and the importances whose agreement has columns. */
export type Pair = { first: OfWords; second: Importance };

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
function nullColumns(statistic: Statistic, importance: Importance): Column[] {
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
export function epsilonsOf({ perEpsilon }: Intervention, { epsilons }: InterventionSettings) {
  if (perEpsilon === undefined) return { always: [], more: [] };
  const { always = paperEpsilons } = perEpsilon;
  return { always, more: epsilons.filter((epsilon) => !(always as readonly number[]).includes(epsilon)) };
}

/** The columns that an intervention has for each ε, with its digits. */
export function columnsAt({ perEpsilon }: Intervention, epsilons: readonly number[]): Quantity[] {
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
