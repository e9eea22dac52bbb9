import type { Importance } from "./importance";
import type { Agreement, Statistic } from "./statistic";

/** A number for each word of a text, and what it means that all are equal, or all 0. */
interface Side {
  values: readonly number[];
  whenConstant: string;
  whenZero: string;
}

type Pairs<Names extends readonly string[]> = Names extends readonly [
  infer First extends string,
  ...infer Rest extends readonly string[],
]
  ? `${Capitalize<First>}${Capitalize<Rest[number]>}` | Pairs<Rest>
  : never;

type Measured<Column extends string> = { [Name in Column]: number | undefined } & {
  [Name in `${Column}PValue`]: number | undefined;
} & { [Name in `${Column}Undefined`]: string };

/**
 * How the attention of a text agrees with each importance, as in `tauGradient`, and each importance with each later one, as
 * in `tauGradientLeaveOneOut`: the value, its p-value, and why there is none, or "".
 */
export type Agreements<Name extends string, Importances extends readonly string[]> = Measured<
  `${Name}${Capitalize<Importances[number]>}` | `${Name}${Pairs<Importances>}`
>;

/** What is compared with what: attention (undefined) with each importance, then each importance with each later one. */
export function comparisons<One>(importances: readonly One[]): (readonly [One | undefined, One])[] {
  return [undefined, ...importances].flatMap((one, index) =>
    importances.slice(index).map((other) => [one, other] as const),
  );
}

/** The name of the column for two importances, or for attention and one. */
export function agreementName(statistic: Pick<Statistic, "name">, ...compared: (string | undefined)[]): string {
  const capitalised = compared.map((name = "") => name.charAt(0).toUpperCase() + name.slice(1));
  return [statistic.name, ...capitalised].join("");
}

/**
 * How the orders of a text's words agree, over its words only (paper, Algorithm 1).
 *
 * @param text.attention one weight per word
 * @param text.importances a number per word, by name
 */
export function agreements<const Name extends string, const Importances extends readonly Importance[]>(
  statistic: Statistic<Name>,
  importances: Importances,
  text: { attention: readonly number[]; importances: Readonly<Record<string, readonly number[]>> },
): Agreements<Name, { [I in keyof Importances]: Importances[I]["name"] }> {
  const attention = { values: text.attention, whenConstant: "constant attention", whenZero: "constant attention" };
  const side = ({ name, whenZero = "zero importance" }: Importance): Side => {
    return { values: text.importances[name]!, whenConstant: "constant importance", whenZero };
  };
  const columns = comparisons(importances).flatMap(([one, other]) => {
    const column = agreementName(statistic, one?.name, other.name);
    const { value, p, undefinedBecause } = agreementOf(statistic, one ? side(one) : attention, side(other));
    return [
      [column, value],
      [`${column}PValue`, p],
      [`${column}Undefined`, undefinedBecause],
    ];
  });
  return Object.fromEntries(columns);
}

function agreementOf(statistic: Statistic, first: Side, second: Side): Agreement {
  const reason = whyNone(first, second);
  return reason === undefined
    ? statistic.of(first.values, second.values)
    : { value: undefined, p: undefined, undefinedBecause: reason };
}

/** Why there is no order to compare. */
function whyNone(first: Side, second: Side): string | undefined {
  const lengths = [first.values.length, second.values.length];
  if (Math.max(...lengths) < 2) return "fewer than two words";
  if (Math.min(...lengths) === 0) return "no importance";
  for (const { values, whenZero } of [second, first]) if (values.every((value) => value === 0)) return whenZero;
  if (![first, second].every(({ values }) => values.every(Number.isFinite))) return "not finite";
  return [first, second].find(({ values }) => values.every((value) => value === values[0]))?.whenConstant;
}
