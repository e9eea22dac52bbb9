// Writes REPLICATION.md, and what was found into README.md, from the released rows:
// node --import tsx data/study/make_replication.ts
// A test compares the files with what this makes, so that every number in them is that of the rows.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { heaviestWords, tauGradientHeaviest, tauLeaveOneOutHeaviest } from "../../src/analysis/measures/heaviestWords";
import { wholeName } from "../../src/data/corpora/questionOnly";
import type { Question } from "../../src/paper/claims/claim";
import { claims, inMarkdown } from "../../src/paper/claims/claims";
import { derivedColumns } from "../../src/paper/derivedColumns";
import { decimal, percent } from "../../src/paper/numberWords";
import { paperCorpora } from "../../src/paper/published";
import { overview, table1 } from "../../src/paper/scores";
import { modelsOf, type StudiesOf } from "../../src/paper/studies";
import { numberIn } from "../../src/paper/texts";
import { projectFolder } from "../../src/paths";
import { mean } from "../../src/stats/summary";
import { columnsOf, resolveAnalysis } from "../../src/study/analysis";
import { defineColumns } from "../../src/study/columns";
import { findStudies } from "../../src/study/files";
import { releasedFolder } from "../../src/paths";
import { readStudy, type Study } from "../../src/study/study";

const questions: Record<Question, string> = {
  rq1: "Does attention agree with the importance of words?",
  rq2: "Do other attention weights change the prediction?",
  rq3: "Does the encoder decide?",
  rq4: "Is attention more reliable with a question, or in a long text?",
};

const heaviest = [heaviestWords, tauGradientHeaviest, tauLeaveOneOutHeaviest];

/** Of what is known of a model. */
const scored = {
  ...{ corpus: "corpus", encoder: "encoder", attention: "attention", weights: "weights", runs: "runs", chance: "chance" },
  ...{ accuracy: "accuracy", theirAccuracy: "authors' accuracy", solved: "solved" },
};

/** What README.md says of, in this order: the sentence of the corpus with the most runs. */
const told = ["agreement", "adversary-specific", "simple-encoder-above-null"];

/** Both pages in full, by their paths. */
export async function pages(): Promise<Record<string, string>> {
  defineColumns([...columnsOf(resolveAnalysis()), ...derivedColumns]);
  const studies = await Promise.all((await findStudies(releasedFolder)).map(async (folder) => withHeaviest(await readStudy(folder))));
  const place = ({ corpus }: Study) => paperCorpora.indexOf(wholeName(corpus));
  const configurations = studies.sort((a, b) => place(a) - place(b));
  const judged = Object.entries(questions).map(([question, title]) => {
    return { title, table: claims(question as Question, { configurations }) };
  });
  const rows = judged.flatMap(({ table }) => table.inFull.rows);
  const lines = told.map((claim) => {
    const own = rows.filter((row) => row.claim === claim).sort((a, b) => b.runs - a.runs);
    return `- ${inMarkdown(own[0]!.sentence)}`;
  });
  const readme = join(projectFolder, "README.md");
  const between = /(?<=<!-- found -->\n)[^]*(?=<!-- end -->)/;
  return {
    [join(projectFolder, "REPLICATION.md")]: page({ configurations }, judged),
    [readme]: readFileSync(readme, "utf8").replace(between, () => `${lines.join("\n")}\n`),
  };
}

/** With what follows from the weights that come with the rows and was not kept with them. */
async function withHeaviest(study: Study): Promise<Study> {
  if (study.seed !== 0 || study.config.attentionWeights !== "softmax") return study;
  const texts = await study.texts();
  const rows = study.rows.map((row, index) => {
    const text = texts[index];
    return text ? { ...row, ...Object.fromEntries(heaviest.map(({ name, of }) => [name, of(text)])) } : row;
  });
  return { ...study, rows: rows as Study["rows"] };
}

function page(
  runs: { configurations: readonly Study[] },
  judged: readonly { title: string; table: ReturnType<typeof claims> }[],
): string {
  const whole = { configurations: runs.configurations.filter(({ corpus }) => wholeName(corpus) === corpus) };
  return `${[
    "# What came out, and what it bears",
    "A replication of Jain & Wallace, *Attention is not Explanation* (NAACL 2019), from the rows in [`data/study`](data/README.md#study-released-rows). `node --import tsx data/study/make_replication.ts` writes this page; a test compares it with the rows.",
    "## What was run",
    markdownTable(table1(whole)),
    markdownTable({ rows: overview(whole, runs).rows, columns: scored }),
    "Word vectors are GloVe 6B with 100 dimensions where the paper has fastText and GloVe 840B with 300, and random ones for bAbI, as in the paper. Of AG News, SNLI and bAbI 3 only a part of the training texts was at hand. The paper counts dev among train where its code drew it from there. A model counts only where its task is solved: a third of the way from chance to no error, with a question beyond models of the question alone, by more than these differ or, of a single one, a third of the way from there. A claim is decided by five training runs or more, and then by the whole interval over runs; what there are fewer of is seen, not decided.",
    "## What agrees and what does not",
    "Rules, effects, controls and published values of each line stand in the notebooks and the report. The claims that name no section are this project's own.",
    labels(judged),
    ...judged.flatMap(({ title, table }) => [`### ${title}`, table.lead, markdownTable(table)]),
    "## What the exact adversary and the controls add",
    whatIsAdded(runs),
    "## What the paper concludes",
    "“Standard attention modules do not provide meaningful explanations” is a judgement, and no number decides it. The lines *agreement*, *yardstick* and *own-run* say how far the weights agree with gradient and leave-one-out, which measure how this model responds to small changes and to single removals; *permute* whether the output hangs on which word has which weight; *performance* whether it helps to learn them; *adversary* and *adversary-specific* whether far weights have the same output, and whether that is so over a BiLSTM alone. Wiegreffe & Pinter (2019) ask whether the model could have learnt such weights, which is not computed here; Jacovi & Goldberg (2020) whether the explanation is faithful or only plausible, which agreement with gradients does not settle; Bastings & Filippova (2020) why one would not take the importances themselves.",
    "## Where this differs from the paper, and its limits",
    limits(runs),
  ].join("\n\n")}\n`;
}

/** What every line of a corpus is to be read with. */
function labels(judged: readonly { table: ReturnType<typeof claims> }[]): string {
  const rows = judged.flatMap(({ table }) => table.inFull.rows).filter(({ label }) => label !== "");
  const byCorpus = new Map(rows.map(({ corpus, label }) => [corpus, label]));
  return `Every line is to be read with these: ${[...byCorpus].map(([corpus, label]) => `on ${corpus} ${label}`).join("; ")}.`;
}

/** Of the corpus and models that have most runs. */
function whatIsAdded(runs: StudiesOf): string {
  const of = (encoder: string, column: string) => {
    const model = modelsOf(runs).find(({ study }) => {
      const { corpus, attention, config } = study;
      return (
        corpus === "sst" && study.encoder === encoder && attention === "additive" && config.attentionWeights === "softmax"
      );
    });
    return mean(model!.studies.flatMap(({ rows }) => rows.flatMap((row) => numberIn(row, column) ?? [])));
  };
  const [exact, search, ceiling] = ["exactJsd01", "searchJsd01", "jsdCeiling"].map((column) => of("bilstm", column));
  const pair = (column: string) => `${decimal(of("average", column))} over the average encoder and ${decimal(of("bilstm", column))} over the BiLSTM`;
  return [
    `- **The exact adversary.** On SST, with a BiLSTM and additive attention, the attention furthest from the model's own that keeps the output within .01 is ${decimal(exact!)} nats away; the paper's search finds ${decimal(search!)}. No attention at all is further than ${decimal(ceiling!)} away on average, so that the level says little: it is ${percent(exact! / ceiling!)} of the largest there is.`,
    `- **The form's null.** Attention is a factor of both importances over an average encoder: its gradient is the weight times what the word says, and leaving the word out removes its weight. So weights that are permuted over the words, and mean nothing, agree with the gradient by ${pair("tauGradientNull")}; the learnt weights by ${pair("tauGradientImposed")}. What figure 5 of the paper shows is in part by construction, and what is left of it above the null has its own line in the table.`,
    `- **One-hot attention.** With all attention on one word, whichever it is, the output of that BiLSTM moves by ${decimal(of("bilstm", "oneHotTvd"))} in the median and by ${decimal(of("bilstm", "oneHotLargestTvd"))} at most; permuting moves it by ${decimal(of("bilstm", "permutationTvd"))}. Where no attention moves the output far, a small change under permutation says nothing about attention.`,
  ].join("\n");
}

function limits({ configurations }: StudiesOf): string {
  const corpora = [...new Set(configurations.map(({ corpus }) => wholeName(corpus)))];
  const absent = paperCorpora.filter((name) => !corpora.includes(name));
  return [
    `- **Corpora that were not at hand** in full or at all: ${absent.join(", ")}. Their readers are tested on files of the same form only.`,
    "- **20 Newsgroups.** The published vocabulary is 6,515 words. The real archive, prepared once by these rules, had 7,015 words before the corpus's own rule for characters that are not of words was known, and 6,917 with it; the rest is unexplained.",
    "- **Gradient** is that of the predicted probability by the word's vector, times the vector, without its sign, the attention held fixed (the paper's Algorithm 1).",
    "- **ε** is .01 for classification in the paper's text and .05 in its code and figures; each has its own search here. Published histograms stand beside the search at .05 only, never beside the exact value.",
    "- **An undefined τ** is counted and left out; in the published tables it makes a mean NaN.",
    "- **Intervals** are over training runs, for another run on other texts; questions of one story and pairs of one premise count as one text. These are told apart by their lengths, which may take two together: the intervals are then too wide.",
    "- **The words that hold 90 % of the weight** are known of at most 200 texts of each model's first run, whose weights come with the rows.",
    "- **Thresholds** that are this project's own (one half for “often”, .05 for “little”, .3 for “little said”) stand in the rule of their line. They were set before the runs, but for the rule for a single model of the question alone: of one run no range is known, and any margin would have counted.",
  ].join("\n");
}

function markdownTable({ rows, columns }: { rows: readonly object[]; columns: Record<string, string> }): string {
  const names = Object.keys(columns);
  const cellsOf = (name: string) => {
    const cells = rows.map((row) => (row as Record<string, unknown>)[name]);
    const isWhole = cells.every((cell) => typeof cell !== "number" || Number.isInteger(cell));
    return cells.map((cell) => (typeof cell === "number" && !isWhole ? decimal(cell, 3) : String(cell ?? "–")));
  };
  const cells = names.map(cellsOf);
  const line = (texts: readonly string[]) => `| ${texts.join(" | ")} |`;
  return [
    line(Object.values(columns)),
    line(names.map(() => "---")),
    ...rows.map((_, index) => line(cells.map((column) => column[index]!))),
  ].join("\n");
}

if (process.argv[1]?.endsWith("make_replication.ts")) {
  pages().then((all) => {
    for (const [path, content] of Object.entries(all)) writeFileSync(path, content);
    console.log(`${Object.keys(all).join(" and ")} are up to date.`);
  });
}
