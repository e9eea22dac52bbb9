import type { Importance } from "../analysis/importance";
import type { Intervention } from "../analysis/intervention";
import type { Measure } from "../analysis/measure";
import { isSolvedBeside } from "../data/corpora/questionOnly";
import type { Dataset } from "../data/dataset";
import { UserError, unknownName } from "../errors";
import type { AttentionModel } from "../model/model";
import type { AnalysisOptions } from "./analysis";
import type { ModelConfig } from "./config";
import type { AddedColumns, StudyRow } from "./row";
import type { StudiedText, Study } from "./study";

/** What a row knows of its configuration, besides every option in which the configurations differ from their profile. */
export type ConfigurationColumns = {
  /** The name of the configuration. */
  configuration: string;
  corpus: string;
  task: Dataset["task"];
} & Pick<ModelConfig, "encoder" | "attention" | "seed"> &
  Partial<ModelConfig>;

/** A configuration that was asked for and is not there. */
export interface MissingConfiguration {
  name: string;
  reason: string;
}

/** What `runs` needs to compute more, given by who made them. */
export interface Continuation {
  /** The same configurations with something added to their analysis. */
  extend(added: AnalysisOptions): Promise<Runs<StudyRow>>;
  model(study: Pick<Study, "name">): Promise<AttentionModel>;
  tokenize(study: Pick<Study, "name">, sentence: string): string[];
}

/** Studies side by side: what `study` gives back. */
export class Runs<Row extends object = StudyRow> {
  /**
   * @param configurations one for each that is there: scores, solved or not, how it was made, rows
   * @param missing what was asked for and is not there
   * @param asked what is asked of their texts beside the paper's analyses, as in ["reversed", "permutations 500"]
   */
  constructor(
    readonly configurations: readonly Study<Row>[],
    readonly missing: readonly MissingConfiguration[],
    readonly asked: readonly string[],
    private readonly continuation: Continuation,
  ) {}

  /** One row a text and configuration, with the configuration's columns beside the text's own. */
  get rows(): (ConfigurationColumns & Row)[] {
    return this.configurations.flatMap((study) => {
      const columns = this.columnsOf(study);
      return study.rows.map((row) => ({ ...columns, ...row }));
    });
  }

  /** What is said of each configuration in its rows. */
  private columnsOf(study: Study<Row>): ConfigurationColumns {
    const { name: configuration, corpus, task, encoder, attention, seed, config } = study;
    const differing = new Set(this.configurations.flatMap(({ options }) => Object.keys(options)));
    const options = [...differing]
      .filter((name) => name in config)
      .map((name) => [name, config[name as keyof ModelConfig]]);
    return { configuration, corpus, task, encoder, attention, seed, ...Object.fromEntries(options) };
  }

  /**
   * The configurations of which all this is so.
   *
   * @example runs.where({ encoder: "bilstm", seed: [0, 1] })
   * @throws UserError for a column that no configuration has
   */
  where(
    conditions: {
      [column in keyof ConfigurationColumns]?: ConfigurationColumns[column] | readonly ConfigurationColumns[column][];
    },
  ): Runs<Row> {
    const chosen = this.configurations.filter((study) => {
      const columns: Record<string, unknown> = this.columnsOf(study);
      return Object.entries(conditions).every(([column, wanted]) => {
        const value = column in study.config ? study.config[column as keyof ModelConfig] : columns[column];
        if (value === undefined) throw unknownName("column of a configuration", column, Object.keys(columns));
        return Array.isArray(wanted) ? wanted.includes(value) : wanted === value;
      });
    });
    return this.part(chosen);
  }

  /**
   * Only the configurations whose task is solved; where none is, all of them, which a line says.
   *
   * @param controls where models of the question or the hypothesis alone are, which a model that reads must exceed
   */
  solved(controls?: { configurations: readonly Study<object>[] }): Runs<Row> {
    const solved = this.configurations.filter((study) => isSolvedBeside(study, controls?.configurations));
    if (solved.length > 0) return this.part(solved);
    console.log("No model does its task, so all are shown; what attention does in them says nothing.");
    return this;
  }

  private part(configurations: readonly Study<Row>[]): Runs<Row> {
    return new Runs(configurations, this.missing, this.asked, this.continuation);
  }

  /**
   * The text of a row: its words where they may be kept, the model's attention, and what else is kept for each word.
   *
   * @throws UserError where the weights of its words are not kept
   */
  async text(row: Pick<ConfigurationColumns, "configuration"> & { id: string }): Promise<StudiedText> {
    const study = this.named(row.configuration);
    const place = study.rows.findIndex((each) => (each as { id?: string }).id === row.id);
    if (place < 0) throw new UserError(`The text "${row.id}" is not one of ${study.name}; take a row of these runs.`);
    const text = (await study.texts())[place];
    if (text !== undefined) return text;
    throw new UserError(
      `The words' weights of the text "${row.id}" of ${study.name} are not among those that come with the project; choose a row whose text has them, or the profile "quick" or "paper".`,
    );
  }

  /**
   * The trained model of a configuration, read from the cache folder or trained again.
   *
   * @throws UserError for released rows, whose models do not come with the project
   */
  async model(configuration: Pick<Study<Row>, "name">): Promise<AttentionModel> {
    return this.continuation.model(this.named(configuration.name));
  }

  /**
   * The words of a sentence of your own, cleaned as the corpus of a configuration, so that its model can read them.
   *
   * @throws UserError if the sentence has no word
   */
  tokenize(configuration: Pick<Study<Row>, "name">, sentence: string): string[] {
    return this.continuation.tokenize(this.named(configuration.name), sentence);
  }

  private named(wanted: string): Study<Row> {
    const study = this.configurations.find(({ name }) => name === wanted);
    const names = this.configurations.map(({ name }) => name);
    if (study === undefined) throw unknownName("configuration", wanted, names);
    return study;
  }

  /**
   * The same runs with the agreement of attention with another importance in their rows.
   *
   * @example const more = await runs.withImportance(inputNorm); // rows have tauInputNorm
   */
  withImportance<const One extends Importance>(
    importance: One,
  ): Promise<Runs<Row & AddedColumns<{ importances: readonly [One] }>>> {
    return this.extended({ importances: [importance] });
  }

  /**
   * The same runs with what another attention does to the output.
   *
   * @example const more = await runs.withIntervention(reversed); // rows have reversedTvd, reversedFlips, reversedJsd
   */
  withIntervention<const One extends Intervention>(
    intervention: One,
  ): Promise<Runs<Row & AddedColumns<{ interventions: readonly [One] }>>> {
    return this.extended({ interventions: [intervention] });
  }

  /**
   * The same runs with another number of each text.
   *
   * @example const more = await runs.withMeasure(topTwo); // rows have topTwo
   */
  withMeasure<const One extends Measure>(
    measure: One,
  ): Promise<Runs<Row & AddedColumns<{ measures: readonly [One] }>>> {
    return this.extended({ measures: [measure] });
  }

  private async extended<More extends object>(added: AnalysisOptions): Promise<Runs<More>> {
    const all = await this.continuation.extend(added);
    const names = new Set(this.configurations.map(({ name }) => name));
    return all.part(all.configurations.filter(({ name }) => names.has(name))) as unknown as Runs<More>;
  }
}
