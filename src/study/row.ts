import type { paperImportances } from "../analysis/importances/all";
import type { Intervention } from "../analysis/intervention";
import type { interventions, paperInterventions } from "../analysis/interventions/all";
import type { measures } from "../analysis/measures/all";
import type { AnalysisOptions } from "./analysis";

type NameOf<Thing> = Thing extends { name: infer Name extends string } ? Name : Thing extends string ? Thing : never;
type Each<List> = List extends readonly (infer Item)[] ? Item : never;
type Resolved<Thing, BuiltIn> = Thing extends string ? Extract<BuiltIn, { name: Thing }> : Thing;

/** As in "02" of .02. */
type Digits<Epsilon extends number> = `${Epsilon}` extends `${string}.${infer Figures}` ? Figures : never;

/** What a row has for the agreement of attention with an importance, or of two importances. */
type AgreementColumns<Name extends string> = {
  [column in Name | `${Name}PValue`]: number | undefined;
} & { [column in `${Name}Undefined`]: string };

type Agreements<StatisticName extends string, Importances extends string> = AgreementColumns<
  `${StatisticName}${Capitalize<Importances>}` | `${StatisticName}GradientLeaveOneOut`
> & { [column in `${StatisticName}${"Gradient" | "LeaveOneOut"}${"Null" | "Imposed"}`]: number | undefined };

type InterventionColumn<One, Asked extends number> =
  One extends Intervention<string, infer Column, infer PerEpsilon, infer Always>
    ? Column | `${PerEpsilon}${Digits<Asked | Always>}`
    : never;

/** One text with the results of the paper's analyses. */
export type StudyRow = {
  id: string;
  /** Name of the predicted class; the paper groups by it. */
  predicted: string;
  /** Name of the true class. */
  label: string;
  /** Of the predicted class. */
  probability: number;
} & {
  [column in NameOf<(typeof measures)[number]>]: column extends "entropy" | `tau${string}`
    ? number | undefined
    : number;
} & AddedColumns<Record<never, never>>;

/** What the analysis options add to a row. */
export type AddedColumns<Options extends AnalysisOptions> = Agreements<
  "tau" | NameOf<Options["statistic"]>,
  NameOf<(typeof paperImportances)[number]> | NameOf<Each<Options["importances"]>>
> & { [column in NameOf<Each<Options["measures"]>>]: number | undefined } & {
  [column in InterventionColumn<
    (typeof paperInterventions)[number] | Resolved<Each<Options["interventions"]>, (typeof interventions)[number]>,
    Each<Options["epsilons"]>
  >]: number | undefined;
};

/** A row of a study with these analysis options; every name in it is a column that exists. */
export type RowOf<Options extends AnalysisOptions> = StudyRow & AddedColumns<Options>;
