/**
 * Gives equal words one string in memory: a corpus of hundreds of millions of words then needs a reference a word.
 *
 * A word that is new is copied, since a piece of a text would keep the whole text in memory.
 */
export function createSharedWords(): (word: string) => string {
  const known = new Map<string, string>();
  return (word) => {
    const shared = known.get(word) ?? Buffer.from(word).toString();
    if (!known.has(shared)) known.set(shared, shared);
    return shared;
  };
}
