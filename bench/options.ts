/** The number in `--name=number` on the command line. */
export function numberOption(name: string): number | undefined {
  const value = textOption(name);
  return value === undefined ? undefined : Number(value);
}

/** The text in `--name=text` on the command line. */
export function textOption(name: string): string | undefined {
  return process.argv.find((word) => word.startsWith(`--${name}=`))?.slice(name.length + 3);
}
