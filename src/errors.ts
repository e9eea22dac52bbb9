import { closest, distance } from "fastest-levenshtein";

/**
 * Something the user asked for that cannot be done: the message alone tells what was asked, the rule, what came and
 * what to do, so a command prints it without a stack trace.
 */
export class UserError extends Error {
  override readonly name = "UserError";

  /** What a notebook cell prints: the sentence, without the stack. */
  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return this.message;
  }
}

/**
 * The error for a name that is not in a list: it shows the nearest valid name, if one is near, and all of them.
 *
 * @param kind what the name stands for, as in "encoder"
 */
export function unknownName(kind: string, received: unknown, valid: readonly string[]): UserError {
  const name = String(received);
  const nearest = closest(name.toLowerCase(), [...valid]);
  const near =
    nearest !== undefined && distance(name.toLowerCase(), nearest.toLowerCase()) <= Math.max(2, nearest.length / 2);
  const list = valid.map((item) => `"${item}"`).join(", ");
  return new UserError(
    `There is no ${kind} "${name}"${near ? `; did you mean "${nearest}"?` : "."} It must be one of ${list}.`,
  );
}
