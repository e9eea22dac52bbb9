import assert from "node:assert/strict";
import { test } from "node:test";
import { curve } from "../../src/figures/curve";
import { dots } from "../../src/figures/dots";
import { histogram } from "../../src/figures/histogram";
import { scatter } from "../../src/figures/scatter";
import { stackedBars } from "../../src/figures/stackedBars";
import { violin } from "../../src/figures/violin";

const rows = [{ attention: "dot", maximum: 0.3, permutationTvd: 0.1, low: 0.05, high: 0.2, n: 40 }];
const axes = { x: "maximum", y: "permutationTvd" } as const;

/** Each figure with every option that names a column, and a call in which the compiler must refuse a wrong one. */
const figures = {
  histogram: {
    draw: (options: object) => histogram(rows, options as { x: "maximum" }),
    options: { x: "maximum", by: "attention", facet: "attention" },
    // @ts-expect-error no such column
    typed: () => histogram(rows, { x: "maximun" }),
  },
  scatter: {
    draw: (options: object) => scatter(rows, options as typeof axes),
    options: { ...axes, by: "attention", label: "attention" },
    // @ts-expect-error no such column
    typed: () => scatter(rows, { ...axes, label: "attentoin" }),
  },
  violin: {
    draw: (options: object) => violin(rows, options as typeof axes),
    options: { ...axes, by: "attention" },
    // @ts-expect-error no such column
    typed: () => violin(rows, { ...axes, y: "permutationTvt" }),
  },
  curve: {
    draw: (options: object) => curve(rows, options as typeof axes),
    options: { ...axes, by: "attention" },
    // @ts-expect-error no such column
    typed: () => curve(rows, { ...axes, by: "atention" }),
  },
  dots: {
    draw: (options: object) => dots(rows, options as typeof axes),
    options: { x: "permutationTvd", y: "attention", by: "attention" },
    // @ts-expect-error no such column
    typed: () => dots(rows, { x: "permutationTvd", y: "atention" }),
  },
};

for (const [name, { draw, options, typed }] of Object.entries(figures)) {
  test(`${name}: a wrong column is answered with the nearest one, whichever option names it`, () => {
    draw(options);
    assert.throws(typed, /There is no column "\w+"; did you mean "(maximum|attention|permutationTvd)"\?/);
    for (const [option, column] of Object.entries(options)) {
      const wrong = `${column}s`;
      assert.throws(
        () => draw({ ...options, [option]: wrong }),
        new RegExp(`There is no column "${wrong}"; did you mean "${column}"\\?`),
        option,
      );
    }
  });
}

test("stackedBars: a wrong column is answered with the nearest one, as label or as part", () => {
  const shares = [{ attention: "dot", negative: 0.25, positive: 0.75 }];
  stackedBars(shares, { y: "attention", parts: ["negative", "positive"] });
  // @ts-expect-error no such column
  const wrongLabel = () => stackedBars(shares, { y: "atention", parts: ["negative", "positive"] });
  assert.throws(wrongLabel, /There is no column "atention"; did you mean "attention"\?/);
  const wrongPart = () => stackedBars(shares, { y: "attention", parts: ["negative", "positve"] });
  assert.throws(wrongPart, /There is no column "positve"; did you mean "positive"\?/);
});
