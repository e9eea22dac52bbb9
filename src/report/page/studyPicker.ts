import type { StudyEntry } from "../contents";
import { chooser } from "./dom";

/** What tells studies apart, the most telling first. */
const facets: readonly { label: string; hint: string; read: (study: StudyEntry) => string }[] = [
  { label: "Corpus", hint: "The texts", read: ({ corpus }) => corpus },
  {
    label: "Profile",
    hint: "How much was trained: quick is a part of the corpus, paper the paper's protocol",
    read: ({ profile }) => profile,
  },
  {
    label: "Encoder",
    hint: "What turns words into states: bilstm reads the whole text, cnn some neighbours, average the word alone",
    read: ({ encoder }) => encoder,
  },
  {
    label: "Attention",
    hint: "How the weight of a word is computed",
    read: ({ attention, weights }) => (weights === "softmax" ? attention : `${attention}, ${weights}`),
  },
  { label: "Seed", hint: "Training runs that differ in chance alone", read: ({ seed }) => String(seed) },
];

/** One list for each thing that studies differ in. */
export function studyPicker(
  studies: readonly StudyEntry[],
  chosen: StudyEntry,
  onChoose: (study: StudyEntry) => void,
): HTMLElement[] {
  const lists = facets.map(({ label, hint, read }, index) => {
    const values = [...new Set(studies.map(read))];
    const choices = values.map((value) => ({ value, text: value }));
    return chooser(label, choices, read(chosen), (value) => onChoose(nearest(studies, chosen, index, value)), hint);
  });
  const alike = studies.filter((study) => facets.every(({ read }) => read(study) === read(chosen)));
  if (alike.length < 2) return lists;
  const folders = alike.map(({ key }) => ({ value: key, text: key }));
  const choose = (key: string) => onChoose(alike.find((study) => study.key === key)!);
  return [...lists, chooser("Folder", folders, chosen.key, choose, "Studies that differ in other settings")];
}

/** The study with this value that has most else in common with the chosen one; earlier facets count more. */
function nearest(studies: readonly StudyEntry[], chosen: StudyEntry, facet: number, value: string): StudyEntry {
  const closeness = (study: StudyEntry) =>
    facets.reduce((sum, { read }, index) => {
      const isAlike = index !== facet && read(study) === read(chosen);
      return 2 * sum + (isAlike ? 1 : 0);
    }, 0);
  const candidates = studies.filter((study) => facets[facet]!.read(study) === value);
  return candidates.reduce((best, study) => (closeness(study) > closeness(best) ? study : best));
}
