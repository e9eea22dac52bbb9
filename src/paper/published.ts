import { unknownName } from "../errors";
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
 * - `tau_grad_*`, `tau_loo_*`: Kendall's tau-b per instance between attention and gradient or leave-one-out
 *   importance; `_mean`, `_std` (divided by n) and `_sigfrac`, the share of instances with p <= .05, 2 decimals
 * - `corr_*`: the three pairings of attention, gradient and leave-one-out over all instances, under their right names
 *   (the published files have two of them swapped)
 * - `diff_gradloo_minus_*`: per instance, tau of gradient and leave-one-out less that of attention and the other
 * - `eval_*`: test scores; F1, precision, recall and support by true class
 * - `emaxjsd_*`: epsilon-max JSD in nats, read back from the published histograms and violins; `@maxattnA-B` within
 *   a bin of the instance's largest attention weight
 * - `perm_dy_*`: quartiles of the median output change (TVD) over 100 permutations, by the same bins
 */
export type PublishedMetric = (typeof publishedMetrics)[number];

export interface PublishedQuery {
  corpus: (typeof paperCorpora)[number];
  encoder: (typeof paperEncoders)[number];
  attention: (typeof paperAttentions)[number];
  metric: PublishedMetric;
  /**
   * The predicted class as published (`eval_*`: the true class), or "overall" for all instances. Sentiment: 0
   * negative, 1 positive. snli: 0 contradiction, 1 entailment, 2 neutral. Question answering has "overall" only.
   */
  class: number | "overall";
}

/** Why a number is missing: the authors published none, or their file says NaN. */
export type Missing = "not published" | "NaN in the published file";

/** A published number of two runs; an undefined one has its reason, a defined one has the reason "". */
export interface PublishedNumber {
  /** The run of 2019-04-02, the paper's Table 2; it selected its models on the test split. */
  paper: number | undefined;
  paperMissing: Missing | "";
  /** The authors' own runs of 2019-04-24 to 05-15, after the code selected models on a dev split. */
  rerun: number | undefined;
  rerunMissing: Missing | "";
}

/**
 * What the authors published for one corpus, encoder, attention, metric and class, in each of two runs.
 *
 * The runs differ in the split that chose the model, and in chance, as no seed was set. They are the only published
 * measure of run-to-run noise. Source: graph_outputs/ of github.com/successar/AttentionExplanation at commits 19cfd61
 * (equal to Table 2 in every cell) and 425a89a. 68 of the numbers are NaN there, all of dot attention, as one instance
 * without a defined tau makes the published mean NaN; the inferred cause is a saturated output, whose gradient is 0.
 *
 * @throws UserError for a corpus, encoder, attention or metric that the paper does not have
 */
export function published(query: PublishedQuery): PublishedNumber {
  checkQuery(query);
  const paper = lookUp(paperNumbers(), query);
  const rerun = lookUp(rerunNumbers(), query);
  return { paper: paper.value, paperMissing: paper.missing, rerun: rerun.value, rerunMissing: rerun.missing };
}

/** Whether the paper reports results for a corpus of this name. */
export function isPaperCorpus(corpus: string): corpus is PublishedQuery["corpus"] {
  return (paperCorpora as readonly string[]).includes(corpus);
}

/** The classes that Table 2 has for a corpus: the predicted classes, or "overall" for question answering. */
export function tableClasses(corpus: PublishedQuery["corpus"]): (number | "overall")[] {
  const classes = { snli: [0, 1, 2], cnn: ["overall"], babi1: ["overall"], babi2: ["overall"], babi3: ["overall"] };
  return (classes as { [corpus: string]: (number | "overall")[] })[corpus] ?? [0, 1];
}

function checkQuery({ corpus, encoder, attention, metric }: PublishedQuery): void {
  const names: [kind: string, received: string, valid: readonly string[]][] = [
    ["corpus of the paper", corpus, paperCorpora],
    ["encoder of the paper", encoder, paperEncoders],
    ["attention of the paper", attention, paperAttentions],
    ["published metric", metric, publishedMetrics],
  ];
  for (const [kind, received, valid] of names) if (!valid.includes(received)) throw unknownName(kind, received, valid);
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

function lookUp(numbers: Numbers, query: PublishedQuery): { value: number | undefined; missing: Missing | "" } {
  const line = numbers.get(`${query.corpus} ${query.encoder} ${query.attention} ${query.class}`);
  const text = line?.[query.metric] ?? "";
  if (text === "") return { value: undefined, missing: "not published" };
  if (text === "nan") return { value: undefined, missing: "NaN in the published file" };
  return { value: Number(text), missing: "" };
}
