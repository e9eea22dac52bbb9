import { crc32, deflateSync } from "node:zlib";
import { PNG } from "pngjs";

/** A PNG with a palette of 256 colours, also transparent ones, about a quarter as large; other colours become the nearest of them. */
export function palettePng(picture: Buffer): Buffer {
  const { width, height, data } = PNG.sync.read(picture);
  const colours = new Uint32Array(width * height);
  const counts = new Map<number, number>();
  for (let pixel = 0; pixel < colours.length; pixel += 1) {
    const colour = data.readUInt32BE(4 * pixel);
    colours[pixel] = colour;
    counts.set(colour, (counts.get(colour) ?? 0) + 1);
  }
  const frequent = [...counts].sort(([one, often], [other, rare]) => rare - often || one - other);
  const palette = paletteOf(frequent.map(([colour]) => colour));
  const places = new Map(frequent.map(([colour]) => [colour, nearest(palette, colour)]));
  const lines = Buffer.alloc(height * (width + 1));
  for (let row = 0; row < height; row += 1) {
    for (let x = 0; x < width; x += 1) lines[row * (width + 1) + 1 + x] = places.get(colours[row * width + x]!)!;
  }
  const [signature, size] = [picture.subarray(0, 8), picture.subarray(16, 24)];
  return Buffer.concat([
    signature,
    chunk("IHDR", Buffer.from([...size, 8, 3, 0, 0, 0])),
    chunk("PLTE", Buffer.from(palette.flatMap((colour) => channels(colour).slice(0, 3)))),
    chunk("tRNS", Buffer.from(palette.map((colour) => colour & 255))),
    chunk("IDAT", deflateSync(lines, { level: 9 })),
    chunk("IEND", Buffer.alloc(0)),
  ]);
}

/** 256 colours: the most frequent of each region, so that no few points lose theirs, then the most frequent of all. */
function paletteOf(frequent: readonly number[]): number[] {
  const masks = [0xf8f8f8f8, 0xf0f0f0f0, 0xe0e0e0e0, 0xc0c0c0c0];
  const regions = masks.map((mask) => {
    const first = new Map<number, number>();
    for (const colour of frequent) if (!first.has(colour & mask)) first.set(colour & mask, colour);
    return [...first.values()];
  });
  const fine = regions.find(({ length }) => length <= 256)!;
  return [...new Set([...fine, ...frequent])].slice(0, 256);
}

function nearest(palette: readonly number[], colour: number): number {
  const wanted = channels(colour);
  const distances = palette.map((other) =>
    channels(other).reduce((sum, value, at) => sum + (value - wanted[at]!) ** 2, 0),
  );
  return distances.indexOf(Math.min(...distances));
}

function channels(colour: number): number[] {
  return [colour >>> 24, (colour >> 16) & 255, (colour >> 8) & 255, colour & 255];
}

function chunk(type: string, content: Buffer): Buffer {
  const named = Buffer.concat([Buffer.from(type, "latin1"), content]);
  const [length, check] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(content.length);
  check.writeUInt32BE(crc32(named));
  return Buffer.concat([length, named, check]);
}
