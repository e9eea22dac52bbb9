import { inspect } from "node:util";
import type { DataFrame, Series } from "danfojs-node";
import { tf } from "../backend/tensorflow";
import { unknownName } from "../errors";
import { groupBy, mean, quantile, standardDeviation } from "../stats/summary";
import { display, type Output } from "./display";
import { type AnyFrame, frameTable } from "./show";
import { formatTable, mostPlainRows } from "./table";

type Name<Row> = keyof Row & string;
type Member = keyof { [name in keyof DataFrame as string extends name ? never : name]: unknown };

/** A danfojs DataFrame that knows its columns; one that is named like a method is reached by `column(name)` alone. */
export type Frame<Row extends object = Record<string, unknown>> = TypedMethods<Row> & {
  [name in Exclude<Name<Row>, Member>]: Series;
} & DataFrame;

interface TypedMethods<Row extends object> {
  column(column: Name<Row>): Series;
  groupby(columns: Name<Row>[]): ReturnType<DataFrame["groupby"]>;
  head(rows?: number): Frame<Row>;
  query(condition: Series | boolean[]): Frame<Row>;
  sortValues(by: Name<Row>, options?: { ascending?: boolean }): Frame<Row>;
}

/**
 * Rows as a danfojs DataFrame, to group, to filter and to describe; a cell shows it as a table.
 *
 * A missing value is NaN, which statistics leave out, as in pandas. danfojs is loaded at the first call.
 *
 * @example const byClass = (await frame(runs.rows)).groupby(["corpus", "predicted"]).col(["tauGradient"]).mean();
 */
export async function frame<Row extends object>(rows: readonly Row[]): Promise<Frame<Row>> {
  const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  const values = rows.map((row) => columns.map((name) => row[name as keyof Row] ?? Number.NaN));
  const dtypes = columns.map((_, place) => dtypeOf(values.map((row) => row[place])));
  return new (load())(values, { columns, dtypes }) as unknown as Frame<Row>;
}

function dtypeOf(values: readonly unknown[]): string {
  const present = values.filter(isPresent);
  if (present.length > 0 && present.every((value) => typeof value === "boolean")) return "boolean";
  if (!present.every((value) => typeof value === "number")) return "string";
  return values.every(Number.isInteger) ? "int32" : "float32";
}

function isNumeric(dtype: string | undefined): boolean {
  return dtype === "int32" || dtype === "float32";
}

function isPresent(value: unknown): boolean {
  return value !== undefined && value !== null && !Number.isNaN(value);
}

let loaded: typeof DataFrame | undefined;

/** danfojs with its faults mended, on the TensorFlow that this project computes with: its own request for it is answered first. */
function load(): typeof DataFrame {
  if (loaded !== undefined) return loaded;
  const path = require.resolve("danfojs-node/dist/danfojs-base/shared/tensorflowlib.js");
  const own = { __esModule: true, default: tf };
  require.cache[path] ??= { id: path, filename: path, loaded: true, exports: own } as NodeJS.Module;
  loaded = (require("danfojs-node") as typeof import("danfojs-node")).DataFrame;
  const base = (name: string) => require(`danfojs-node/dist/danfojs-base/${name}`).default.prototype;
  const [frames, series] = [base("core/frame"), base("core/series")];
  for (const prototype of [frames, series]) Object.assign(prototype, shownAsTable);
  mendColumnNames(frames);
  mendStatistics(frames, series);
  mendGroups(base("aggregators/groupby"));
  return loaded;
}

function bundle(this: AnyFrame): Output["data"] {
  const { html, text } = formatTable(frameTable(this), mostPlainRows);
  return { "text/html": html, "text/plain": text };
}

function plain(this: AnyFrame): string {
  return bundle.call(this)["text/plain"];
}

/** For printing, and for the end of a cell. */
const shownAsTable = {
  print(this: AnyFrame) {
    display({ data: bundle.call(this) });
  },
  ...{ toString: plain, [inspect.custom]: plain, [Symbol.for("Jupyter.display")]: bundle },
};

interface FramePrototype extends AnyFrame {
  $setInternalColumnDataProperty(column?: string): void;
  column(name: string): { values: unknown[] };
  describe(): unknown;
}

/** A column "index" or "mean" would take the place of what danfojs itself has under that name. */
function mendColumnNames(frames: FramePrototype): void {
  const define = frames.$setInternalColumnDataProperty;
  frames.$setInternalColumnDataProperty = function (column) {
    for (const name of column === undefined ? this.columns : [column])
      if (name !== "" && !(name in frames)) define.call(this, name);
  };
}

/** pandas' values, of numbers of which none is missing. */
const statistics: Record<string, (values: number[]) => number> = {
  count: (values) => values.length,
  mean,
  std: (values) => Math.sqrt(variance(values)),
  min: (values) => quantile(values, 0),
  median: (values) => quantile(values, 0.5),
  max: (values) => quantile(values, 1),
  var: variance,
  sum: (values) => values.reduce((sum, value) => sum + value, 0),
};
const described = ["count", "mean", "std", "min", "median", "max", "var"];

function variance(values: number[]): number {
  return standardDeviation(values) ** 2 * (values.length / (values.length - 1));
}

function mendStatistics(frames: FramePrototype, series: Series): void {
  frames.describe = function () {
    const columns = this.columns.filter((_, place) => isNumeric(this.dtypes[place]));
    const present = columns.map((name) => this.column(name).values.filter(isPresent) as number[]);
    const rows = described.map((name) => present.map((values) => statistics[name]!(values)));
    return new loaded!(rows, { columns, index: described });
  };
  for (const [name, statistic] of Object.entries(statistics)) {
    const original = series[name as "mean"];
    Object.assign(series, {
      [name](this: Series) {
        if (!isNumeric(this.dtypes[0])) return original.call(this);
        return statistic((this.values as unknown[]).filter(isPresent) as number[]);
      },
    });
  }
}

interface Groups {
  data: unknown[][];
  keyCol: string[];
  columnName: string[];
  colIndex: number[];
  colDict: Record<string, Record<string, unknown[]>>;
  keyToValue: Record<string, unknown[]>;
  group(): Groups;
  /** The keys of the groups, in the order of their first rows. */
  colKeyDict(groups: Groups["colDict"]): string[];
  getGroup(keys: unknown[]): DataFrame;
  toDataFrame(groups: Groups["colDict"]): DataFrame;
  groupMathLog(values: unknown[], operation: string): unknown[];
}

/** Groups of "a-b" and "c" are not those of "a" and "b-c"; rows without a group are left out, as are missing values. */
function mendGroups(groups: Groups): void {
  const compute = groups.groupMathLog;
  const mended: Partial<Groups> & ThisType<Groups> = {
    group() {
      for (const name of this.keyCol)
        if (!this.columnName.includes(name)) throw unknownName("column", name, this.columnName);
      const keysOf = (row: unknown[]) => this.colIndex.map((place) => row[place]);
      const named = this.data.filter((row) => keysOf(row).every(isPresent));
      const groups = [...groupBy(named, (row) => JSON.stringify(keysOf(row)))];
      const columnsOf = (rows: unknown[][]) =>
        this.columnName.map((name, place) => [name, rows.map((row) => row[place])]);
      this.keyToValue = Object.fromEntries(groups.map(([key, [first]]) => [key, keysOf(first!)]));
      this.colDict = Object.fromEntries(groups.map(([key, rows]) => [key, Object.fromEntries(columnsOf(rows))]));
      return this;
    },
    colKeyDict: Object.keys,
    getGroup(keys) {
      const key = JSON.stringify(keys);
      return this.toDataFrame({ [key]: this.colDict[key]! });
    },
    groupMathLog(values, operation) {
      const statistic = statistics[operation];
      return statistic ? [statistic(values.filter(isPresent) as number[])] : compute.call(this, values, operation);
    },
  };
  Object.assign(groups, mended);
}
