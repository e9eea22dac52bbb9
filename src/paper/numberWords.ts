// Numbers as the sentences about the paper write them.

export function two(value: number): string {
  return value.toFixed(2);
}

export function three(value: number): string {
  return value.toFixed(3);
}

/** With its sign, as in "+0.103". */
export function signed(value: number): string {
  return `${value < 0 ? "-" : "+"}${three(Math.abs(value))}`;
}

/** A share in whole percent, as in "83 %". */
export function percent(share: number): string {
  return `${Math.round(100 * share)} %`;
}
