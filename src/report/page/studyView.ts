import { html } from "htm/preact";
import { curve } from "../../figures/curve";
import { escapeText } from "../../figures/figure";
import type { StudyContents } from "../studyContents";
import { downloads, tableBlock } from "./blocks";
import { fileOf, type Shown } from "./context";
import { download, downloadCsv } from "./download";
import { figureBlock } from "./figureBlock";

/** What was run, on which texts, with which software, and how well the model does its task. */
export function StudyView({ study, ground }: Shown) {
  const { entry, contents, rows } = study;
  const { about, identity } = contents;
  const name = (what: string) => fileOf(study, what);
  const settings = () => `${JSON.stringify({ name: entry.name, identity, about }, undefined, 2)}\n`;
  const saveSettings = () => download(`${name("settings")}.json`, settings(), "application/json");
  const hint = "A row per text: agreements with all digits, other numbers with five";
  const axes = { x: "epoch", y: "devScore", yTitle: "score on the dev split" } as const;
  return html`
    <p class="question">What these numbers come from: the model, its training, the texts, the software.</p>
    ${downloads([
      ["All rows (CSV)", () => downloadCsv(name("texts"), rows), hint],
      ["Settings and versions (JSON)", saveSettings],
    ])}
    ${tableBlock({
      title: "Test scores",
      about:
        "Whether the task is solved at all comes before its explanation. The authors' scores are those of their run of 2019-04-24, which chose the model on a dev split.",
      ...{ name: name("scores"), table: { ...contents.scores, digits: 3 } },
    })}
    <div class="figures">
      ${figureBlock({
        title: "Training",
        about:
          "The score on the dev split after each epoch (AUC in classification, else accuracy); the best one after the first is kept.",
        ...{ name: name("training"), ground },
        draw: () => curve(about.log, { ...axes, title: escapeText(entry.name), background: ground }),
      })}
      ${facts("Texts", textFacts(contents))}
      ${facts("Model", Object.entries({ ...identity.model.config, profile: identity.profile, ...identity.options }))}
      ${facts("Software and time", softwareFacts(contents))}
    </div>`;
}

type Facts = [name: string, value: unknown][];

function facts(title: string, entries: Facts) {
  const lines = entries.map(([name, value]) => html`<dt>${name}</dt><dd>${String(value)}</dd>`);
  return html`<section class="facts"><h3>${title}</h3><dl>${lines}</dl></section>`;
}

function textFacts({ about: { corpus }, identity, files }: StudyContents): Facts {
  const { train, dev, test, vocabulary, notes } = corpus;
  return [
    ["Corpus", `${corpus.title} (${identity.model.corpus}), ${corpus.task}`],
    ["Sizes", `${train} training, ${dev} dev and ${test} test texts, ${vocabulary} words`],
    ["Origin", corpus.origin],
    ["Licence", corpus.licence],
    ["To cite", corpus.citation],
    ...notes.map((note): Facts[number] => ["Note", note]),
    ["SHA-256 of the analysed texts", identity.texts],
    ...files.map(({ url, sha256 }): Facts[number] => [
      "File of the corpus",
      `${url}, SHA-256 ${sha256 ?? "not published"}`,
    ]),
  ];
}

function softwareFacts({ about: { environment }, identity, seconds }: StudyContents): Facts {
  const { node, backend, libtensorflow } = environment;
  return [
    ["Node", node],
    ["Backend", libtensorflow ? `${backend}, libtensorflow ${libtensorflow}` : backend],
    ["Format of the study", identity.formatVersion],
    ...Object.entries(seconds)
      .filter(([, time]) => time >= 0.05)
      .map(([stage, time]): Facts[number] => [stage, `${time.toFixed(1)} s`]),
  ];
}
