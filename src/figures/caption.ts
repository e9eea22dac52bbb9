import { groupBy } from "../stats/summary";

/** A sentence under a figure: whole, or what it says of one facet. */
export type Sentence =
  | string
  | {
      /** What it is about, before the colon. */
      of: string;
      /** Empty where there is nothing to say. */
      said: string;
      /** The sentence where no facet has anything to say. */
      none?: string;
    };

/** Facets whose sentences are about the same things, in the same order; a name is empty where there is one facet. */
type Said = readonly { name: string; sentences: readonly Sentence[] }[];

/** The sentences of all facets as one caption: what holds for every facet is said once. */
export function captionOf(facets: Said): string[] {
  return facets[0]!.sentences.flatMap((first, index) => {
    const sentences = facets.map(({ name, sentences }) => ({ name, sentence: sentences[index]! }));
    const whole = sentences.flatMap(({ sentence }) => (typeof sentence === "string" ? sentence : []));
    const parts = sentences.flatMap(({ name, sentence }) =>
      typeof sentence !== "string" && sentence.said ? { name, ...sentence } : [],
    );
    if (typeof first !== "string" && parts.length === 0) return first.none ?? [];
    const merged = [...groupBy(parts, ({ of }) => of)].map(([of, same]) => `${of}: ${merge(same, facets.length)}.`);
    return [...new Set(whole), ...merged].filter(Boolean);
  });
}

function merge(parts: readonly { name: string; said: string }[], facets: number): string {
  const isOfAll = parts.length === facets && new Set(parts.map(({ said }) => said)).size === 1;
  if (isOfAll) return parts[0]!.said;
  return parts.map(({ name, said }) => `${name} ${said.replaceAll("; ", ", ")}`).join("; ");
}
