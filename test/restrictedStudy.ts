// Run by restricted.test.ts in a process of its own: a study of each restricted corpus, with all that is printed of it.
import { inspect } from "node:util";
import { loadDataset, tokenizeFor } from "../src/data/catalog";
import { ownCorpus } from "../src/data/ownCorpus";
import { disposeModel } from "../src/model/model";
import { explainText } from "../src/ownText/analyze";
import { makeStudy } from "../src/study/makeStudy";
import { obtainModel } from "../src/study/obtainModel";
import { smallOptions } from "./model/smallModel";

const [out, vectors, ...corpora] = process.argv.slice(2) as [string, string, ...string[]];

async function study(name: string): Promise<void> {
  const own = { path: name, questionColumn: "question", restricted: true };
  const corpus = name.endsWith(".csv") ? own : name;
  const dataset = await (corpus === own ? ownCorpus(own) : loadDataset(name));
  console.log(inspect(dataset, { depth: 6, maxArrayLength: 1000 }));
  const options = { ...smallOptions, epochs: 2, wordVectors: vectors };
  const { model } = await obtainModel(dataset, options);
  const tokens = tokenizeFor(corpus, "A kanarienvogel has pain.");
  console.log(model, corpus === own ? tokens : await explainText(model, tokens));
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
