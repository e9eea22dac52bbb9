import { curve } from "../../figures/curve";
import type { StudyContents } from "../contents";
import type { OpenStudy, StudyView } from "./context";
import { button, element } from "./dom";
import { download, downloadCsv, fileName } from "./download";
import { figureBlock } from "./figureBlock";
import { tableBlock } from "./tableBlock";

/** What was run, on which texts, with which software, and how well the model does its task. */
export const runView: StudyView = (study, { ground }) => {
  const { entry, contents, rows } = study;
  const { corpus, encoder, attention, seed } = entry;
  const name = (what: string) => fileName(corpus, encoder, attention, `seed${seed}`, what);
  const { log } = contents.about;
  return element("div", {}, [
    element("p", { class: "question" }, [
      "What these numbers come from: the model, its training, the texts, the software.",
    ]),
    element("p", { class: "downloads" }, [
      button("All rows (CSV)", () => downloadCsv(name("instances"), rows), {
        title: "A row per text: correlations with all digits, other numbers with five",
      }),
      button("Settings and versions (JSON)", () =>
        download(`${name("config")}.json`, `${JSON.stringify(contents.about, undefined, 2)}\n`, "application/json"),
      ),
    ]),
    scoresTable(study, name("scores")),
    element("div", { class: "figures" }, [
      figureBlock({
        title: "Training",
        about:
          "The score on the dev split after each epoch (AUC in classification, else accuracy); the best one after the first is kept.",
        name: name("training"),
        rows: log,
        draw: () =>
          curve(log, {
            x: "epoch",
            y: "devScore",
            xTitle: "epoch",
            yTitle: "score on the dev split",
            title: corpus,
            background: ground,
          }),
      }),
      element("section", { class: "facts" }, [element("h3", {}, ["Texts"]), facts(textFacts(contents))]),
      element("section", { class: "facts" }, [element("h3", {}, ["Model and analysis"]), facts(modelFacts(contents))]),
      element("section", { class: "facts" }, [
        element("h3", {}, ["Software and time"]),
        facts(softwareFacts(contents)),
      ]),
    ]),
  ]);
};

function scoresTable({ entry: { scores }, contents: { publishedScores } }: OpenStudy, name: string): HTMLElement {
  const lines = [
    { run: "ours", ...scores },
    ...(publishedScores ? [{ run: "authors' run", texts: undefined, ...publishedScores }] : []),
  ];
  return tableBlock({
    title: "Table 1: test scores",
    about: `Whether the task is solved at all comes before its explanation.${publishedScores ? " The authors' scores are those of their run of 2019-04-24, which chose the model on a dev split." : ""}`,
    name,
    rows: lines,
    digits: 3,
    columns: {
      run: "",
      texts: "texts",
      accuracy: "accuracy",
      f1: "F1 (second class)",
      macroF1: "macro F1",
      auc: "AUC",
    },
  });
}

type Facts = [name: string, value: string | HTMLElement][];

function facts(entries: Facts): HTMLElement {
  const lines = entries.flatMap(([name, value]) => [element("dt", {}, [name]), element("dd", {}, [value])]);
  return element("dl", {}, lines);
}

function textFacts({ about: { corpus, identity }, files }: StudyContents): Facts {
  const list = (items: readonly string[]) =>
    element(
      "ul",
      {},
      items.map((item) => element("li", {}, [item])),
    );
  const { train, dev, test, vocabulary } = corpus;
  return [
    ["Corpus", `${corpus.title} (${identity.corpus}), ${corpus.task}`],
    ["Sizes", `${train} training, ${dev} dev and ${test} test texts, ${vocabulary} words`],
    ["Origin", corpus.origin],
    ["Licence", corpus.licence],
    ["To cite", corpus.citation],
    ...(corpus.notes.length > 0 ? [["Notes", list(corpus.notes)] as Facts[number]] : []),
    ["SHA-256 of the prepared texts", element("code", {}, [identity.examples])],
    ...files.map(({ url, sha256 }): Facts[number] => [
      "File of the corpus",
      element("span", {}, [url, ", SHA-256 ", element("code", {}, [sha256 ?? "not published"])]),
    ]),
  ];
}

function modelFacts({ about: { identity } }: StudyContents): Facts {
  const search = Object.entries(identity.analysis.search ?? {}).map(([name, value]) => `${name} ${value}`);
  return [
    ...Object.entries(identity.config).map(([name, value]): Facts[number] => [name, String(value)]),
    ["profile", identity.profile],
    ["adversarial search", search.join(", ") || "the paper's variant"],
  ];
}

function softwareFacts({ about: { environment, identity }, seconds }: StudyContents): Facts {
  const { node, backend, libtensorflow } = environment;
  return [
    ["Node", node],
    ["Backend", libtensorflow ? `${backend}, libtensorflow ${libtensorflow}` : backend],
    ["Format of the study", String(identity.formatVersion)],
    ...Object.entries(seconds).map(([stage, time]): Facts[number] => [stage, `${time.toFixed(1)} s`]),
  ];
}
