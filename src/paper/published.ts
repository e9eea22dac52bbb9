import { paperMetrics, paperTable, publishedMetrics, rerunTable } from "./publishedNumbers";

/** The twelve corpora of the paper, in the order of its Table 1; "adr" are the tweets about drug reactions. */
export const paperCorpora = [
  "sst",
  "imdb",
  "adr",
  "20news",
  "agnews",
  "diabetes",
  "anemia",
  "cnn",
  "babi1",
  "babi2",
  "babi3",
  "snli",
] as const;
/** The paper's corpora with two classes. */
export const binaryCorpora = ["sst", "imdb", "adr", "20news", "agnews", "diabetes", "anemia"] as const;
export const paperEncoders = ["bilstm", "cnn", "average"] as const;
export const paperAttentions = ["additive", "dot"] as const;

/**
 * The name of a published number.
 *
 * - `tau_grad_*`, `tau_loo_*`: Kendall's tau-b per text between attention and gradient or leave-one-out
 *   importance; `_mean`, `_std` (divided by n) and `_sigfrac`, the share of texts with p <= .05, 2 decimals
 * - `corr_*`: the three pairings of attention, gradient and leave-one-out over all texts, under their right names
 *   (the published files have two of them swapped)
 * - `diff_gradloo_minus_*`: per text, tau of gradient and leave-one-out less that of attention and the other
 * - `eval_*`: test scores; F1, precision, recall and support by true class
 * - `emaxjsd_*`: epsilon-max JSD in nats, read back from the published histograms and violins; `@maxattnA-B` within
 *   a bin of the text's largest attention weight
 * - `perm_dy_*`: quartiles of the median output change (TVD) over 100 permutations, by the same bins
 */
export type PublishedMetric = (typeof publishedMetrics)[number];

/** What decides whether something is published of a model. */
export interface PublishedModel {
  corpus: string;
  encoder: string;
  attention: string;
  classNames: readonly string[];
  config: { attentionWeights: string };
}

/**
 * The predicted class as published (`eval_*`: the true class), or "overall" for all texts. Sentiment: 0 negative, 1
 * positive. snli: 0 contradiction, 1 entailment, 2 neutral. Question answering has "overall" only.
 */
export type PublishedClass = number | "overall";

/** A published number of two runs. */
export interface PublishedNumber {
  /** The run of 2019-04-02, the paper's Table 2; it selected its models on the test split. */
  paper: number | undefined;
  /** The authors' own runs of 2019-04-24 to 05-15, after the code selected models on a dev split. */
  rerun: number | undefined;
  /** Why there is none: of Table 2 where it has such numbers, else of the re-run; "" where there is one. */
  missing: string;
}

/**
 * What the authors published for a model, a metric and a class, in each of two runs; of a model that the paper does not
 * have, nothing, with the reason.
 *
 * The runs differ in the split that chose the model, and in chance, as no seed was set. They are the only published
 * measure of run-to-run noise. Source: graph_outputs/ of github.com/successar/AttentionExplanation at commits 19cfd61
 * (equal to Table 2 in every cell) and 425a89a. 68 of the numbers are NaN there, all of dot attention, as one instance
 * without a defined tau makes the published mean NaN; the inferred cause is a saturated output, whose gradient is 0.
 */
export function publishedNumber(model: PublishedModel, metric: PublishedMetric, of: PublishedClass): PublishedNumber {
  const missing = whyNotPublished(model);
  return missing === "" ? readNumber(model, metric, of) : { paper: undefined, rerun: undefined, missing };
}

/** Why nothing is published of a model, or "". */
export function whyNotPublished({ corpus, encoder, attention, classNames, config }: PublishedModel): string {
  const without = (kind: string, name: string, names: readonly string[]) =>
    names.includes(name) ? [] : [`the paper has no ${kind} "${name}"`];
  const [reason = ""] = [
    ...(config.attentionWeights === "softmax"
      ? []
      : [`the paper's weights are of a softmax, not ${config.attentionWeights}`]),
    ...without("encoder", encoder, paperEncoders),
    ...without("attention", attention, paperAttentions),
    ...without("corpus", corpus, paperCorpora),
  ];
  const classes = isPaperCorpus(corpus) ? tableClasses(corpus).length : 1;
  if (reason !== "" || classes === 1 || classes === classNames.length) return reason;
  return `the paper's ${corpus} has ${classes} classes, not ${classNames.length}`;
}

/**
 * What is published of an encoder and an attention in each class of some corpora; nothing of one that the paper lacks.
 */
export function publishedCells(
  { encoder, attention, config }: Omit<PublishedModel, "corpus" | "classNames">,
  metric: PublishedMetric,
  corpora: readonly PaperCorpus[],
): PublishedNumber[] {
  if (config.attentionWeights !== "softmax") return [];
  return corpora.flatMap((corpus) =>
    tableClasses(corpus).map((label) => readNumber({ corpus, encoder, attention }, metric, label)),
  );
}

export type PaperCorpus = (typeof paperCorpora)[number];

/** Whether the paper reports results for a corpus of this name. */
export function isPaperCorpus(corpus: string): corpus is PaperCorpus {
  return (paperCorpora as readonly string[]).includes(corpus);
}

/** The classes that Table 2 has for a corpus: the predicted classes, or "overall" for question answering. */
export function tableClasses(corpus: PaperCorpus): PublishedClass[] {
  const classes = { snli: [0, 1, 2], cnn: ["overall"], babi1: ["overall"], babi2: ["overall"], babi3: ["overall"] };
  return (classes as { [corpus: string]: PublishedClass[] })[corpus] ?? [0, 1];
}

type Numbers = Map<string, { [metric: string]: string }>;

/** Reads a table at its first use. */
function reader(table: string, metrics: readonly string[]): () => Numbers {
  let numbers: Numbers | undefined;
  return () => {
    numbers ??= new Map(
      table
        .trim()
        .split("\n")
        .map((line) => {
          const [key, ...values] = line.split(",");
          return [key!, Object.fromEntries(values.map((value, index) => [metrics[index]!, value]))];
        }),
    );
    return numbers;
  };
}

const paperNumbers = reader(paperTable, paperMetrics);
const rerunNumbers = reader(rerunTable, publishedMetrics);

function readNumber(
  { corpus, encoder, attention }: Pick<PublishedModel, "corpus" | "encoder" | "attention">,
  metric: PublishedMetric,
  of: PublishedClass,
): PublishedNumber {
  const texts = [paperNumbers(), rerunNumbers()].map(
    (numbers) => numbers.get(`${corpus} ${encoder} ${attention} ${of}`)?.[metric] ?? "",
  );
  const [paper, rerun] = texts.map((text) => (text === "" || text === "nan" ? undefined : Number(text)));
  const decisive = texts[paperMetrics.includes(metric) ? 0 : 1]!;
  const missing = decisive === "" ? "not published" : decisive === "nan" ? "NaN in the published file" : "";
  return { paper, rerun, missing };
}
