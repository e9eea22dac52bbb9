// Trains the small corpus's model in the cache folder, and writes a line "done N" after every batch. After batch
// HANG_AFTER it stands still until it is killed.
import { obtainModel } from "../src/study/obtainModel";
import { smallDataset, smallOptions } from "./model/smallModel";

const hangAfter = Number(process.env.HANG_AFTER);

function onProgress({ done }: { done: number }): void {
  process.stdout.write(`done ${done}\n`);
  if (done === hangAfter) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
}

obtainModel(smallDataset(), smallOptions, { onProgress }).then(({ source }) => console.log(`model: ${source}`));
