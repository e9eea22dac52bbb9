import { UserError } from "../errors";
import { quantile } from "../stats/summary";
import { isInside, type Range, requireRange } from "./axes";
import { type Density, density } from "./density";
import type { ColumnName } from "./facets";
import { formatNumber } from "./figure";

/** The values of a class in one bin. */
export interface Cell {
  values: number[];
  /** The middle of its place on the horizontal axis, and half of a violin's largest width there. */
  center: number;
  halfWidth: number;
  /** Undefined for too few values. */
  violin: { quartiles: number[]; shape: Density } | undefined;
}

/** Fewer values have no shape to show. */
export const fewestOfViolin = 10;

/** The ends of bins of equal width, from the lowest to the highest. */
export function binEdges(bins: number, [low, high]: Range): number[] {
  requireRange("xRange", [low, high]);
  if (!Number.isSafeInteger(bins) || bins < 1) {
    throw new UserError(`A violin plot has at least 1 bin, a whole number of them, but ${bins} came.`);
  }
  return Array.from({ length: bins + 1 }, (_, index) => low + ((high - low) * index) / bins);
}

/** Sorts the values of one class into bins and gives each its place; the classes of a bin stand side by side. */
export function cellsOf<Row extends object>(
  rows: readonly Row[],
  options: {
    x: ColumnName<Row>;
    y: ColumnName<Row>;
    edges: readonly number[];
    place: { index: number; count: number };
    /** Places of an outline. */
    steps: number;
  },
): Cell[] {
  const { x, y, edges, place, steps } = options;
  const slot = (0.94 * (edges[1]! - edges[0]!)) / place.count;
  const values: number[][] = edges.slice(1).map(() => []);
  for (const row of rows) values[binOf(row[x] as number, edges, x)]!.push(row[y] as number);
  return values.map((members, bin) => ({
    values: members,
    center: (edges[bin]! + edges[bin + 1]!) / 2 + (place.index - (place.count - 1) / 2) * slot,
    halfWidth: 0.45 * slot,
    violin: members.length < fewestOfViolin ? undefined : violinOf(members, steps),
  }));
}

function violinOf(values: readonly number[], steps: number): Cell["violin"] {
  const quartiles = [0.25, 0.5, 0.75].map((share) => quantile(values, share));
  return { quartiles, shape: density(values, { extraPlaces: quartiles, steps }) };
}

function binOf(value: number, edges: readonly number[], column: string): number {
  const [low, high] = [edges[0]!, edges.at(-1)!];
  if (!isInside(value, [low, high])) {
    throw new UserError(
      `The bins of this violin plot go from ${low} to ${high}, but column "${column}" holds ${value}; give "xRange" both ends of its values.`,
    );
  }
  return Math.min(edges.filter((edge) => edge <= value).length, edges.length - 1) - 1;
}

export function binName(edges: readonly number[], bin: number): string {
  return `${formatNumber(edges[bin]!)} to ${formatNumber(edges[bin + 1]!)}`;
}
