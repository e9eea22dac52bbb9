import type { InstanceRow } from "../../study/analyze";
import { measureOf } from "./measures";
import type { ViewState } from "./viewState";

/**
 * The places of the rows that are asked for, in the order that is asked for.
 *
 * Instances without a value of the measure come last in both orders; equal ones stay in the order of the rows.
 *
 * @param contains whether the text at a place is one of those searched for
 */
export function chooseInstances(
  rows: readonly InstanceRow[],
  { predicted, outcome, sort, order }: Pick<ViewState, "predicted" | "outcome" | "sort" | "order">,
  contains: (place: number) => boolean,
): number[] {
  const places = [...rows.keys()].filter((place) => {
    const row = rows[place]!;
    if (predicted && row.predicted !== predicted) return false;
    if (outcome && (row.predicted === row.label) !== (outcome === "right")) return false;
    return contains(place);
  });
  const column = measureOf(sort)?.column;
  if (column === undefined) return order === "descending" ? places.reverse() : places;
  const sign = order === "descending" ? -1 : 1;
  const value = (place: number) => rows[place]![column] as number | undefined;
  const defined = places.filter((place) => value(place) !== undefined);
  const rest = places.filter((place) => value(place) === undefined);
  return [...defined.sort((a, b) => sign * (value(a)! - value(b)!) || a - b), ...rest];
}
