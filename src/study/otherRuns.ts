import { agreementOf, kendall } from "../analysis/statistic";
import { isBinary } from "../data/dataset";
import { jensenShannon } from "../stats/divergence";
import { groupBy, mean } from "../stats/summary";
import { type Column, columnOf } from "./columns";
import type { StudyRow } from "./row";
import type { StudiedText, Study } from "./study";

// What a text has with the attention, the importance or the output of the other training runs of its model: it needs the
// weights per word of all, of which few come with released rows.

/** The symbol of each measure, and what it is of, with the model's other runs. */
const told = {
  tauGradient: ["τ_g", "Kendall's τ-b of this run's gradient with the attention"],
  tauLeaveOneOut: ["τ_loo", "Kendall's τ-b of this run's leave-one-out with the attention"],
  tauGradientLeaveOneOut: ["τ_g,loo", "Kendall's τ-b of this run's leave-one-out with the gradient"],
  attentionJsd: ["JSD of the attention", "Jensen-Shannon divergence, in nats, to the attention"],
  outputTvd: ["Δŷ", "Total variation, of two classes only, to the output"],
} as const;
type Measure = keyof typeof told;
type Measured = Partial<Record<Measure, number>>;
const measures = Object.keys(told) as Measure[];
const columnName = (measure: Measure) => `${measure}OfOtherRuns` as const;

/** The columns that compare a text with other runs. */
export const otherRunColumns: readonly Column[] = measures.map((measure) => {
  const symbol = `${told[measure][0]} with other runs`;
  const meaning = `${told[measure][1]} of the model's other runs, their mean.`;
  return columnOf("number", columnName(measure), symbol, symbol, meaning);
});

/** The mean over texts of each measure, by the other run's seed. */
export type OtherRuns = Record<number, Measured>;

/** What the texts of a study have with the other runs of its model: per text, in the order of the rows, and per run the means. */
export async function withOtherRuns(runs: readonly Study[], own: Study) {
  const texts = await textsById(own);
  const ofRun = async (other: Study) => {
    const others = await textsById(other);
    return own.rows.map(({ id }): Measured => {
      const [text, beside] = [texts.get(id), others.get(id)];
      return text && beside ? compare(own, text, beside) : {};
    });
  };
  const others = runs.filter((run) => run !== own);
  const found = await Promise.all(others.map(ofRun));
  const otherRuns: OtherRuns = Object.fromEntries(others.map(({ seed }, run) => [seed, meansOf(found[run]!)]));
  const rows = own.rows.map((_, place) => {
    const means = meansOf(found.map((ofTexts) => ofTexts[place]!));
    return Object.fromEntries(measures.map((measure) => [columnName(measure), means[measure]]));
  });
  return { rows, otherRuns };
}

function meansOf(all: readonly Measured[]): Measured {
  const means = measures.map((measure) => {
    const values = all.flatMap((one) => one[measure] ?? []);
    return [measure, values.length > 0 ? mean(values) : undefined];
  });
  return Object.fromEntries(means);
}

async function textsById(study: Study): Promise<Map<string, StudiedText>> {
  return new Map((await study.texts()).flatMap((text) => (text ? [[text.id, text]] : [])));
}

function compare(study: Study, text: StudiedText, other: StudiedText): Measured {
  const { gradient, leaveOneOut } = text.importances;
  const tau = (first?: readonly number[], second?: readonly number[]) =>
    first && second ? agreementOf(kendall, { of: {}, values: first }, { of: {}, values: second }).value : undefined;
  const probability = (of: StudiedText) => (of.predicted === study.classNames[1] ? of.probability : 1 - of.probability);
  return {
    tauGradient: tau(other.attention, gradient),
    tauLeaveOneOut: tau(other.attention, leaveOneOut),
    tauGradientLeaveOneOut: tau(other.importances.gradient, leaveOneOut),
    attentionJsd: jensenShannon(text.attention, other.attention),
    ...(isBinary(study) && { outputTvd: Math.abs(probability(text) - probability(other)) }),
  };
}

/** By the folders of a study and of the runs of its model, which stand for all that is in them. */
const known = new Map<string, ReturnType<typeof withOtherRuns>>();

/** Studies of which two or more are runs of one model have what their texts have with one another in their rows. */
export async function besideOtherRuns(studies: readonly Study[]): Promise<Study[]> {
  const models = runsByModel(studies);
  return Promise.all(
    studies.map(async (study) => {
      const runs = models.find((group) => group.includes(study))!;
      if (runs.length < 2) return study;
      const key = JSON.stringify([study, ...runs].map(({ folder }) => folder));
      if (!known.has(key)) known.set(key, withOtherRuns(runs, study));
      const { rows, otherRuns } = await known.get(key)!;
      return { ...study, otherRuns, rows: study.rows.map((row, place) => ({ ...row, ...rows[place] }) as StudyRow) };
    }),
  );
}

/** Studies that differ in the seed alone, together. */
export function runsByModel(studies: readonly Study[]): Study[][] {
  const ofModel = ({ corpus, config, rows }: Study) => JSON.stringify([corpus, { ...config, seed: 0 }, rows.length]);
  return [...groupBy(studies, ofModel).values()];
}
