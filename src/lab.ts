// The door of the notebooks: everything that a cell needs, in one import.
export { tokenizeFor } from "./data/catalog";
export { curve } from "./figures/curve";
export { dots } from "./figures/dots";
export { histogram } from "./figures/histogram";
export { scatter } from "./figures/scatter";
export { stackedBars } from "./figures/stackedBars";
export { textHeatmap } from "./figures/textHeatmap";
export { violin } from "./figures/violin";
export { environmentRows } from "./notebook/environment";
export { study, train } from "./notebook/run";
export { exportAll, showFigure, showHeatmap, showTable, showText } from "./notebook/show";
export {
  attackText,
  classProbabilities,
  explainText,
  medianPermutation,
  permuteText,
  searchText,
  unknownWords,
} from "./ownText/analyze";
export {
  describeAttack,
  describeDecision,
  describeEncoders,
  describeFurthest,
  describeImportance,
  describeLength,
  describePermutations,
  describeScores,
  describeSearch,
} from "./ownText/sentences";
export { answerAcrossCorpora } from "./paper/acrossCorpora";
export { compareWithPaper, measures, symbols } from "./paper/compare";
export {
  answerAcrossCounterfactuals,
  answerCounterfactual,
  compareCounterfactuals,
  describeCounterfactuals,
  describeSlack,
  epsilonOfPaper,
} from "./paper/counterfactual";
export { encoderDifferences, overSeeds } from "./paper/encoderDifferences";
export { answerEncoders, compareEncoders, summarizeSeeds } from "./paper/encoders";
export { answerLength, lengthRelations, significanceGrowth } from "./paper/lengths";
export { answerMatched, differenceDots, taskDifferences } from "./paper/matchedTasks";
export { isPaperCorpus } from "./paper/published";
export { publishedScores } from "./paper/scores";
export { answerSeedNoise } from "./paper/seedNoise";
export { describeSignificance, significanceRows } from "./paper/significance";
export { table2 } from "./paper/table2";
export { answerTasks, solvedRuns, taskMeans, taskMeasures, taskRows, taskScores } from "./paper/tasks";
export { answerCorrelation, describeAgreement } from "./paper/verdict";
export { describeYardstick, yardstickRows, yardsticks, yardstickTitles } from "./paper/yardstick";
export { summarizeAdversaries } from "./stats/adversarySummary";
export { byLength } from "./stats/byLength";
export { exactCurve } from "./stats/exactCurve";
export { significanceLines, significanceOverLength } from "./stats/significanceOverLength";
export { tellingTexts } from "./stats/tellingTexts";
export { chooseProfile } from "./study/config";
export { readTexts, type Study } from "./study/files";
export { testScores } from "./study/testScores";
