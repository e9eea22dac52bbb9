import { agreementOf, sideOf } from "../analysis/agreement";
import { kendall } from "../analysis/statistics/kendall";
import { jensenShannon } from "../stats/divergence";
import { groupBy } from "../stats/groupBy";
import type { Column } from "./columns";
import type { StudyRow } from "./row";
import type { StudiedText, Study } from "./study";

// What a text has with the attention, the importance or the output of another training run of the same model, in columns
// that end with the other run's seed: they need the weights per word of both, of which few come with released rows.

type Numbers = Record<string, number | undefined>;

const meanings = {
  tauGradient: "Kendall's τ-b of this run's gradient with another run's attention.",
  tauLeaveOneOut: "Kendall's τ-b of this run's leave-one-out with another run's attention.",
  tauGradientLeaveOneOut: "Kendall's τ-b of this run's leave-one-out with another run's gradient.",
  attentionJsd: "Jensen-Shannon divergence of the attention of two runs, in nats.",
  outputTvd: "Total variation between the outputs of two runs; classification only.",
} as const;
type Measure = keyof typeof meanings;
const measures = Object.keys(meanings) as Measure[];

function columnName(measure: Measure, seed: number): string {
  return `${measure}OfRun${seed}`;
}

/** The columns that name another run. */
export function otherRunColumns(seeds: readonly number[]): Column[] {
  return seeds.flatMap((seed) =>
    measures.map((measure): Column => {
      const title = `${measure} with the run of seed ${seed}`;
      return { kind: "number", name: columnName(measure, seed), symbol: title, title, meaning: meanings[measure] };
    }),
  );
}

/**
 * What each text of a study has with the other runs of its model, in the order of the rows; columns of all seeds, empty for
 * its own.
 *
 * @param studies all runs of one model, on the same texts
 */
export async function withOtherRuns(studies: readonly Study[], own: Study): Promise<Numbers[]> {
  const texts = await textsById(own);
  const numbers = own.rows.map((): Numbers => ({}));
  for (const other of studies) {
    const others = await textsById(other);
    for (const [place, { id }] of own.rows.entries()) {
      const [text, beside] = [texts.get(id), others.get(id)];
      const found = other === own || !text || !beside ? {} : compare(own, text, beside);
      for (const measure of measures) numbers[place]![columnName(measure, other.seed)] = found[measure];
    }
  }
  return numbers;
}

async function textsById(study: Study): Promise<Map<string, StudiedText>> {
  return new Map((await study.texts()).flatMap((text) => (text ? [[text.id, text]] : [])));
}

function compare({ task, classNames }: Study, text: StudiedText, other: StudiedText): Partial<Record<Measure, number>> {
  const { gradient, leaveOneOut } = text.importances;
  const tau = (
    first: readonly number[] | undefined,
    second: readonly number[] | undefined,
    whose: "attention" | object,
  ) => (first && second ? agreementOf(kendall, sideOf(whose, first), sideOf({}, second)).value : undefined);
  const probability = (of: StudiedText) => (of.predicted === classNames[1] ? of.probability : 1 - of.probability);
  return {
    tauGradient: tau(other.attention, gradient, "attention"),
    tauLeaveOneOut: tau(other.attention, leaveOneOut, "attention"),
    tauGradientLeaveOneOut: tau(other.importances.gradient, leaveOneOut, {}),
    attentionJsd: jensenShannon(text.attention, other.attention),
    ...(task === "classification" && { outputTvd: Math.abs(probability(text) - probability(other)) }),
  };
}

/** Studies of which two or more are runs of one model have what their texts have with one another in their rows. */
export async function besideOtherRuns(studies: readonly Study[]): Promise<Study[]> {
  const groups = groupBy(studies, ({ corpus, config, rows }) =>
    JSON.stringify([corpus, { ...config, seed: 0 }, rows.length]),
  );
  return Promise.all(
    studies.map(async (study) => {
      const runs = [...groups.values()].find((group) => group.includes(study))!;
      if (runs.length < 2) return study;
      const numbers = await withOtherRuns(runs, study);
      const rows = study.rows.map((row, place) => ({ ...row, ...numbers[place] }) as StudyRow);
      return { ...study, rows };
    }),
  );
}
