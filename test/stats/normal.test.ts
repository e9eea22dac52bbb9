import assert from "node:assert/strict";
import { it } from "node:test";
import { twoSidedNormalPValue } from "../../src/stats/kendall";
import { assertClose, goldens } from "./goldens";

it("agrees with SciPy's normal tail from the centre to 37 standard deviations", () => {
  for (const { z, pValue } of goldens.normal) {
    assertClose(twoSidedNormalPValue(z), pValue, `p-value of ${z}`);
    assert.equal(twoSidedNormalPValue(-z), twoSidedNormalPValue(z));
  }
});
