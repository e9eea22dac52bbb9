import { z } from "zod";
import type { Importance } from "../analysis/importance";
import { importances, paperImportances } from "../analysis/importances/all";
import type { Intervention, InterventionSettings } from "../analysis/intervention";
import { searchSettings } from "../analysis/interventions/adversary/search";
import { interventions, paperInterventions } from "../analysis/interventions/all";
import type { Measure } from "../analysis/measure";
import { measures } from "../analysis/measures/all";
import { checkColumnName } from "../analysis/quantity";
import { kendall, type Statistic } from "../analysis/statistic";
import { UserError, unknownName } from "../errors";
import { checkOptions } from "../options";
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
