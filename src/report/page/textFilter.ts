import type { TextRow } from "../contents";
import type { ViewState } from "./viewState";

/**
 * The places of the rows that are asked for, in the order that is asked for.
 *
 * Texts without a number in the column come last in both orders; equal ones stay in the order of the rows.
 *
 * @param contains whether the text at a place is one of those searched for
 */
export function chooseTexts(
  rows: readonly TextRow[],
  { predicted, outcome, sort, order }: Pick<ViewState, "predicted" | "outcome" | "sort" | "order">,
  contains: (place: number) => boolean,
): number[] {
  const places = [...rows.keys()].filter((place) => {
    const row = rows[place]!;
    if (predicted && row.predicted !== predicted) return false;
    if (outcome && (row.predicted === row.label) !== (outcome === "right")) return false;
    return contains(place);
  });
  const sign = order === "descending" ? -1 : 1;
  const value = (place: number) => (sort === "" ? place : rows[place]![sort]);
  const defined = places.filter((place) => typeof value(place) === "number");
  const rest = places.filter((place) => typeof value(place) !== "number");
  return [...defined.sort((a, b) => sign * ((value(a) as number) - (value(b) as number)) || a - b), ...rest];
}
