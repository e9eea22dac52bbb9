import { columnNamed, symbolHtml } from "../study/columns";
import { escapeText, plainText, wrap } from "./figure";

/** The two ends of an axis. */
export type Range = readonly [low: number, high: number];

/** What is known of the numbers on an axis. */
export type Scale = ReturnType<typeof scaleOf>;

/**
 * What is known of a column of numbers: its definition or, of long rows, those of the measures that the rows name.
 *
 * @returns the numbers of the rows; `measure` is equal for axes that measure the same, `range` the smallest and the largest
 *   value there can be
 */
export function scaleOf(name: string, rows: readonly object[], values: readonly number[]) {
  const own = columnNamed(name);
  const measures = [...new Set(rows.map((row) => String((row as { measure?: unknown }).measure)))];
  const columns = own ? [own] : measures.map(columnNamed);
  const [first] = columns;
  const unit = first?.unit ? `, ${escapeText(first.unit)}` : "";
  const ofOne = own
    ? symbolHtml(escapeText(own.title))
    : `${escapeText(name)} ${first && symbolHtml(escapeText(first.symbol))}`;
  return {
    measure: own ? name : measures.join(" "),
    title: first && columns.length === 1 ? ofOne + unit : escapeText(name),
    range: columns.every((column) => String(column?.range) === String(first?.range)) ? first?.range : undefined,
    values,
  };
}

/**
 * The range of an axis in each facet: one around what can be and the values of all that measure the same.
 *
 * @param fits whether it holds 0 and the values alone, of all facets that can hold the same, and not all that can be
 */
export function rangesOf(
  facets: readonly { scales: readonly Scale[] }[],
  axis: "x" | "y",
  { around = rangeAround, fits = false } = {},
): Range[] {
  const scales = facets.map((facet) => facet.scales[axis === "x" ? 0 : 1]!);
  return scales.map(({ measure, range }) => {
    const alike = scales.filter((other) => (range ? String(other.range) === String(range) : other.measure === measure));
    const values = alike.flatMap((scale) => scale.values);
    return around([...(fits && range && values.length > 0 ? [0] : (range ?? [])), ...values]);
  });
}

/** The smallest and the largest value; undefined of no values. */
export function extent(values: readonly number[]): Range | undefined {
  if (values.length === 0) return undefined;
  return values.reduce<Range>(
    ([low, high], value) => [Math.min(low, value), Math.max(high, value)],
    [values[0]!, values[0]!],
  );
}

/** A range that holds all values, with a little room at both ends, so that no point is cut; [0, 1] without values. */
export function rangeAround(values: readonly number[]): Range {
  const [low, high] = extent(values) ?? [0, 1];
  const room = 0.04 * (high - low || Math.abs(high) || 1);
  return [low - room, high + room];
}

/** From the smallest to the largest value, where bins begin and end. */
export function rangeOfBins(values: readonly number[]): Range {
  const [low, high] = extent(values) ?? [0, 1];
  return low < high ? [low, high] : [low - 0.5, high + 0.5];
}

/** An axis of labels, as plotly shows them, the first at the top, and the pixels that they need at its left. */
export function labelAxis(labels: readonly string[], range: Range) {
  const names = labels.map((label) => wrap(label, 26));
  const longest = Math.max(...names.flat().map((line) => plainText(line).length));
  const axis = {
    ...{ title: "", range, ticks: "", ticklabelstandoff: 4, showgrid: false, zeroline: false },
    tickvals: labels.map((_, index) => labels.length - 1 - index),
    ticktext: names.map((lines) => lines.join("<br>")),
  };
  return { axis, left: 18 + Math.ceil(7.2 * longest), lines: Math.max(...names.map(({ length }) => length)) };
}
