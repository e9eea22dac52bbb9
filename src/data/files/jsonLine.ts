import type { z } from "zod";
import { UserError } from "../../errors";

/**
 * What one line of JSON holds, checked.
 *
 * @param place the line and the file, as in "Line 3 of dev.jsonl"
 * @throws UserError that says what is wrong with the line
 */
export function parseJsonLine<T>(line: string, schema: z.ZodType<T>, place: string): T {
  const { data, error } = schema.safeParse(parseJson(line, place));
  if (data !== undefined) return data;
  const { path, message } = error!.issues[0]!;
  throw new UserError(
    `${place} is not as it must be: ${path.join(".") || "value"}: ${message.toLowerCase()}; get the file anew.`,
  );
}

function parseJson(line: string, place: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    throw new UserError(
      `${place} must be one JSON object, but is ${JSON.stringify(line.slice(0, 40))}; get the file anew.`,
    );
  }
}
