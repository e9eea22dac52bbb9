import assert from "node:assert/strict";
import { test } from "node:test";
import { PNG } from "pngjs";
import { palettePng } from "../../src/notebook/palettePng";
import { createRandom } from "../../src/stats/random";

function drawn(width: number, height: number, colour: (pixel: number) => number[]): Buffer {
  const png = new PNG({ width, height });
  for (let pixel = 0; pixel < width * height; pixel += 1) png.data.set(colour(pixel), 4 * pixel);
  return PNG.sync.write(png);
}

test("a picture of up to 256 colours stays as it is, also where it is transparent", () => {
  const random = createRandom("palette");
  const colours = Array.from({ length: 255 }, () => [0, 0, 0].map(() => random.integer(256)));
  const picture = drawn(37, 23, (pixel) => (pixel % 9 === 0 ? [1, 2, 3, 90] : [...colours[pixel % 255]!, 255]));
  const packed = PNG.sync.read(palettePng(picture));
  const { data, width, height } = PNG.sync.read(picture);
  assert.deepEqual([packed.width, packed.height], [width, height]);
  assert.deepEqual(packed.data, data);
});

test("of more colours the frequent ones stay, and the others become the nearest of them", () => {
  const picture = drawn(64, 64, (pixel) => (pixel < 2048 ? [0, 0, 255, 255] : [pixel % 64, pixel >> 6, 0, 255]));
  const packed = PNG.sync.read(palettePng(picture)).data;
  assert.deepEqual([...packed.subarray(0, 4)], [0, 0, 255, 255]);
  const distinct = new Set(Array.from({ length: 4096 }, (_, pixel) => packed.readUInt32BE(4 * pixel)));
  assert.ok(distinct.size <= 256);
  for (let pixel = 2048; pixel < 4096; pixel += 1) assert.equal(packed[4 * pixel + 2], 0);
});
