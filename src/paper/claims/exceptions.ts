import type { Claim } from "./claim";
import { classesOf, estimate, judged, measured, modelsOver, nameOf, notPublished, textsIn } from "./judging";

export const exceptions: Claim = {
  id: "exceptions",
  question: "rq2",
  statement:
    "Section 4.2: Diabetes is the exception: its positive texts change much under permutation, and allow little.",
  rule: "Listed by class, not judged.",
  needs: "a study over a BiLSTM of two classes",
  judge: (runs) =>
    modelsOver(runs, "bilstm").flatMap((model) =>
      classesOf(model).flatMap((name) => {
        if (name === undefined) return [];
        const numbers = {
          effect: measured(`Permuting changes ${textsIn(model, name)} by #`, estimate(model, "permutationTvd", name)),
          control: measured("their exact JSD is #", estimate(model, "exactJsd01", name)),
          published: notPublished,
        };
        return [judged([model], nameOf(model, name), numbers, () => ["not decided", "listed, not judged"])];
      }),
    ),
};
