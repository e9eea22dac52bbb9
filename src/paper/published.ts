import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "csv-parse/sync";
import { corpora } from "../data/catalog";
import { unknownName } from "../errors";
import { projectFolder } from "../paths";
import type { ComparedStudy } from "./studies";

const ofPaper = corpora.filter(({ published }) => published !== undefined);
/** The twelve corpora of the paper, in the order of its Table 1. */
export const paperCorpora = ofPaper.map(({ name }) => name);
export const paperEncoders = ["bilstm", "cnn", "average"] as const;
export const paperAttentions = ["additive", "dot"] as const;

/** The name of a published number: a column of `data/published/published.csv`, whose README says what each is. */
export type PublishedMetric = `${"corr" | "diff" | "emaxjsd" | "eval" | "perm_dy" | "tau"}_${string}`;

type PublishedModel = Pick<ComparedStudy, "corpus" | "encoder" | "attention" | "classNames" | "config">;

/**
 * The predicted class as published (`eval_*`: the true class), or "overall" for all texts. Sentiment: 0 negative, 1
 * positive. snli: 0 contradiction, 1 entailment, 2 neutral. Question answering has "overall" only.
 */
export type PublishedClass = number | "overall";

/** What the published runs are called, beside ours. */
export const sources = { paper: "paper", rerun: "authors' re-run", code: "authors' code here" } as const;

/**
 * What the authors published for a model, a metric and a class; of a model that the paper does not have, nothing.
 *
 * `paper` is the run of 2019-04-02, the paper's Table 2, which selected its models on the test split; `rerun` the authors'
 * own runs of 2019-04-24 to 05-15, after the code selected models on a dev split; no seed was set. `code` is the authors'
 * code run on our texts with our word vectors, the mean of its seeds: the fairest comparison that there is. Their origin is
 * in `data/published/README.md`. `missing` says why there is none: of Table 2 where it has such numbers, else of the
 * re-run; "" where there is one.
 */
export function publishedNumber(model: PublishedModel, metric: PublishedMetric, of: PublishedClass) {
  const { corpus, encoder, attention } = model;
  const why = whyNotPublished(model);
  const [paper = "", rerun = "", code = ""] = Object.keys(sources).map((run) => {
    const line = why === "" ? lineOf(run, corpus, encoder, attention, of) : undefined;
    if (line !== undefined && !(metric in line)) throw unknownName("published number", metric, Object.keys(line));
    return line?.[metric];
  });
  const decisive = metric.startsWith("tau_") ? paper : rerun;
  const untold = decisive === "" ? "not published" : decisive === "nan" ? "NaN in the published file" : "";
  return { paper: numberOf(paper), rerun: numberOf(rerun), code: numberOf(code), missing: why || untold };
}

/** Why nothing is published of a model, or "". */
export function whyNotPublished({ corpus, encoder, attention, classNames, config }: PublishedModel): string {
  const { attentionWeights } = config;
  if (attentionWeights !== "softmax") return `the paper's weights are of a softmax, not ${attentionWeights}`;
  const names = { encoder: paperEncoders, attention: paperAttentions, corpus: paperCorpora };
  for (const [kind, name] of Object.entries({ encoder, attention, corpus }))
    if (!(names[kind as keyof typeof names] as readonly string[]).includes(name))
      return `the paper has no ${kind} "${name}"`;
  const classes = tableClasses(corpus).length;
  if (classes === 1 || classes === classNames.length) return "";
  return `the paper's ${corpus} has ${classes} classes, not ${classNames.length}`;
}

const classesOfTask = { classification: [0, 1], "question answering": ["overall"], inference: [0, 1, 2] } as const;

/** The classes that Table 2 has for a corpus; none where the paper does not have it. */
export function tableClasses(corpus: string): readonly PublishedClass[] {
  const found = ofPaper.find(({ name }) => name === corpus);
  return found ? classesOfTask[found.task] : [];
}

let lines: Map<string, { [column: string]: string }> | undefined;

/** The line of a run in the file with the published numbers, read at the first use; undefined where the run has none. */
function lineOf(...keys: readonly (string | number)[]) {
  if (lines === undefined) {
    const file = readFileSync(join(projectFolder, "data", "published", "published.csv"));
    const all: { [column: string]: string }[] = parse(file, { columns: true });
    lines = new Map(all.map((line) => [Object.values(line).slice(0, keys.length).join(), line]));
  }
  return lines.get(keys.join());
}

function numberOf(text: string): number | undefined {
  return text === "" || text === "nan" ? undefined : Number(text);
}
