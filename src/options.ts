import { isDeepStrictEqual } from "node:util";
import { z } from "zod";
import { shown, UserError, unknownName } from "./errors";

/** The options of something: each field's description is the rule that its value keeps, as in "a number above 0". */
export type OptionsSchema = z.AnyZodObject;

/** Refuses options that a schema does not have, or whose value breaks its rule. @param inside as in "search" */
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
  if ((rule instanceof z.ZodDefault ? rule.removeDefault() : rule).safeParse(value).success) return;
  if (inner instanceof z.ZodEnum) throw unknownName(name, value, inner.options);
  throw new UserError(
    `The option "${name}" must be ${rule.description ?? inner?.description}, but ${shown(value)} came.`,
  );
}

/** As it was written, as in "--seed 0", and by the option's name, as in "seed=0". */
export type WrittenOption = { written: string; text: string };

/**
 * Options as a command line has them: `epochs=4`, `search.steps=100`, `epsilons=.01,.02`; of several readings the first that
 * the schema takes. What they set, as in `{ search: { steps: 100 } }`, is checked by {@link checkOptions}.
 * @throws UserError for what is not written so or does not exist, and for two that set the same to different values
 */
export function readOptions(schema: OptionsSchema, given: readonly WrittenOption[]): Record<string, unknown> {
  const seen = new Map<string, { value: unknown; written: string }>();
  const options: Record<string, unknown> = {};
  for (const { written, text } of given) {
    const [, name = "", valueText = ""] = /^([^=]*)=(.*)$/s.exec(text) ?? [];
    if (name === "" || valueText === "")
      throw new UserError(`An option is written as name=value, as in epochs=4, but ${shown(text)} came.`);
    const [, group = "", inGroup] = /^([^.]*)(?:\.(.*))?$/s.exec(name)!;
    const rule = ruleOf(schema, group);
    if (rule === undefined) throw unknownName("option", group, Object.keys(schema.shape));
    const value = readingOf((inGroup === undefined ? rule : ruleOf(rule, inGroup)) ?? z.never(), valueText);
    const earlier = seen.get(name);
    if (earlier !== undefined && !isDeepStrictEqual(earlier.value, value))
      throw new UserError(
        `The option "${name}" must be given once, but ${earlier.written} and ${written} came; give all its values in one, separated by commas.`,
      );
    seen.set(name, { value, written });
    options[group] = inGroup === undefined ? value : { ...(options[group] as object), [inGroup]: value };
  }
  return options;
}

function ruleOf(schema: z.ZodTypeAny | undefined, name: string): z.ZodTypeAny | undefined {
  return schema instanceof z.ZodObject && Object.hasOwn(schema.shape, name) ? innerOf(schema.shape[name]) : undefined;
}

function innerOf(rule: z.ZodTypeAny | undefined): z.ZodTypeAny | undefined {
  if (rule instanceof z.ZodLazy) return innerOf(rule.schema);
  if (rule instanceof z.ZodDefault) return innerOf(rule.removeDefault());
  return rule instanceof z.ZodOptional ? innerOf(rule.unwrap()) : rule;
}

function readingOf(rule: z.ZodTypeAny, text: string): unknown {
  const plain = (one: string) => {
    if (one === "true" || one === "false") return one === "true";
    return one.trim() === "" || Number.isNaN(Number(one)) ? one : Number(one);
  };
  const list = text.split(",").map(plain);
  const readings = [plain(text), text, list, text.split(",")];
  return readings.find((reading) => rule.safeParse(reading).success) ?? (list.length > 1 ? list : plain(text));
}
