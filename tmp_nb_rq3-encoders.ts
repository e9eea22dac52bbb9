import {
  besidePaper, claims, controlsOf, dots, environment, figure5, frame, means, openNotebook,
  published, study,
} from "./src/lab";
import { renderFigure as __r } from "./src/notebook/render";
import { toShown as __t } from "./src/notebook/show";
import { writeFileSync as __w, mkdirSync as __m } from "node:fs";

(async () => {
  const __o = "/tmp/png15/rq3-encoders"; __m(__o, { recursive: true });
  let __n = 0;
  const __show = async (thing: any, name?: string, options?: any) => {
    __n += 1;
    const id = `${String(__n).padStart(2, "0")}-${name ?? ""}`;
    const shown = await __t(thing, options);
    for (const [k, o] of shown.outputs.entries()) {
      const data = (o as any).data;
      if (data["image/png"]) __w(`${__o}/${id}-${k}.png`, Buffer.from(data["image/png"], "base64"));
      if (data["text/html"]) __w(`${__o}/${id}-${k}.html`, data["text/html"]);
      console.log("##", id, k, Object.keys(data).join(), "\n" + String(data["text/plain"]).slice(0, 6000));
    }
  };
const released = ["sst", "imdb", "agnews", "babi1", "snli"];
const corpora = { quick: ["reviews"], released, paper: ["sst"] };
const encoder = ["average", "cnn", "bilstm"] as const;
const attention = ["additive", "dot"] as const;
const { profile, corpus } = openNotebook("rq3", "released", corpora);
const seed = profile === "quick" ? [0, 1, 2] : [0, 1, 2, 3, 4];
const runs = await study(profile, { corpus, encoder, attention, seed });
const controls = await controlsOf(profile, { corpus, seed });
const first = runs.where({ corpus: corpus[0] }); // the corpus that has every model
await __show(runs, undefined, { folded: "What was run" });
const judged = claims("rq3", runs, controls);
await __show(judged);
const measures = [
  "tauGradient", "tauGradientNull", "tauLeaveOneOut", "tauLeaveOneOutNull",
  "permutationTvd", "auc",
] as const;
await __show(dots(means(measures, first), {
  x: "mean", y: "encoder", by: "attention", facet: "measure", columns: 2,
  beside: published(measures, first),
}), "encoders");
const gaps = figure5(runs.solved(controls), ["tauLeaveOneOut", "tauLeaveOneOutNull"]);
if (gaps.rows.length > 0) await __show(dots(gaps.rows, {
  x: "mean", y: "corpus", by: "attention", facet: "measure", beside: gaps.published,
  band: gaps.seeds, bandName: "what two seeds of one encoder differ by",
  xTitle: "mean over the average encoder less that over the BiLSTM",
}), "figure5");
const texts = await frame(first.rows);
const bySeed = texts.groupby(["encoder", "attention", "seed"]);
await __show(bySeed.col(["tauGradient", "tauLeaveOneOut", "permutationTvd"]).mean(), "by-seed");
await __show(judged.inFull, "claims");
await __show(besidePaper(first, ["tauGradient", "tauLeaveOneOut"]), "published");



  process.exit(0);
})();
