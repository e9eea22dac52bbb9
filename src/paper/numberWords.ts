import { columnNamed } from "../study/columns";

// Numbers as claims and their sentences write them.

/** Without the zero before the point and with a true minus sign, as in "−.08". */
export function decimal(value: number, digits = 2): string {
  const text = Math.abs(value).toFixed(digits).replace(/^0\./, ".");
  return value < 0 && /[1-9]/.test(text) ? `−${text}` : text;
}

/** A difference, as in "+.10". */
export function signed(value: number): string {
  const text = decimal(value);
  return /^\D*0*$/.test(text) || text.startsWith("−") ? text : `+${text}`;
}

/** A share in whole percent, as in "83 %". */
export function percent(share: number): string {
  return `${Math.round(100 * share)} %`;
}

/** As a column's numbers are called in a table: "τ_g". */
export function symbolOf(column: string): string {
  return columnNamed(column)?.symbol ?? column;
}
