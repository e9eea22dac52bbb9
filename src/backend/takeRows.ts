import { tf } from "./tensorflow";

/**
 * Rows of a table by their numbers, as tf.gather, whose gradient is an operation that the WebAssembly backend lacks.
 *
 * @param rows row numbers, int32, any of them more than once
 * @returns [rows, columns]
 */
export function takeRows(table: tf.Tensor2D, rows: tf.Tensor1D): tf.Tensor2D {
  const take = tf.customGrad((...inputs) => {
    const [input, save] = inputs as unknown as [tf.Tensor2D, tf.GradSaveFunc];
    save([rows]);
    const gradFunc = (dy: tf.Tensor, [saved]: tf.Tensor[]) => tf.scatterND(tf.expandDims(saved!, 1), dy, table.shape);
    return { value: tf.gather(input, rows), gradFunc };
  });
  return take(table) as tf.Tensor2D;
}
