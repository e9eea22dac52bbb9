import { isBinary } from "../data/dataset";
import { UserError } from "../errors";
import { releasedFolder } from "../paths";
import { type AnalysisOptions, columnsOf, resolveAnalysis } from "./analysis";
import { Chunk } from "./chunk";
import { modelConfig } from "./config";
import { type Combination, nameOf } from "./design";
import { findStudies, type Manifest, readManifest, readParts } from "./files";
import { storedOf } from "./makeStudy";
import { otherRunColumns } from "./otherRuns";
import { type Part, partsOf } from "./parts";
import { type Study, toStudy } from "./study";

/**
 * The released rows of a configuration. With `analysisOptions` what they do not have is computed where it needs no model,
 * for the texts whose weights come with them. @throws UserError if there are none, or with another value of an option
 */
export async function readReleased(combination: Combination, analysisOptions?: AnalysisOptions): Promise<Study> {
  const analysis = resolveAnalysis(analysisOptions);
  const { folder, manifest } = await findReleased(combination);
  const parts = partsOf(analysis, { isLinear: isBinary(manifest.about.corpus), words: true });
  const stored = [...storedOf(manifest, parts), ...manifest.parts.filter(({ kind }) => kind === "other runs")];
  const isMissing = (part: Part) => !stored.some(({ kind, name }) => kind === part.kind && name === part.name);
  const missing = analysisOptions === undefined ? [] : parts.filter(isMissing);
  const cells = await readParts(folder, manifest, stored, { lists: missing.length > 0 });
  const { seed } = manifest.identity.model.config;
  const chunk = new Chunk({ seed, importances: analysis.importances, cells, bias: manifest.bias });
  const made = await chunk.compute(missing);
  return toStudy({
    folder,
    manifest,
    source: "released",
    columns: [...columnsOf(analysis), ...otherRunColumns],
    parts,
    stored,
    cells: { ...cells, ...made.cells },
  });
}

/** They are many, and a design asks for one after the other. */
let manifests: Promise<{ folder: string; manifest: Manifest }[]> | undefined;

async function findReleased({ corpus, options }: Combination): Promise<{ folder: string; manifest: Manifest }> {
  const name = nameOf(corpus);
  manifests ??= findStudies(releasedFolder).then((folders) =>
    Promise.all(folders.map(async (folder) => ({ folder, manifest: (await readManifest(folder))! }))),
  );
  const all = await manifests;
  const ofCorpus = all.filter(({ manifest }) => manifest.identity.model.corpus === name);
  if (ofCorpus.length === 0) {
    const corpora = [...new Set(all.map(({ manifest }) => manifest.identity.model.corpus))];
    throw new UserError(
      `Released rows of ${name} were asked for, but there are only those of ${corpora.join(", ")}; choose one of these, or the profile "quick" or "paper".`,
    );
  }
  const { limit: _, testLimit: __, ...asked } = options;
  const { encoder, attention, attentionWeights, seed } = modelConfig(asked);
  const wanted = { encoder, attention, attentionWeights, seed, ...asked };
  const differing = ({ identity }: Manifest) =>
    Object.entries(wanted).flatMap(([option, value]) => {
      const own = identity.model.config[option as keyof typeof wanted];
      return own === value ? [] : [`${option} ${JSON.stringify(own)}, not ${JSON.stringify(value)}`];
    });
  const [nearest] = ofCorpus
    .map((one) => ({ ...one, told: differing(one.manifest) }))
    .sort((a, b) => a.told.length - b.told.length);
  const { told } = nearest!;
  if (told.length === 0) return nearest!;
  throw new UserError(
    `Released rows of ${name} were asked for as they are not there; the nearest ones have ${told.join(", and ")}; choose these, or the profile "quick" or "paper".`,
  );
}
