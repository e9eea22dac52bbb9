/** Rows, or a danfojs DataFrame, whose columns are checked when it is drawn. */
export type Data<Row> = readonly Row[] | { columns: string[]; values: unknown };

/** The rows of what a figure draws. */
export function rowsOf<Row>(data: Data<Row>): readonly Row[] {
  if (!("columns" in data)) return data;
  const rows = data.values as unknown[][];
  return rows.map((row) => Object.fromEntries(data.columns.map((name, place) => [name, row[place]])) as Row);
}
