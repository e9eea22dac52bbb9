import { z } from "zod";
import { shown, UserError, unknownName } from "./errors";

/** The options of something: each field's description is the rule that its value keeps, as in "a number above 0". */
export type OptionsSchema = z.AnyZodObject;

/**
 * Refuses options that a schema does not have, or whose value breaks its rule.
 *
 * @param inside the option that these are inside of, as in "search"
 * @throws UserError that names the nearest option or name, or the rule and what came
 */
export function checkOptions(schema: OptionsSchema, options: object, inside?: string): void {
  for (const [name, value] of Object.entries(options)) {
    if (!Object.hasOwn(schema.shape, name)) throw unknownName("option", name, Object.keys(schema.shape));
    checkOption(inside === undefined ? name : `${inside}.${name}`, schema.shape[name], value);
  }
}

function checkOption(name: string, rule: z.ZodTypeAny, value: unknown): void {
  const inner = innerOf(rule);
  const isGroup = inner instanceof z.ZodObject && inner._def.unknownKeys !== "passthrough";
  if (isGroup && typeof value === "object" && value !== null) {
    checkOptions(inner as OptionsSchema, value, name);
    return;
  }
  if (rule.safeParse(value).success) return;
  if (inner instanceof z.ZodEnum) throw unknownName(name, value, inner.options);
  throw new UserError(
    `The option "${name}" must be ${rule.description ?? inner?.description}, but ${shown(value)} came.`,
  );
}

/**
 * An option as a command line has it: `epochs=4`, `search.steps=100`, `epsilons=.01,.02`. Whether it exists and keeps its
 * rule is left to {@link checkOptions}.
 *
 * @param schema says what its value may be: where a text could be read in several ways, the first that fits is taken
 * @returns what it sets, as in `{ search: { steps: 100 } }`
 * @throws UserError for what is not written so
 */
export function readOption(schema: OptionsSchema, text: string): Record<string, unknown> {
  const [, name = "", written = ""] = /^([^=]*)=(.*)$/s.exec(text) ?? [];
  if (name === "" || written === "") {
    throw new UserError(`An option is written as name=value, as in epochs=4, but ${JSON.stringify(text)} came.`);
  }
  const path = name.split(".");
  const rule = path.reduce<z.ZodTypeAny | undefined>(
    (within, key) => (within instanceof z.ZodObject ? innerOf(within.shape[key]) : undefined),
    schema,
  );
  const value = readingOf(rule ?? z.never(), written);
  return path.reduceRight<unknown>((inner, key) => ({ [key]: inner }), value) as Record<string, unknown>;
}

function innerOf(rule: z.ZodTypeAny | undefined): z.ZodTypeAny | undefined {
  if (rule instanceof z.ZodLazy) return innerOf(rule.schema);
  return rule instanceof z.ZodOptional ? innerOf(rule.unwrap()) : rule;
}

function readingOf(rule: z.ZodTypeAny, text: string): unknown {
  const plain = (one: string) => {
    if (one === "true" || one === "false") return one === "true";
    return one.trim() === "" || Number.isNaN(Number(one)) ? one : Number(one);
  };
  const list = text.split(",").map(plain);
  const readings = [plain(text), text, list];
  return readings.find((reading) => rule.safeParse(reading).success) ?? (list.length > 1 ? list : plain(text));
}
