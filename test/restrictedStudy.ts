// Run by restricted.test.ts in a process of its own: a study of each restricted corpus, with all that is printed of it.
import { inspect } from "node:util";
import { loadDataset, tokenizeFor } from "../src/data/catalog";
import { disposeModel } from "../src/model/model";
import { explainText } from "../src/ownText/analyze";
import { makeStudy } from "../src/study/makeStudy";
import { obtainModel } from "../src/study/obtainModel";
import { smallOptions } from "./model/smallModel";

const [out, vectors, ...corpora] = process.argv.slice(2) as [string, string, ...string[]];

async function study(corpus: string): Promise<void> {
  const dataset = await loadDataset(corpus);
  console.log(inspect(dataset, { depth: 6, maxArrayLength: 1000 }));
  const options = { ...smallOptions, epochs: 2, wordVectors: vectors };
  const { model } = await obtainModel(dataset, options);
  console.log(model, await explainText(model, tokenizeFor(corpus, "A kanarienvogel has pain.")));
  disposeModel(model);
  const asked = { ...options, limit: 60 };
  const job = { corpus, profile: "quick", options: asked, analysis: { testLimit: 4 }, out } as const;
  const made = await makeStudy(job, { onProgress: console.log });
  console.log(inspect([made, await made.texts()], { depth: 6 }));
}

(async () => {
  for (const corpus of corpora)
    await study(corpus).catch((error) =>
      console.error(error.stack, inspect({ ...error, cause: error.cause }, { depth: 6 })),
    );
})();
