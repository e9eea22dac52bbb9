import {
  besidePaper, claims, controlsOf, curve, dots, environment, epsilonTable, exactCurve, histogram,
  means, openNotebook, otherAttentions, scatter, study, tellingTexts, textHeatmap, violin,
} from "./src/lab";
import { renderFigure as __r } from "./src/notebook/render";
import { toShown as __t } from "./src/notebook/show";
import { writeFileSync as __w, mkdirSync as __m } from "node:fs";

(async () => {
  const __o = "/tmp/png15/rq2-counterfactual"; __m(__o, { recursive: true });
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
const released = ["sst", "imdb", "agnews", "babi1", "babi2", "snli"];
const corpora = { quick: ["reviews", "babi1-small", "snli-sample"], released, paper: ["sst"] };
const analysis = {} as const;
const { profile, corpus, seed } = openNotebook("rq2", "released", corpora);
const runs = await study(profile, { corpus, encoder: ["bilstm", "average"], seed }, analysis);
const controls = await controlsOf(profile, { corpus, seed });
const solved = runs.solved(controls); // only models that do their task
await __show(runs, undefined, { folded: "What was run" });
const judged = claims("rq2", runs, controls);
await __show(judged);
const byEncoder = { x: "mean", y: "corpus", by: "encoder", facet: "measure" } as const;
await __show(dots(means(["permutationTvd", "oneHotTvd", "uniformTvd"], solved), byEncoder), "answer");
const bilstm = solved.where({ encoder: "bilstm", seed: 0 }); // one training run
const byClass = { by: "predicted", facet: "corpus" } as const;
await __show(scatter(bilstm.rows, { x: "maxAttention", y: "permutationTvd", ...byClass }), "scatter");
await __show(violin(bilstm.rows, { x: "maxAttention", y: "permutationTvd", ...byClass }), "figure6");
await __show(histogram(bilstm.rows, { x: "searchJsd05", ...byClass, bins: 40 }), "figure7");
await __show(violin(bilstm.rows, { x: "maxAttention", y: "searchJsd05", ...byClass }), "figure8");
const linear = solved.where({ task: "classification" });
const both = { x: "exactJsd01", y: "searchJsd01", ...byClass, diagonal: true } as const;
await __show(scatter(bilstm.where({ task: "classification" }).rows, both), "exact");
const frontier = { x: "epsilon", y: "jsd", by: "encoder", facet: "corpus" } as const;
await __show(curve(exactCurve(linear, "model"), frontier), "curve");
await __show(epsilonTable(runs), "epsilon");
for (const { row, text, words, jsd, title } of await tellingTexts(bilstm, { furthest: 1 })) {
  const own = { label: "model's own", weights: text.attention };
  const other = { label: "adversarial", weights: text.attentions.search, numbers: { JSD: jsd } };
  await __show(textHeatmap(words, [own, other], { title }), `figure1-${row.id}`);
}
const sentence = "The food was cold, but the waiter was friendly and the view is wonderful.";
await __show(await otherAttentions(runs, sentence, 0.01), "one-text");
await __show(judged.inFull, "claims");
await __show(besidePaper(bilstm, ["searchJsd05", "permutationTvd"]), "published");



  process.exit(0);
})();
