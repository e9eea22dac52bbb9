/** A number with what it counts, as in "1 epoch", "1,200 epochs", "2 studies". */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${count.toLocaleString("en")} ${count === 1 ? one : many}`;
}
