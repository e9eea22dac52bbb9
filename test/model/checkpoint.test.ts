import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { before, test } from "node:test";
import { loadBackend, tf } from "../../src/backend/tensorflow";
import { UserError } from "../../src/errors";
import { decodeTensors, encodeTensors, readTensors, restoreTensors, type TensorFile } from "../../src/model/checkpoint";

before(() => loadBackend());

/** A file made by Python's safetensors; see make_safetensors.py beside it. */
const golden: {
  base64: string;
  otherType: string;
  metadata: Record<string, string>;
  tensors: Record<string, { shape: number[]; values: number[] }>;
} = JSON.parse(readFileSync(join(__dirname, "../fixtures/model/safetensors.json"), "utf8"));

const python = Buffer.from(golden.base64, "base64");

function assertGolden({ tensors, metadata }: TensorFile): void {
  assert.deepEqual(metadata, golden.metadata);
  assert.deepEqual(Object.keys(tensors).sort(), Object.keys(golden.tensors).sort());
  for (const [name, { shape, values }] of Object.entries(golden.tensors)) {
    assert.deepEqual(tensors[name]!.shape, shape, name);
    assert.deepEqual(tensors[name]!.values, Float32Array.from(values), name);
  }
}

test("a file of Python's safetensors is read", () => assertGolden(decodeTensors(python)));

test("a file is read from the middle of a larger buffer", () => {
  const shifted = Buffer.concat([Buffer.from("abc"), python]).subarray(3);
  assertGolden(decodeTensors(shifted));
});

test("what is written is the file that Python writes, but for the order within the header", () => {
  const bytes = Buffer.concat(encodeTensors(decodeTensors(python)));
  assertGolden(decodeTensors(bytes));
  const header = (file: Uint8Array) => {
    const length = Number(new DataView(file.buffer, file.byteOffset).getBigUint64(0, true));
    assert.equal(length % 8, 0, "the values are aligned");
    return {
      json: JSON.parse(Buffer.from(file.subarray(8, 8 + length)).toString()),
      values: file.subarray(8 + length),
    };
  };
  assert.deepEqual(header(bytes).json, header(python).json);
  assert.deepEqual(Buffer.from(header(bytes).values), Buffer.from(header(python).values));
});

test("tensors come back from a file with their bits", () => {
  const tensors = { a: tf.tensor([1 / 3, -0, 1e-40, Number.POSITIVE_INFINITY], [2, 2]), b: tf.scalar(7) };
  const restored = restoreTensors(
    decodeTensors(Buffer.concat(encodeTensors({ tensors: readTensors(tensors), metadata: {} }))),
    tensors,
  );
  for (const name of ["a", "b"] as const) {
    assert.deepEqual(restored[name]!.shape, tensors[name].shape);
    assert.deepEqual(restored[name]!.dataSync(), tensors[name].dataSync());
  }
});

test("what is not a whole file is refused in a sentence, wherever it is cut or changed", () => {
  const lengthOf = (value: bigint) => {
    const copy = Buffer.from(python);
    copy.writeBigUInt64LE(value, 0);
    return copy;
  };
  const wrong: [string, Uint8Array][] = [
    ["nothing", new Uint8Array()],
    ["seven bytes", python.subarray(0, 7)],
    ["the header's length alone", python.subarray(0, 8)],
    ["half of the header", python.subarray(0, 60)],
    ["a value too few", python.subarray(0, python.length - 4)],
    ["a byte too many", Buffer.concat([python, Buffer.from([0])])],
    ["a header longer than the file", lengthOf(10n ** 15n)],
    ["a header without end", lengthOf(3n)],
    ["text", Buffer.from("this is not a file of tensors, but a sentence")],
    ["another type", Buffer.from(golden.otherType, "base64")],
  ];
  for (const [what, bytes] of wrong) {
    assert.throws(
      () => decodeTensors(bytes),
      (error) => {
        assert.ok(error instanceof UserError, `${what}: ${error}`);
        assert.match(error.message, /^The file is not a whole safetensors file with float32 tensors \(.+\)\.$/s, what);
        return true;
      },
    );
  }
});

test("a tensor whose bytes are not as many as its shape says is refused", () => {
  const file = Buffer.concat(
    encodeTensors({ tensors: { a: { shape: [3], values: new Float32Array(2) } }, metadata: {} }),
  );
  assert.throws(() => decodeTensors(file), UserError);
});

test("weights of another shape are refused with both shapes", () => {
  const file = { tensors: { a: { shape: [2], values: new Float32Array(2) } }, metadata: {} };
  assert.throws(() => restoreTensors(file, { a: tf.zeros([3]) }), {
    name: "UserError",
    message: 'The saved weights do not fit the model: "a" must be [3], but [2] was saved.',
  });
  assert.throws(() => restoreTensors(file, { b: tf.zeros([3]) }), {
    message: 'The saved weights do not fit the model: "b" must be [3], but [nothing] was saved.',
  });
});
