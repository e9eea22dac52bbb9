import { resolve } from "node:path";
import { findCorpus } from "../../data/catalog";
import { UserError } from "../../errors";
import { createRandom } from "../../stats/random";
import { findStudies, readManifest } from "../../study/files";
import type { StudyJob } from "../../study/makeStudy";
import { readStudy, type Study } from "../../study/study";

/** The most that a number may differ by, of itself where it is above 1, and be the same: released ones have five digits. */
const rounding = 1e-5;

/** The jobs that make some of the studies below a folder again: drawn by lot with a fixed seed, of corpora that are at hand. */
export async function jobsAgain(folder: string, count: number, out: string): Promise<StudyJob[]> {
  const manifests = await Promise.all((await findStudies(folder)).map(readManifest));
  const jobs = manifests.flatMap((manifest): StudyJob[] => {
    const { profile, options, model } = manifest!.identity;
    const { encoder, attention, seed } = model.config;
    if (profile === "given" || findCorpus(model.corpus).state().kind !== "ready") return [];
    return [{ corpus: model.corpus, profile, options: { ...options, encoder, attention, seed }, analysis: {}, out }];
  });
  if (jobs.length > 0) return createRandom("verify").shuffle(jobs).slice(0, count);
  throw new UserError(
    `Studies below ${resolve(folder)} were to be made again, but there is none whose corpus is at hand; npm run corpora tells which corpora are.`,
  );
}

/** How far the numbers of each study that was made again are from those that stand. */
export async function compareAgain(folder: string, out: string): Promise<ReturnType<typeof differencesOf>[]> {
  const read = async (root: string) => Promise.all((await findStudies(root)).map(readStudy));
  const [standing, again] = [await read(folder), await read(out)];
  return again.flatMap((study) => {
    const other = standing.find(({ name, profile }) => name === study.name && profile === study.profile);
    return other ? [differencesOf(other, study)] : [];
  });
}

/** Whether two studies have the same texts, decisions and numbers, and which column's numbers are furthest apart. */
export function differencesOf(standing: Study, again: Study): { isSame: boolean; text: string } {
  const rows = new Map(again.rows.map((row) => [row.id, row]));
  const pairs = standing.rows.flatMap((row) => {
    const other = rows.get(row.id);
    return other ? [[row, other] as Record<string, unknown>[]] : [];
  });
  const decisions = pairs.filter(([row, other]) => row!.predicted !== other!.predicted).length;
  const numbers = again.columns.filter(({ kind }) => kind === "number");
  const gaps = numbers.flatMap(({ name }) =>
    pairs
      .map((pair) => pair.map((cells) => Number(cells[name])) as [number, number])
      .map(([one, two]) => ({ name, gap: Math.abs(one - two) / Math.max(1, Math.abs(one)) }))
      .filter(({ gap }) => !Number.isNaN(gap)),
  );
  const widest = gaps.reduce((best, one) => (one.gap > best.gap ? one : best), { name: "", gap: 0 });
  const isSame = pairs.length === standing.rows.length && decisions === 0 && widest.gap <= rounding;
  const apart = gaps.filter(({ gap }) => gap > rounding).length;
  const far =
    widest.name &&
    `; ${apart} of ${gaps.length} numbers apart, furthest ${widest.name}, by ${widest.gap.toPrecision(2)}`;
  const accuracies = [standing, again].map(({ scores }) => scores.accuracy.toFixed(3)).join(" and now ");
  const text = `${isSame ? "same   " : "differs"} ${standing.name}: ${pairs.length} of ${standing.rows.length} texts, ${decisions} decided otherwise${far}; accuracy ${accuracies}`;
  return { isSame, text };
}
