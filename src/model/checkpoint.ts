import { tf } from "../backend/tensorflow";
import { UserError } from "../errors";
import type { Weights } from "./weights";

/** Named tensors as plain numbers, and what describes them. */
export interface TensorFile {
  tensors: Record<string, { shape: number[]; values: Float32Array }>;
  /** Short texts, for example the config as JSON. */
  metadata: Record<string, string>;
}

interface HeaderEntry {
  dtype: string;
  shape: number[];
  data_offsets: [number, number];
}

/** A file in the safetensors format, which Python's `safetensors` opens too, in pieces that are not copied. */
export function encodeTensors({ tensors, metadata }: TensorFile): Uint8Array[] {
  const header: Record<string, HeaderEntry | Record<string, string>> = { __metadata__: metadata };
  let offset = 0;
  for (const [name, { shape, values }] of Object.entries(tensors)) {
    header[name] = { dtype: "F32", shape, data_offsets: [offset, offset + values.byteLength] };
    offset += values.byteLength;
  }
  const json = JSON.stringify(header);
  const text = Buffer.from(json + " ".repeat((8 - (Buffer.byteLength(json) % 8)) % 8));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(text.length));
  const pieces = Object.values(tensors).map(({ values }) => {
    return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  });
  return [length, text, ...pieces];
}

/** Reads what {@link encodeTensors} wrote. @throws UserError where it is not a whole safetensors file of float32 tensors */
export function decodeTensors(bytes: Uint8Array): TensorFile {
  try {
    return decode(bytes);
  } catch (error) {
    throw new UserError(`The file is not a whole safetensors file with float32 tensors (${(error as Error).message}).`);
  }
}

function decode(bytes: Uint8Array): TensorFile {
  const length = Number(new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true));
  const header = JSON.parse(new TextDecoder().decode(bytes.subarray(8, 8 + length)));
  const { __metadata__: metadata = {}, ...entries } = header as Record<string, HeaderEntry> & {
    __metadata__?: Record<string, string>;
  };
  const tensors: TensorFile["tensors"] = {};
  let end = 8 + length;
  for (const [name, { dtype, shape, data_offsets }] of Object.entries(entries)) {
    const [from, to] = data_offsets.map((offset) => 8 + length + offset) as [number, number];
    if (dtype !== "F32" || to > bytes.length) throw new Error(`tensor "${name}" is ${dtype} or cut off`);
    const size = shape.reduce((product, length) => product * length, 4);
    if (to - from !== size) throw new Error(`tensor "${name}" of shape [${shape}] has ${to - from} bytes`);
    tensors[name] = { shape, values: new Float32Array(new Uint8Array(bytes.subarray(from, to)).buffer) };
    end = Math.max(end, to);
  }
  if (end !== bytes.length) throw new Error(`${bytes.length} bytes came, the header speaks of ${end}`);
  return { tensors, metadata };
}

/** The values of tensors, read from the backend's memory. */
export function readTensors(tensors: Weights): TensorFile["tensors"] {
  const entries = Object.entries(tensors).map(([name, tensor]) => {
    return [name, { shape: tensor.shape, values: tensor.dataSync<"float32">() }] as const;
  });
  return Object.fromEntries(entries);
}

/** Makes tensors of a file's values. @throws UserError when the names or shapes are not those of `like` */
export function restoreTensors({ tensors }: Pick<TensorFile, "tensors">, like: Weights): Weights {
  const restored = Object.entries(like).map(([name, { shape }]) => {
    const saved = tensors[name];
    if (saved && String(saved.shape) === String(shape)) return [name, tf.tensor(saved.values, shape)] as const;
    throw new UserError(
      `The saved weights do not fit the model: "${name}" must be [${shape}], but [${saved?.shape ?? "nothing"}] was saved.`,
    );
  });
  return Object.fromEntries(restored);
}
