import assert from "node:assert/strict";
import { test } from "node:test";
import { curve } from "../../src/figures/curve";
import { dots } from "../../src/figures/dots";
import { wrap } from "../../src/figures/figure";
import { histogram } from "../../src/figures/histogram";
import { scatter } from "../../src/figures/scatter";
import { type Background, classStyle, grounds, onGround } from "../../src/figures/theme";
import { violin } from "../../src/figures/violin";
import { axisOf, classColour, notesOf } from "./figureParts";

const rows = [
  { of: "a", at: 0.1, value: 0.2 },
  { of: "b", at: 0.6, value: 0.4 },
];
const shared = { x: "at", y: "value", by: "of", title: "Title" } as const;
const everyFigure = (background: Background = "light") =>
  [
    histogram(rows, { x: "value", by: "of", title: "Title" }),
    scatter(rows, { ...shared }),
    violin(rows, { ...shared }),
    curve(rows, { ...shared }),
    dots(rows, { x: "value", y: "of", title: "Title" }),
  ].map((figure) => onGround(figure, background));

function contrast(one: string, other: string): number {
  const luminance = (colour: string) => {
    const [red, green, blue] = [1, 3, 5].map((start) => {
      const share = Number.parseInt(colour.slice(start, start + 2), 16) / 255;
      return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * red! + 0.7152 * green! + 0.0722 * blue!;
  };
  const [dark, light] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (light! + 0.05) / (dark! + 0.05);
}

test("text has the contrast that WCAG asks of it, on both backgrounds", () => {
  for (const background of ["light", "dark"] as const) {
    const { text, muted, background: ground } = grounds[background];
    assert.ok(contrast(text, ground) >= 7);
    assert.ok(contrast(muted, ground) >= 4.5);
  }
});

test("what stands on a class's colour has that contrast too", () => {
  for (let place = 0; place < 8; place += 1) {
    const { colour, onColour } = classStyle(place);
    const others = ["#000000", "#ffffff"].map((text) => contrast(text, colour));
    assert.equal(contrast(onColour, colour), Math.max(...others));
  }
});

/** JupyterLab's light and dark grounds; a grey cannot have 4.5 on both. */
const screens = ["#ffffff", "#111111"];

test("what is drawn for any ground is seen on a light and on a dark one", () => {
  for (const screen of screens) {
    assert.ok(contrast(grounds.any.text, screen) >= 4.1);
    for (let index = 0; index < 8; index += 1) assert.ok(contrast(classColour(index, "any"), screen) >= 3);
  }
});

test("on any ground a figure has none of its own; a bar's own label keeps its colour", () => {
  const bar = { font: { color: "#000000" }, bgcolor: "#ffffff", line: { color: "#ffffff" } };
  const expected = { font: { color: "#000000" }, bgcolor: "#00000000", line: { color: "#ffffff" } };
  assert.deepEqual(onGround(bar, "any"), expected);
});

test("every class stands out from both backgrounds", () => {
  for (let index = 0; index < 8; index += 1) {
    for (const background of ["light", "dark"] as const) {
      assert.ok(contrast(classColour(index, background), grounds[background].background) >= 3);
    }
    if (index < 4) assert.equal(classColour(index, "dark"), classColour(index));
  }
});

/** Colours as seen with full colour blindness of each kind (Machado et al. 2009, table of severity 1), in linear light. */
const visions = [
  [1, 0, 0, 0, 1, 0, 0, 0, 1],
  [0.152286, 1.052583, -0.204868, 0.114503, 0.786281, 0.099216, -0.003882, -0.048116, 1.051998],
  [0.367322, 0.860646, -0.227968, 0.280085, 0.672501, 0.047413, -0.01182, 0.04294, 0.968881],
  [1.255528, -0.076749, -0.178779, -0.078411, 0.930809, 0.147602, 0.004733, 0.691367, 0.3039],
];

/** In Oklab (Ottosson 2020), in which equal distances look about equal. */
function seen(colour: string, vision: readonly number[]): number[] {
  const times = (matrix: readonly number[], vector: readonly number[]) =>
    [0, 3, 6].map((row) => vector.reduce((sum, value, column) => sum + matrix[row + column]! * value, 0));
  const linear = [1, 3, 5].map((start) => {
    const share = Number.parseInt(colour.slice(start, start + 2), 16) / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  const light = times(vision, linear).map((value) => Math.min(1, Math.max(0, value)));
  const cones = times([0.41222, 0.53633, 0.05145, 0.2119, 0.68068, 0.1074, 0.0883, 0.28172, 0.62998], light);
  return times([0.21045, 0.79362, -0.00407, 1.978, -2.42859, 0.45059, 0.0259, 0.78277, -0.80868], cones.map(Math.cbrt));
}

test("any two classes differ to every kind of colour vision", () => {
  for (const background of ["light", "dark", "any"] as const) {
    for (const vision of visions) {
      const colours = Array.from({ length: 8 }, (_, index) => seen(classColour(index, background), vision));
      for (const [index, one] of colours.entries()) {
        for (const other of colours.slice(0, index)) {
          assert.ok(Math.hypot(...one.map((value, axis) => value - other[axis]!)) > 0.07);
        }
      }
    }
  }
});

test("every figure goes onto a dark ground with all of its text", () => {
  for (const background of ["light", "dark"] as const) {
    for (const figure of everyFigure(background)) {
      const { layout } = figure;
      const colours = grounds[background];
      assert.deepEqual([layout.paper_bgcolor, layout.plot_bgcolor], [colours.background, colours.background]);
      assert.equal((layout.font as { color: string }).color, colours.text);
      for (const { font } of notesOf(figure)) {
        if (font?.color !== undefined) assert.ok([colours.text, colours.muted].includes(font.color as never));
      }
    }
  }
});

test("every figure is one panel wide, says its title and caption in words, and is plain data", () => {
  for (const figure of everyFigure()) {
    assert.equal(figure.layout.width, 480);
    assert.match(figure.layout.meta.alternativeText, /^Title\. .*No value is undefined\.$/);
    assert.deepEqual(JSON.parse(JSON.stringify(figure)), figure);
  }
});

test("long axis titles and captions are broken into lines that keep every word", () => {
  const long = "median total variation distance of the output over one hundred permutations of the attention weights";
  const figure = scatter(rows, { ...shared, xTitle: long, yTitle: long });
  for (const name of ["xaxis", "yaxis"] as const) {
    const lines = axisOf(figure, name).title.text.split("<br>");
    assert.ok(lines.length > 1 && lines.every((line) => line.length < 56));
    assert.equal(lines.join(" "), long);
  }
  const short = scatter(rows, { ...shared, xTitle: "x", yTitle: "y" });
  assert.ok(figure.layout.height > short.layout.height);
  assert.deepEqual(wrap("one τ<sub>g</sub> two", 9), ["one τ<sub>g</sub>", "two"]);
});
