import type { Importance, TextsToExplain } from "../analysis/importance";
import type { AttendedText } from "../analysis/intervention";
import type { MeasuredText } from "../analysis/measure";
import type { Example } from "../data/dataset";
import type { Decoder } from "../model/decoder";
import { type AttentionModel, hasQuestion } from "../model/model";
import { type Prediction, predict, predictedLabel } from "../model/predict";
import { textDecoders } from "../model/textDecoders";
import { deriveSeed } from "../stats/random";
import type { Cell, Cells } from "./parquet";
import type { Part } from "./parts";
import { textAt } from "./study";

interface ChunkOptions {
  /** The model's seed: what random numbers of a text are derived from, with its id. */
  seed: number;
  /** Those that the study has. */
  importances: readonly Pick<Importance, "name">[];
  /** What is known of the texts already. */
  cells?: Cells;
  /** Of the decoder of a model without a question, where the model itself is not at hand. */
  bias?: number;
  /** Where the model is at hand: itself and the texts. */
  model?: AttentionModel;
  examples?: readonly Example[];
  /** Ids of the texts that the controls are computed of. Default: all. */
  controls?: ReadonlySet<string>;
}

/** Some texts of a study while their parts are computed: what is known of them so far, and the model that is asked. */
export class Chunk {
  /** All cells so far, by column. */
  readonly cells: Cells;
  bias: number | undefined;
  private predictions: Prediction[] | undefined;

  constructor(private readonly options: ChunkOptions) {
    this.cells = { ...options.cells };
    this.bias = options.bias;
  }

  /** Computes parts in their order; what only a model could tell is undefined where it is not at hand. */
  async compute(parts: readonly Part[], { onProgress, signal }: Pick<TextsToExplain, "onProgress" | "signal"> = {}) {
    const cells: Cells = {};
    const seconds: Record<string, number> = {};
    for (const [index, part] of parts.entries()) {
      signal?.throwIfAborted();
      const started = performance.now();
      const share = (within: number) => onProgress?.((index + within) / parts.length);
      const isKnown = this.options.model !== undefined || !part.needsModel;
      const computed = isKnown
        ? await part.compute(this, { onProgress: share, signal })
        : this.emptyCells(Object.keys(part.columns));
      seconds[part.name] = (performance.now() - started) / 1000;
      Object.assign(cells, computed);
      Object.assign(this.cells, computed);
      share(1);
    }
    return { cells, seconds, bias: this.bias };
  }

  get size(): number {
    return this.options.examples?.length ?? this.cells.id!.length;
  }

  map<T>(ofText: (index: number) => T): T[] {
    return Array.from({ length: this.size }, (_, index) => ofText(index));
  }

  /** Columns in which no text has anything yet. */
  emptyCells(columns: readonly string[]): Record<string, (number | number[] | undefined)[]> {
    return Object.fromEntries(columns.map((column) => [column, this.map(() => undefined)]));
  }

  /** Whether a text is one of those that the controls are computed of. */
  isControl(index: number): boolean {
    return this.options.controls?.has(this.cell("id", index) as string) ?? true;
  }

  cell(column: string, index: number): Cell {
    return this.cells[column]?.[index];
  }

  /** The list of a text in a column; undefined where nothing is kept of it. */
  numbers(column: string, index: number): readonly number[] | undefined {
    return this.cell(column, index) as readonly number[] | undefined;
  }

  /** Of a part that needs the model, which is then at hand. */
  private async asked() {
    const { model, examples } = this.options as Required<ChunkOptions>;
    this.predictions ??= await predict(model, examples);
    return { model, examples, predictions: this.predictions };
  }

  /** What the model says of the texts, and what each word contributes to it. */
  async predicted(): Promise<Cells> {
    const { model, examples, predictions } = await this.asked();
    const labels = predictions.map(predictedLabel);
    const contribution: (number[] | undefined)[] = new Array(examples.length);
    if (!hasQuestion(model)) {
      for await (const { index, decoder } of textDecoders(model, examples)) {
        if (decoder.kind !== "linear") continue;
        contribution[index] = Array.from(decoder.contributions);
        this.bias = decoder.bias;
      }
    }
    return {
      id: examples.map(({ id }) => id),
      predicted: labels.map((label) => model.classNames[label]!),
      label: examples.map(({ label }) => model.classNames[label]!),
      probability: predictions.map(({ output }, index) => output[labels[index]!]!),
      logit: predictions.map(({ logits }) => logits[0]!),
      tokens: examples.map(({ tokens }) => tokens),
      question: examples.map(({ question }) => question),
      attention: predictions.map(({ attention }) => attention),
      contribution,
    };
  }

  /** The texts as {@link explain} gets them, or some of them by their index. */
  async textsToExplain(
    { onProgress, signal }: Pick<TextsToExplain, "onProgress" | "signal">,
    chosen: readonly number[] = this.map((index) => index),
  ): Promise<Omit<TextsToExplain, "random">> {
    const { model, examples, predictions } = await this.asked();
    const ofChosen = <T>(all: readonly T[]) => chosen.map((index) => all[index]!);
    return { model, texts: ofChosen(examples), predictions: ofChosen(predictions), onProgress, signal };
  }

  /** What random numbers of a text are drawn from, for one use of them. */
  seed(index: number, use: string): string {
    return deriveSeed(this.options.seed, use, this.cell("id", index) as string);
  }

  /** A text as a measure gets it; undefined where its weights are not kept. */
  measuredText(index: number): MeasuredText | undefined {
    return textAt(this.cells, index, this.options.importances);
  }

  /** The texts as an intervention gets them, in groups that take some tens of milliseconds; without those whose weights are not kept. */
  async attendedTexts(): Promise<(AttendedText & { index: number })[][]> {
    const texts: (AttendedText & { index: number })[] = [];
    for await (const { index, decoder } of this.decoders()) {
      const id = this.cell("id", index) as string;
      texts.push({ ...this.measuredText(index)!, index, id, decoder, seed: (use) => this.seed(index, use) });
    }
    const lengths = texts.map(({ attention }) => attention.length);
    return cutByWords(lengths, wordsTogether).map(({ from, to }) => texts.slice(from, to));
  }

  private async *decoders(): AsyncGenerator<{ index: number; decoder: Decoder }> {
    const { model, examples } = this.options;
    const { bias, size } = this;
    if (bias === undefined && model && examples) yield* textDecoders(model, examples);
    for (let index = 0; bias !== undefined && index < size; index++) {
      const contribution = this.numbers("contribution", index);
      if (contribution === undefined) continue;
      yield { index, decoder: { kind: "linear", contributions: Float32Array.from(contribution), bias } };
    }
  }
}

const wordsTogether = 1_024;

/** Groups of texts in their order, each from the first to before the last, of at most so many words but one text at least. */
export function cutByWords(lengths: readonly number[], most: number): { from: number; to: number }[] {
  const groups: { from: number; to: number }[] = [];
  let words = Number.POSITIVE_INFINITY;
  for (const [index, length] of lengths.entries()) {
    if (words + length > most) {
      groups.push({ from: index, to: index });
      words = 0;
    }
    groups.at(-1)!.to = index + 1;
    words += length;
  }
  return groups;
}
