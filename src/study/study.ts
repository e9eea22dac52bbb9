import type { MeasuredText } from "../analysis/measure";
import { UserError } from "../errors";
import { isSolved } from "../stats/classification";
import type { Column } from "./columns";
import type { ModelConfig } from "./config";
import { type Manifest, readManifest, readParts, type StoredPart, type StudyAbout } from "./files";
import type { StudyIdentity } from "./identity";
import type { Cell, Cells } from "./parquet";
import type { Part } from "./parts";
import type { StudyRow } from "./row";

/** A configuration (a corpus, a model, a seed) with a row for each text that was analysed. */
export interface Study<Row extends object = StudyRow>
  extends Pick<Manifest, "name" | "about" | "scores" | "otherRuns">,
    Pick<StudyIdentity, "options" | "profile">,
    Pick<ModelConfig, "encoder" | "attention" | "seed">,
    Pick<StudyAbout["corpus"], "title" | "task" | "classNames"> {
  folder: string;
  corpus: string;
  config: ModelConfig;
  /** Whether the model does its task: from a third of the way between chance and no error on. */
  solved: boolean;
  /** How it came to be there. */
  source: "computed" | "read back" | "released";
  /** Wall-clock seconds of the training and of each part. */
  seconds: Record<string, number>;
  /** What was computed anew, as it has no version and so is not kept between runs. */
  unkept: string[];
  /** What its rows hold, in order. */
  columns: Column[];
  rows: Row[];
  /** What is kept for each word of the texts, in the order of the rows; read when it is asked for. */
  texts(): Promise<(StudiedText | undefined)[]>;
}

/** A text of a study with what is kept for each of its words. */
export interface StudiedText extends MeasuredText {
  id: string;
  /** Other attentions that interventions show, by the intervention's name. */
  attentions: Readonly<Record<string, readonly number[]>>;
}

/** What a study is made from: its manifest, the parts that are wanted, and the cells that are in memory. */
interface Made {
  folder: string;
  manifest: Manifest;
  source: Study["source"];
  columns: readonly Column[];
  parts: readonly Pick<Part, "kind" | "name" | "key">[];
  /** Of the parts that are stored; with or without lists. */
  stored: readonly StoredPart[];
  /** Cells that are at hand already, by column. */
  cells: Cells;
}

/** All that is kept of a study; of two parts with the same columns the earlier one. @throws UserError for none, or a damaged one */
export async function readStudy(folder: string): Promise<Study> {
  const manifest = await readManifest(folder);
  if (manifest === undefined) throw new UserError(`A study is read from ${folder}, but there is none; run it first.`);
  const stored = manifest.parts.filter(({ columns }, place, all) => {
    const earlier = all.slice(0, place);
    return Object.keys(columns).every((name) => !earlier.some((part) => name in part.columns));
  });
  const cells = await readParts(folder, manifest, stored, { lists: false });
  const { columns } = manifest;
  return toStudy({ folder, manifest, source: "read back", columns, parts: stored, stored, cells });
}

/** A study as the notebooks and the report have it. */
export function toStudy({ folder, manifest, source, columns: all, parts, stored, cells }: Made): Study {
  const { name, identity, about, scores } = manifest;
  const { config, corpus } = identity.model;
  const { title, task, classNames } = about.corpus;
  const columns = all.filter((column) => column.name in cells);
  let texts: ReturnType<Study["texts"]> | undefined;
  const readTexts = async () =>
    textsOf({ ...(await readParts(folder, manifest, stored, { lists: true })), ...cells }, parts);
  const seconds = Object.fromEntries(manifest.parts.map((part) => [part.name, part.seconds]));
  return {
    name,
    folder,
    corpus,
    title,
    task,
    classNames,
    encoder: config.encoder,
    attention: config.attention,
    seed: config.seed,
    config,
    options: identity.options,
    profile: identity.profile,
    scores,
    solved: isSolved(scores),
    otherRuns: manifest.otherRuns,
    source,
    about,
    seconds: { training: about.log.reduce((sum, epoch) => sum + epoch.seconds, 0), ...seconds },
    unkept: parts.flatMap(({ kind, name, key }) => (key === undefined && kind !== "agreement" ? [name] : [])),
    columns,
    rows: rowsOf(columns, cells),
    texts: () => {
      texts ??= readTexts();
      return texts;
    },
  };
}

function rowsOf(columns: readonly Column[], cells: Cells): StudyRow[] {
  // Copies of an object that JSON has read share its shape: objects of so many columns take five times the memory else.
  const empty: Record<string, Cell> = JSON.parse(
    JSON.stringify(Object.fromEntries(columns.map(({ name }) => [name, null]))),
  );
  const rows = cells.id!.map(() => ({ ...empty }));
  for (const { name } of columns) {
    const column = cells[name]!;
    for (let index = 0; index < rows.length; index++) rows[index]![name] = column[index];
  }
  return rows as unknown as StudyRow[];
}

function textsOf(cells: Cells, parts: Made["parts"]): (StudiedText | undefined)[] {
  const of = (kind: Part["kind"]) => parts.filter((part) => part.kind === kind);
  const [importances, interventions] = [of("importance"), of("intervention")];
  return cells.id!.map((id, index) => {
    const text = textAt(cells, index, importances);
    const attentions = listsAt(cells, index, interventions, "Attention");
    return text && { id: id as string, ...text, attentions };
  });
}

/** What is kept of a text; undefined where its weights are not. @param importances those that the study has */
export function textAt(
  cells: Cells,
  index: number,
  importances: readonly { name: string }[],
): MeasuredText | undefined {
  const cell = <T extends Cell>(column: string) => cells[column]?.[index] as T;
  const attention = cell<readonly number[] | undefined>("attention");
  if (attention === undefined) return undefined;
  return {
    words: cell<readonly string[] | undefined>("tokens"),
    question: cell<readonly string[] | undefined>("question"),
    predicted: cell<string>("predicted"),
    label: cell<string>("label"),
    probability: cell<number>("probability"),
    attention,
    contributions: cell<readonly number[] | undefined>("contribution"),
    importances: listsAt(cells, index, importances),
  };
}

/** The lists of a text in the columns of these names, with an ending; without those that it has none of. */
function listsAt(cells: Cells, index: number, whose: readonly { name: string }[], ending = "") {
  const lists = whose.map(({ name }) => [name, cells[`${name}${ending}`]?.[index] as readonly number[] | undefined]);
  return Object.fromEntries(lists.filter(([, values]) => values !== undefined)) as Record<string, readonly number[]>;
}
