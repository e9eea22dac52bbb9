import { groupBy } from "../../stats/groupBy";
import type { StudyEntry } from "../contents";
import { chooser } from "./dom";

/** The corpora, and the studies of the chosen one by their names; where several have the same, with their folders. */
export function studyPicker(
  studies: readonly StudyEntry[],
  chosen: StudyEntry,
  onChoose: (study: StudyEntry) => void,
): HTMLElement[] {
  const corpora = groupBy(studies, ({ corpus }) => corpus);
  const named = groupBy(studies, ({ name }) => name);
  const label = ({ name, key }: StudyEntry) => (named.get(name)!.length > 1 ? `${name} (${key})` : name);
  const choices = corpora.get(chosen.corpus)!.map((study) => [study.key, label(study)] as const);
  const corpusChoices = [...corpora.keys()].map((corpus) => [corpus, corpus] as const);
  return [
    chooser("Corpus", corpusChoices, chosen.corpus, (corpus) => onChoose(mostAlike(corpora.get(corpus)!, chosen))),
    chooser("Study", choices, chosen.key, (key) => onChoose(studies.find((study) => study.key === key)!)),
  ];
}

/** The study whose name is that of the chosen one but for the corpus, else the first. */
function mostAlike(studies: readonly StudyEntry[], chosen: StudyEntry): StudyEntry {
  const rest = ({ name, corpus, profile }: StudyEntry) => `${profile}${name.slice(corpus.length)}`;
  return studies.find((study) => rest(study) === rest(chosen)) ?? studies[0]!;
}
