import { curve } from "../../figures/curve";
import { escapeText } from "../../figures/figure";
import type { StudyContents } from "../contents";
import { fileOf, type StudyView } from "./context";
import { button, element } from "./dom";
import { download, downloadCsv } from "./download";
import { figureBlock } from "./figureBlock";
import { tableBlock } from "./tableBlock";

/** What was run, on which texts, with which software, and how well the model does its task. */
export const studyView: StudyView = (study, { ground }) => {
  const { entry, contents, rows } = study;
  const { about, identity } = contents;
  const settings = () => `${JSON.stringify({ name: entry.name, identity, about }, undefined, 2)}\n`;
  const axes = { x: "epoch", y: "devScore", yTitle: "score on the dev split" } as const;
  return element("div", {}, [
    element("p", { class: "question" }, [
      "What these numbers come from: the model, its training, the texts, the software.",
    ]),
    element("p", { class: "downloads" }, [
      button("All rows (CSV)", () => downloadCsv(fileOf(study, "texts"), rows), {
        title: "A row per text: agreements with all digits, other numbers with five",
      }),
      button("Settings and versions (JSON)", () =>
        download(`${fileOf(study, "settings")}.json`, settings(), "application/json"),
      ),
    ]),
    tableBlock({
      title: "Test scores",
      about:
        "Whether the task is solved at all comes before its explanation. The authors' scores are those of their run of 2019-04-24, which chose the model on a dev split.",
      ...{ name: fileOf(study, "scores"), table: { ...contents.scores, digits: 3 } },
    }),
    element("div", { class: "figures" }, [
      figureBlock({
        title: "Training",
        about:
          "The score on the dev split after each epoch (AUC in classification, else accuracy); the best one after the first is kept.",
        name: fileOf(study, "training"),
        draw: () => curve(about.log, { ...axes, title: escapeText(entry.name), background: ground }),
      }),
      facts("Texts", textFacts(contents)),
      facts("Model", Object.entries({ ...identity.model.config, profile: identity.profile, ...identity.options })),
      facts("Software and time", softwareFacts(contents)),
    ]),
  ]);
};

type Facts = [name: string, value: unknown][];

function facts(title: string, entries: Facts): HTMLElement {
  const lines = entries.flatMap(([name, value]) => [
    element("dt", {}, [name]),
    element("dd", {}, [value instanceof Node ? value : String(value)]),
  ]);
  return element("section", { class: "facts" }, [element("h3", {}, [title]), element("dl", {}, lines)]);
}

function textFacts({ about: { corpus }, identity, files }: StudyContents): Facts {
  const notes = corpus.notes.map((note) => element("li", {}, [note]));
  const { train, dev, test, vocabulary } = corpus;
  return [
    ["Corpus", `${corpus.title} (${identity.model.corpus}), ${corpus.task}`],
    ["Sizes", `${train} training, ${dev} dev and ${test} test texts, ${vocabulary} words`],
    ["Origin", corpus.origin],
    ["Licence", corpus.licence],
    ["To cite", corpus.citation],
    ...(notes.length > 0 ? [["Notes", element("ul", {}, notes)] as Facts[number]] : []),
    ["SHA-256 of the analysed texts", element("code", {}, [identity.texts])],
    ...files.map(({ url, sha256 }): Facts[number] => [
      "File of the corpus",
      element("span", {}, [url, ", SHA-256 ", element("code", {}, [sha256 ?? "not published"])]),
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
