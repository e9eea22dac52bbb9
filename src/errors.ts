import { closest, distance } from "fastest-levenshtein";

/** What the user asked for and cannot be done: the message alone says it, so it is printed without a stack trace. */
export class UserError extends Error {
  override readonly name = "UserError";

  /** What a notebook cell prints: the sentence, without the stack. */
  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return this.message;
  }
}

/** The error for a name that is not in a list, with the nearest. @param kind what it stands for, as in "encoder" */
export function unknownName(kind: string, received: unknown, valid: readonly string[]): UserError {
  const name = String(received);
  const near = nearestName(name, valid);
  const list = valid.map((item) => `"${item}"`).join(", ");
  const question = near === undefined ? "." : `; did you mean "${near}"?`;
  return new UserError(`There is no ${kind} "${name}"${question} It must be one of ${list}.`);
}

/** The valid name that begins like this one or is nearest to it, if one is near. */
export function nearestName(name: string, valid: readonly string[]): string | undefined {
  const begun = name.length > 2 ? valid.find((whole) => whole.startsWith(name)) : undefined;
  const nearest = begun ?? closest(name.toLowerCase(), [...valid]);
  if (nearest === undefined || begun) return nearest;
  return distance(name.toLowerCase(), nearest.toLowerCase()) <= Math.max(2, nearest.length / 2) ? nearest : undefined;
}

/** Refuses an option that is not a number, or not a whole one, in its range. */
export function requireNumber(
  option: string,
  value: unknown,
  { from, to = Number.POSITIVE_INFINITY, integer = false }: { from: number; to?: number; integer?: boolean },
): void {
  const isNumber = typeof value === "number" && !Number.isNaN(value) && (!integer || Number.isInteger(value));
  if (isNumber && value >= from && value <= to) return;
  const range = Number.isFinite(to) ? `from ${from} to ${to}` : `from ${from}`;
  throw new UserError(
    `The option "${option}" must be a ${integer ? "whole " : ""}number ${range}, but ${shown(value)} came.`,
  );
}

/** As it would be typed: texts in quotes, NaN as NaN; at most 80 characters. */
export function shown(value: unknown): string {
  const text = typeof value === "string" || Array.isArray(value) ? JSON.stringify(value) : String(value);
  return text.length > 80 ? `${text.slice(0, 79)}…` : text;
}

/**
 * What the system refused, in one sentence; any other error as it is.
 * @param path where it does not say it
 * @param bytes how many the file at this path needs
 */
export function explained(error: unknown, path?: string, bytes?: number): unknown {
  const { code, syscall, message, path: place } = error as NodeJS.ErrnoException;
  const where = path ?? place;
  if (error instanceof UserError || syscall === undefined || where === undefined) return error;
  const [, folder, file] = /^(.*)\/([^/]*)$/.exec(where) ?? ["", ".", where];
  const reason = /^\w+: ([^,]+)/.exec(message)?.[1] ?? message;
  const need = bytes === undefined ? "" : `, which needs ${bytes.toLocaleString("en")} bytes`;
  const sentence = ["ENOSPC", "EDQUOT", "EFBIG"].includes(code!)
    ? `There is no space left in ${folder || "/"} for ${file}${need}; free some and start again.`
    : `${where} cannot be used (${code}: ${reason}); make it usable, or name another place.`;
  return Object.assign(new UserError(sentence), { code, cause: error });
}
