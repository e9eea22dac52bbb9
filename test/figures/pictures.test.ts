import assert from "node:assert/strict";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import pixelmatch from "pixelmatch";
import { PNG } from "pngjs";
import { curve } from "../../src/figures/curve";
import { dots } from "../../src/figures/dots";
import type { Figure } from "../../src/figures/figure";
import { histogram } from "../../src/figures/histogram";
import { scatter } from "../../src/figures/scatter";
import { stackedBars } from "../../src/figures/stackedBars";
import { onGround } from "../../src/figures/theme";
import { violin } from "../../src/figures/violin";
import { closeRenderer, renderFigure } from "../../src/notebook/render";
import { projectFolder } from "../../src/paths";
import { defineColumns } from "../../src/study/columns";
import { exampleRows } from "./rows";

// Each kind of figure, from fixed rows, beside its stored picture. With ATTENTION_UPDATE_PICTURES=1 the pictures are
// stored anew: look at them before they are committed.

const stored = join(projectFolder, "test", "fixtures", "pictures");
/** Of all pixels; pixelmatch leaves out those that antialiasing alone makes differ. */
const allowedShare = 0.0002;

const rows = exampleRows(240).map((row, index) => ({
  ...row,
  maximum: (index * 7) % 40 === 0 ? 0.9 : ((index * 37) % 60) / 100,
  change: Math.abs(row.tauGradient ?? 0),
}));
const epsilons = [0.001, 0.01, 0.1];
const points = ["bilstm", "cnn", "average", "dot"].flatMap((encoder, line) =>
  epsilons.map((epsilon, step) => {
    const jsd = 0.1 + 0.2 * step + 0.05 * line;
    return {
      encoder,
      epsilon,
      jsd,
      low: jsd - 0.04,
      high: jsd + 0.06,
      n: 300,
      attention: line % 2 ? "dot" : "additive",
    };
  }),
);
const named = points.map((row) => ({ ...row, interval: "95 % bootstrap interval of the mean" }));
const tau = { x: "tauGradient", xTitle: "τ<sub>g</sub>" } as const;
const byClass = { by: "predicted" } as const;
defineColumns([
  {
    kind: "number",
    name: "tauGradient",
    symbol: "τ_g",
    title: "tauGradient",
    meaning: "",
    range: [-1, 1],
    reason: "tauGradientUndefined",
  },
  { kind: "number", name: "maximum", symbol: "max α", title: "maximum", meaning: "", range: [0, 1] },
]);

const classes: Record<string, string[]> = { two: ["baseball", "hockey"], four: ["a", "b", "c", "d"] };
const facets = (count: number) =>
  ["one", "two", "three", "four", "five", "six", "seven"]
    .slice(0, count)
    .flatMap((corpus, place) => rows.slice(20 * place).map((row) => ({ ...row, corpus, tauGradientUndefined: "" })));

const kinds: Record<string, () => Figure> = {
  histogram: () => histogram(rows, { ...byClass, ...tau, title: "Reviews" }),
  scatter: () =>
    scatter(rows, {
      ...byClass,
      x: "tauGradient",
      y: "tauLeaveOneOut",
      diagonal: true,
      title: "Two measures",
    }),
  violin: () =>
    violin(rows, {
      by: "predicted",
      x: "maximum",
      y: "change",
      xTitle: "max α",
      yTitle: "median Δŷ",
    }),
  curve: () =>
    curve(named, {
      ...{ x: "epsilon", y: "jsd", by: "encoder", xTitle: "ε", yTitle: "mean ε-max JSD" },
    }),
  dots: () =>
    dots(
      points.filter(({ epsilon }) => epsilon === 0.01),
      {
        x: "jsd",
        y: "encoder",
        by: "attention",
        xTitle: "mean ε-max JSD",
      },
    ),
  stackedBars: () =>
    stackedBars(
      [
        { weights: "the model's own", negative: 0.18, positive: 0.82 },
        { weights: "adversarial", negative: 0.19, positive: 0.81 },
      ],
      { y: "weights", parts: ["negative", "positive"] },
    ),
  sevenFacets: () => histogram(facets(7), { ...tau, by: "predicted", facet: "corpus", title: "Seven corpora" }),
  facetsOfOtherClasses: () =>
    violin(
      facets(5).map((row, index) => ({
        ...row,
        predicted: classes[row.corpus]?.[(index % 4) % classes[row.corpus]!.length] ?? row.predicted,
      })),
      { x: "maximum", y: "change", by: "predicted", facet: "corpus" },
    ),
  facetsOfMeasures: () =>
    dots(
      points
        .flatMap((row) => [
          { ...row, measure: "τ", mean: row.jsd },
          { ...row, measure: "Δŷ", mean: row.jsd - 0.5, low: row.low - 0.5, high: row.high - 0.5 },
        ])
        .filter(({ epsilon }) => epsilon === 0.01),
      {
        x: "mean",
        y: "encoder",
        by: "attention",
        facet: "measure",
        beside: [
          { encoder: "cnn", attention: "dot", measure: "τ", mean: 0.5, source: "paper" },
          { encoder: "average", mean: 0.1, source: "authors' re-run" },
        ],
        band: [{ encoder: "bilstm", low: 0.1, high: 0.3 }],
        bandName: "two seeds",
      },
    ),
  fourFacets: () => curve(points, { x: "epsilon", y: "jsd", by: "attention", facet: "encoder" }),
};

after(closeRenderer);

for (const [kind, draw] of Object.entries(kinds)) {
  for (const background of ["light", "dark"] as const) {
    const name = `${kind}-${background}.png`;
    test(`${kind} on a ${background} background looks as stored`, async (context) => {
      if (process.env.ATTENTION_BROWSER || process.platform !== "linux" || process.arch !== "x64") {
        return context.skip("pictures are compared as the packaged browser draws them");
      }
      const picture = (await renderFigure(onGround(draw(), background), ["screen"]))?.screen;
      if (picture === undefined) return context.skip("no browser starts here");
      if (process.env.ATTENTION_UPDATE_PICTURES === "1") {
        mkdirSync(stored, { recursive: true });
        return writeFileSync(join(stored, name), picture);
      }
      assert.ok(existsSync(join(stored, name)), `${name} is not stored; run this with ATTENTION_UPDATE_PICTURES=1`);
      requireAlike(name, picture, readFileSync(join(stored, name)));
    });
  }
}

test("a moved label is told apart from antialiasing", async (context) => {
  if (!existsSync(join(stored, "histogram-light.png"))) return context.skip("no picture is stored");
  const picture = PNG.sync.read(readFileSync(join(stored, "histogram-light.png")));
  const { width, height } = picture;
  const moved = new PNG({ width, height });
  PNG.bitblt(picture, moved, 0, 0, width, height, 0, 0);
  PNG.bitblt(picture, moved, 60, 10, 60, 20, 62, 10);
  const complain = () => requireAlike("moved.png", PNG.sync.write(moved), PNG.sync.write(picture));
  assert.throws(complain, (error: Error) => {
    const folder = /see (.*)[\\/]moved\.png and .*moved-difference\.png\.$/.exec(error.message)?.[1];
    assert.ok(folder, error.message);
    assert.deepEqual(readdirSync(folder), ["moved-difference.png", "moved.png"]);
    rmSync(folder, { recursive: true });
    return true;
  });
});

/** Where they differ, the new picture and their difference are written and named. */
function requireAlike(name: string, picture: Buffer, expected: Buffer): void {
  const [now, before] = [PNG.sync.read(picture), PNG.sync.read(expected)];
  const { width, height } = before;
  const isSameSize = now.width === width && now.height === height;
  const difference = new PNG({ width, height });
  const pixels = isSameSize
    ? pixelmatch(now.data, before.data, difference.data, width, height, { threshold: 0.1 })
    : Number.POSITIVE_INFINITY;
  if (pixels <= allowedShare * width * height) return;
  const folder = mkdtempSync(join(tmpdir(), "pictures-"));
  const written = [join(folder, name), join(folder, name.replace(".png", "-difference.png"))];
  writeFileSync(written[0]!, picture);
  if (isSameSize) writeFileSync(written[1]!, PNG.sync.write(difference));
  const what = isSameSize
    ? `${pixels} pixels differ`
    : `${now.width} x ${now.height} pixels are not ${width} x ${height}`;
  assert.fail(`${name}: ${what}; see ${written.slice(0, isSameSize ? 2 : 1).join(" and ")}.`);
}
