import { html } from "htm/preact";
import { curve } from "../../figures/curve";
import { escapeText } from "../../figures/figure";
import { download, downloadCsv, downloads, tableBlock } from "./blocks";
import { fileOf, type Shown } from "./context";
import { figureBlock } from "./figureBlock";

/** What was run, on which texts, with which software, and how well the model does its task. */
export function StudyView({ study, entry }: Shown) {
  const { contents, rows } = study;
  const { about, identity, files, seconds } = contents;
  const { citation, classNames, ...corpus } = about.corpus;
  const settings = () => `${JSON.stringify({ name: entry.name, identity, about }, undefined, 2)}\n`;
  const saveSettings = () => download(`${fileOf(study, "settings")}.json`, settings(), "application/json");
  const names = contents.columns.map(({ name }) => name);
  const axes = { x: "epoch", y: "devScore", yTitle: "score on the dev split" } as const;
  const sources = files.map(({ url, sha256 }) => `${url}, SHA-256 ${sha256 ?? "not published"}`);
  const times = Object.entries(seconds).map(([stage, time]) => [`time: ${stage}`, `${time.toFixed(1)} s`]);
  return html`
    ${downloads([
      ["All rows (CSV)", () => downloadCsv(fileOf(study, "texts"), rows, names), "Numbers have five digits"],
      ["Settings and versions (JSON)", saveSettings],
    ])}
    ${tableBlock({
      title: "Test scores",
      about:
        "Whether the task is solved at all comes before its explanation. The authors' scores are those of their run of 2019-04-24, which chose the model on a dev split.",
      ...{ name: fileOf(study, "scores"), table: { ...contents.scores, digits: 3 } },
    })}
    <div class="figures">
      ${
        about.log.length > 0 &&
        figureBlock({
          ...{ title: "Training", name: fileOf(study, "training") },
          about:
            "The score on the dev split after each epoch (AUC in classification, else accuracy); the best one after the first is kept.",
          draw: () => curve(about.log, { ...axes, title: escapeText(entry.name) }),
        })
      }
      ${facts("Texts", { ...corpus, "to cite": citation, "SHA-256 of the analysed texts": identity.texts, files: sources })}
      ${facts("Model", { ...identity.model.config, profile: identity.profile, ...identity.options })}
      ${facts("Software and time", { ...about.environment, "format of the study": identity.formatVersion, ...Object.fromEntries(times) })}
    </div>`;
}

/** What each is called and what it is: of a list each, and of nothing nothing. */
function facts(title: string, values: object) {
  const lines = Object.entries(values).flatMap(([name, value]) =>
    [value ?? []].flat().map((one) => html`<dt>${name}</dt><dd>${String(one)}</dd>`),
  );
  return html`<section class="facts"><h3>${title}</h3><dl>${lines}</dl></section>`;
}
