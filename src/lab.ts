// The door of the notebooks: everything that a cell needs, in one import.
export { importance } from "./analysis/importance";
export { intervention } from "./analysis/intervention";
export { tokenizeFor } from "./data/catalog";
export { curve } from "./figures/curve";
export { dots } from "./figures/dots";
export { histogram } from "./figures/histogram";
export { scatter } from "./figures/scatter";
export { stackedBars } from "./figures/stackedBars";
export { textHeatmap } from "./figures/textHeatmap";
export { violin } from "./figures/violin";
export { environment } from "./notebook/environment";
export { frame } from "./notebook/frame";
export { otherAttentions, wordByWord } from "./notebook/oneText";
export { openNotebook } from "./notebook/openNotebook";
export { controlsOf, readTexts, study, train } from "./notebook/study";
export {
  attackText,
  explainText,
  medianPermutation,
  permuteText,
  searchText,
  unknownWords,
} from "./ownText/analyze";
export {
  describeDecision,
  describeEncoders,
  describeFurthest,
  describeImportance,
  describeLength,
  describePermutations,
  describeScores,
  describeSearch,
} from "./ownText/sentences";
export { epsilonTable, exactCurve, tellingTexts } from "./paper/adversaries";
export { besidePaper, table2 } from "./paper/besidePaper";
export { claims } from "./paper/claims/claims";
export { figure5 } from "./paper/figure5";
export { lengthBins, significanceOverLength, taskDifferences } from "./paper/lengths";
export { formNull, means, published, taskMeans, yardstick } from "./paper/means";
export { table1 } from "./paper/scores";
export { testScores } from "./study/testScores";
