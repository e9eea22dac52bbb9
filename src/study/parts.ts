import { explain, type Importance, randomOf } from "../analysis/importance";
import type { Intervention, InterventionSettings } from "../analysis/intervention";
import { permutedAttentions } from "../analysis/interventions/permutation";
import type { Measure } from "../analysis/measure";
import type { Quantity } from "../analysis/quantity";
import { agreementOf, attention, type Statistic } from "../analysis/statistic";
import { UserError } from "../errors";
import { sha256 } from "../sha256";
import { mean } from "../stats/summary";
import { type Analysis, agreementName, builtIn, columnsAt, epsilonsOf, type Pair, pairsOf } from "./analysis";
import type { Chunk } from "./chunk";
import { epsilonDigits } from "./columns";
import type { Cells, ColumnKind } from "./parquet";

/** A part of what is known of a study's texts, computed and kept by itself, as predictions or one importance. */
export interface Part {
  kind: "prediction" | "importance" | "agreement" | "null" | "measure" | "intervention" | "other runs";
  name: string;
  /** Stands for all that decides its values besides the configuration; undefined where nothing is kept between runs. */
  key: string | undefined;
  /** Its columns, in the order in which they are written. */
  columns: Readonly<Record<string, ColumnKind>>;
  /** Whether the model is asked, and not only what is kept of the texts. */
  needsModel: boolean;
  /** For the reader of a study's folder: the code and the version of what is not built in. */
  source?: string;
  compute(chunk: Chunk, progress: { onProgress?: (share: number) => void; signal?: AbortSignal }): Promise<Cells>;
}

/** The parts of an analysis, each after what it needs. @param isLinear as are the decoders @param words whether they are kept */
export function partsOf(analysis: Analysis, { isLinear, words }: { isLinear: boolean; words: boolean }): Part[] {
  const { importances, interventions, measures, statistics } = analysis;
  const importanceParts = importances.map(importancePart);
  const keys = new Map(importanceParts.map(({ name, key }) => [name, key])).set(attention.name, "");
  return [
    predictionPart(isLinear, words),
    ...importanceParts,
    ...statistics.flatMap((one) => pairsOf(importances).map((pair) => agreementPart(one, pair, keys))),
    ...importances.flatMap((importance) => nullParts(statistics, importance, keys.get(importance.name))),
    ...measures.map(measurePart),
    ...interventions.flatMap((intervention) => interventionParts(intervention, analysis.settings, isLinear)),
  ];
}

/** Stands for what decides the values; undefined where something has no version. */
function keyOf(...deciding: readonly unknown[]): string | undefined {
  if (deciding.includes(undefined)) return undefined;
  return sha256(JSON.stringify(deciding)).slice(0, 8);
}

/** What a part is and where it comes from. @param deciding what decides its values beside its maker's version */
function madeBy(maker: { version?: number }, kind: Part["kind"], name: string, ...deciding: readonly unknown[]) {
  const told = Object.entries(maker).filter(([entry, value]) => entry === "version" || typeof value === "function");
  const source = builtIn.includes(maker) ? undefined : told.map(([entry, value]) => `${entry}: ${value}`).join("\n");
  return { kind, name, key: keyOf(kind, name, maker.version, ...deciding), source };
}

function predictionPart(isLinear: boolean, words: boolean): Part {
  const columns: Record<string, ColumnKind> = {
    id: "text",
    predicted: "text",
    label: "text",
    probability: "number",
    ...(isLinear && { logit: "number" }),
    ...(words && { tokens: "texts", question: "texts" }),
    attention: "numbers",
    ...(isLinear && { contribution: "numbers" }),
  };
  return {
    kind: "prediction",
    name: "prediction",
    key: keyOf("prediction", 1),
    columns,
    needsModel: true,
    compute: async (chunk) => {
      const cells = await chunk.predicted();
      return Object.fromEntries(Object.keys(columns).map((name) => [name, cells[name]!]));
    },
  };
}

function importancePart(importance: Importance): Part {
  const { name } = importance;
  return {
    ...madeBy(importance, "importance", name),
    columns: { [name]: "numbers" },
    needsModel: true,
    compute: async (chunk, progress) => {
      const values = await explain(importance, await chunk.textsToExplain(progress));
      return { [name]: values.map((ofText) => (ofText.length === 0 ? undefined : ofText.map(Math.fround))) };
    },
  };
}

function agreementPart(statistic: Statistic, pair: Pair, keys: ReadonlyMap<string, Part["key"]>): Part {
  const { first, second } = pair;
  const name = agreementName(statistic, pair);
  return {
    ...madeBy(statistic, "agreement", name, keys.get(first.name), keys.get(second.name)),
    columns: { [name]: "number", [`${name}PValue`]: "number", [`${name}Undefined`]: "text" },
    needsModel: false,
    compute: async (chunk) => {
      const agreements = chunk.map((index) => {
        const [one, other] = [valuesOf(chunk, first.name, index), valuesOf(chunk, second.name, index)];
        if (one === undefined || other === undefined) return notKept;
        return agreementOf(statistic, { of: first, values: one }, { of: second, values: other });
      });
      return {
        [name]: agreements.map(({ value }) => value),
        [`${name}PValue`]: agreements.map(({ p }) => p),
        [`${name}Undefined`]: agreements.map(({ undefinedBecause }) => undefinedBecause),
      };
    },
  };
}

const imposedPermutations = 20;

/** What the form of the network gives: the importance anew under the model's own attention and under permuted ones. */
function nullParts(statistics: readonly Statistic[], importance: Importance, key: string | undefined): Part[] {
  const { under } = importance;
  if (under === undefined) return [];
  const known = new WeakMap<Chunk, Awaited<ReturnType<typeof under>>>();
  return statistics.map((statistic) => {
    const name = agreementName(statistic, { first: attention, second: importance });
    const [own, permuted] = [`${name}Imposed`, `${name}Null`];
    return {
      ...madeBy(statistic, "null", permuted, key),
      columns: { [own]: "number", [permuted]: "number" },
      needsModel: true,
      compute: async (chunk, progress) => {
        const chosen = chunk.map((index) => index).filter((index) => chunk.isControl(index));
        const attentions = chosen.map((index) => {
          const weights = chunk.numbers("attention", index)!;
          const options = { permutations: imposedPermutations, seed: chunk.seed(index, "null") };
          return [weights, ...permutedAttentions(weights, options)];
        });
        const texts = await chunk.textsToExplain(progress, chosen);
        const random = randomOf(importance.name, texts.model);
        const values = known.get(chunk) ?? (await under({ ...texts, random }, attentions));
        known.set(chunk, values);
        const cells = chunk.emptyCells([own, permuted]);
        for (const [place, index] of chosen.entries()) {
          const agreements = attentions[place]!.map((weights, weighting) => {
            const other = { of: importance, values: values[place]![weighting]! };
            return agreementOf(statistic, { of: attention, values: weights }, other).value;
          });
          cells[own]![index] = agreements[0];
          const defined = agreements.slice(1).filter((value) => value !== undefined);
          cells[permuted]![index] = defined.length > 0 ? mean(defined) : undefined;
        }
        return cells;
      },
    };
  });
}

/** A text of one word has no leave-one-out importance: an empty list. */
function valuesOf(chunk: Chunk, name: string, index: number): readonly number[] | undefined {
  const values = chunk.numbers(name, index);
  return values === undefined && chunk.numbers("attention", index)?.length === 1 ? [] : values;
}

const notKept = { value: undefined, p: undefined, undefinedBecause: "weights per word not kept" };

function measurePart(measure: Measure): Part {
  const { name } = measure;
  return {
    ...madeBy(measure, "measure", name),
    columns: { [name]: "number" },
    needsModel: false,
    compute: async (chunk) => ({
      [name]: chunk.map((index) => {
        const text = chunk.measuredText(index);
        const value = text && measure.of(text);
        if (value === undefined || Number.isFinite(value)) return value;
        throw new UserError(
          `The measure "${name}" must give a number or undefined, but ${String(value)} came for the text ${chunk.cell("id", index)}.`,
        );
      }),
    }),
  };
}

/** What an intervention always has is one part, and each ε that is asked for beside that is another. */
function interventionParts(intervention: Intervention, asked: InterventionSettings, isLinear: boolean): Part[] {
  const { linearOnly = false, onControls = false, dependsOn } = intervention;
  const { always, more } = epsilonsOf(intervention, asked);
  const part = (ending: string, own: readonly Quantity[], epsilons: readonly number[]): Part => {
    const settings = { ...asked, epsilons };
    const columns = [...own, ...columnsAt(intervention, epsilons)].map((column) => column.name);
    const name = `${intervention.name}${ending}`;
    const shown = `${name}Attention`;
    return {
      ...madeBy(intervention, "intervention", name, columns, dependsOn?.(settings) ?? {}),
      columns: { ...Object.fromEntries(columns.map((column) => [column, "number" as const])), [shown]: "numbers" },
      needsModel: !isLinear && !linearOnly,
      compute: async (chunk, { onProgress, signal }) => {
        const cells = chunk.emptyCells([...columns, shown]);
        if (linearOnly && !isLinear) return cells;
        let done = 0;
        for (const group of await chunk.attendedTexts()) {
          signal?.throwIfAborted();
          const texts = onControls ? group.filter(({ index }) => chunk.isControl(index)) : group;
          const results = intervention.compute(texts, settings);
          for (const [place, { index }] of texts.entries()) {
            const { numbers, attention } = results[place]!;
            for (const column of columns) cells[column]![index] = numbers[column];
            cells[shown]![index] = attention && Array.from(attention, Math.fround);
          }
          done += group.length;
          onProgress?.(done / chunk.size);
          await new Promise((resolve) => setImmediate(resolve));
        }
        return cells;
      },
    };
  };
  return [
    part("", intervention.columns, always),
    ...more.map((epsilon) => part(epsilonDigits(epsilon), [], [epsilon])),
  ];
}
