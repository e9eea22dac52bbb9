// How the time of each analysis grows with the length of a text, and how near it comes to what the machine can do.
import { cpus, loadavg } from "node:os";
import { explain, type Importance } from "../src/analysis/importance";
import { gradient } from "../src/analysis/importances/gradient";
import { leaveOneOut } from "../src/analysis/importances/leaveOneOut";
import { loadBackend, tf } from "../src/backend/tensorflow";
import type { Example } from "../src/data/dataset";
import { type AttentionModel, createModel } from "../src/model/model";
import { type Prediction, predict } from "../src/model/predict";
import { createRandom } from "../src/stats/random";
import { modelConfig } from "../src/study/config";
import { exactAdversaryOf, onDecoders, permute, searchAll } from "./onDecoders";
import { numberOption } from "./options";
import { madeUpWords } from "./work";

/** Texts of each length: fewer long ones, as leave-one-out grows with the square of the length. */
const textsOfLength: Record<number, number> = { 20: 256, 50: 128, 180: 24, 500: 4 };

const { embeddingSize, hiddenSize, ...rest } = modelConfig();
const stateSize = 2 * hiddenSize;

/** What the definition of an analysis asks for, for one text of so many words; a cleverer way of doing it does less. */
interface Cost {
  /** Additions and multiplications in products of matrices and vectors. */
  operations(words: number): number;
  /** Bytes of word vectors, gates and states that are written and read. */
  bytes(words: number): number;
}

/** One pass of the model: input projection, recurrence, attention, weighted sum. */
const pass: Cost = {
  operations: (words) => {
    const encoder = 2 * embeddingSize * 8 * hiddenSize + 2 * 2 * hiddenSize * 4 * hiddenSize;
    return (words + 2) * (encoder + stateSize * stateSize + 3 * stateSize);
  },
  bytes: (words) => (words + 2) * 2 * 4 * (embeddingSize + 8 * hiddenSize + stateSize),
};

/** The weighted sum of the states and the output of one attention, the states held fixed. */
const decoding: Cost = {
  operations: (words) => 2 * stateSize * (words + 1),
  bytes: (words) => 4 * stateSize * words,
};

const times = (count: (words: number) => number, { operations, bytes }: Cost): Cost => ({
  operations: (words) => count(words) * operations(words),
  bytes: (words) => count(words) * bytes(words),
});

const sum = (one: Cost, other: Cost): Cost => ({
  operations: (words) => one.operations(words) + other.operations(words),
  bytes: (words) => one.bytes(words) + other.bytes(words),
});

interface Analysis {
  name: string;
  cost: Cost;
  run(model: AttentionModel, examples: Example[], predictions: Prediction[]): Promise<unknown>;
}

const explaining =
  (importance: Importance): Analysis["run"] =>
  (model, texts, predictions) =>
    explain(importance, { model, texts, predictions });

const analyses: Analysis[] = [
  { name: "prediction", cost: pass, run: (model, examples) => predict(model, examples) },
  // The output, and its derivative by the word vectors, which is about twice as much work.
  { name: "gradient", cost: times(() => 3, pass), run: explaining(gradient) },
  { name: "leave-one-out", cost: times((words) => words, pass), run: explaining(leaveOneOut) },
  {
    name: "permutation",
    cost: sum(
      pass,
      times(() => 100, decoding),
    ),
    run: (model, examples, predictions) => onDecoders(model, examples, predictions, permute),
  },
  {
    name: "search",
    cost: sum(
      pass,
      times(() => 500 * 5 * 2, decoding),
    ), // forward and backward; the divergences are not counted
    run: async (model, examples, predictions) =>
      searchAll(
        await onDecoders(model, examples, predictions, (decoder, attention, seed) => ({
          decoder,
          attention,
          seed: () => `${seed}`,
        })),
      ),
  },
  {
    name: "exact adversary",
    cost: pass, // and O(words²) logarithms, which are not counted
    run: (model, examples, predictions) => onDecoders(model, examples, predictions, exactAdversaryOf),
  },
];

/** Best of ten; in units of 10⁹ a second. */
function best(amount: number, run: () => tf.Tensor): number {
  const rates = Array.from({ length: 10 }, () => {
    const started = performance.now();
    tf.tidy(() => run().dataSync());
    return amount / (performance.now() - started) / 1e6;
  });
  return Math.max(...rates);
}

/** What the machine can do: products of large matrices, and reading an array that fits in no cache. */
function measureMachine(): { operations: number; bytes: number } {
  const size = 1536;
  const matrix = tf.randomUniform<tf.Rank.R2>([size, size]);
  const array = tf.zeros([2 ** 26]);
  const operations = best(2 * size ** 3, () => tf.slice(tf.matMul(matrix, matrix), [0, 0], [1, 1]));
  const bytes = best(4 * array.size, () => tf.max(array));
  tf.dispose([matrix, array]);
  return { operations, bytes };
}

/** Seconds a text, the best of the repetitions. */
async function measure(analysis: Analysis, model: AttentionModel, examples: Example[]): Promise<number> {
  const predictions = await predict(model, examples);
  let seconds = Number.POSITIVE_INFINITY;
  for (let repetition = 0; repetition < (numberOption("repetitions") ?? 3); repetition++) {
    const started = performance.now();
    await analysis.run(model, examples, predictions);
    seconds = Math.min(seconds, (performance.now() - started) / 1000);
  }
  return seconds / examples.length;
}

const share = (part: number, whole: number) => `${part.toFixed(1)} (${((100 * part) / whole).toFixed(0)} %)`;
const row = (cells: readonly (string | number)[]) => console.log(`| ${cells.join(" | ")} |`);

async function main(): Promise<void> {
  if (loadavg()[0]! > 0.5) console.error(`The machine is busy (load ${loadavg()[0]}): the numbers will mean little.`);
  const backend = await loadBackend();
  const machine = measureMachine();
  console.log(
    `${backend} backend, ${cpus().length} cores: matrix products ${machine.operations.toFixed(0)} GFLOP/s, memory ${machine.bytes.toFixed(1)} GB/s\n`,
  );
  const words = Array.from({ length: 13_822 }, (_, index) => String(index));
  const model = createModel({ ...rest, embeddingSize, hiddenSize }, words, {
    task: "classification",
    classNames: ["negative", "positive"],
  });
  row(["analysis", "words", "ms a text", "grows with the length to the power", "GFLOP/s", "GB/s"]);
  row(["---", "---", "---", "---", "---", "---"]);
  for (const analysis of analyses) {
    let before: { length: number; seconds: number } | undefined;
    for (const [length, texts] of Object.entries(textsOfLength).map(([key, value]) => [Number(key), value] as const)) {
      const examples = madeUpExamples(length, Math.min(texts, numberOption("texts") ?? texts), model);
      const seconds = await measure(analysis, model, examples);
      const power = before && Math.log(seconds / before.seconds) / Math.log(length / before.length);
      const operations = analysis.cost.operations(length) / seconds / 1e9;
      const bytes = analysis.cost.bytes(length) / seconds / 1e9;
      row([
        analysis.name,
        length,
        (1000 * seconds).toFixed(3),
        power?.toFixed(2) ?? "",
        share(operations, machine.operations),
        share(bytes, machine.bytes),
      ]);
      before = { length, seconds };
    }
  }
}

function madeUpExamples(length: number, texts: number, { vocabulary }: AttentionModel): Example[] {
  const random = createRandom(length);
  const words = [...vocabulary.keys()];
  return Array.from({ length: texts }, (_, index) => ({
    id: String(index),
    tokens: madeUpWords(length, words.length, random).map((id) => words[id - 4]!),
    label: 0,
  }));
}

main();
