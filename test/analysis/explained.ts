import { explain, type Importance, type TextsToExplain } from "../../src/analysis/importance";
import type { Example } from "../../src/data/dataset";
import type { AttentionModel } from "../../src/model/model";
import { type Prediction, predict } from "../../src/model/predict";

/** An importance's values over the words of each text. */
export async function explained(
  importance: Importance,
  model: AttentionModel,
  texts: readonly Example[],
  { predictions, ...control }: Partial<TextsToExplain> = {},
): Promise<(readonly number[])[]> {
  const own: readonly Prediction[] = predictions ?? (await predict(model, texts));
  return explain(importance, { model, texts, predictions: own, ...control });
}
