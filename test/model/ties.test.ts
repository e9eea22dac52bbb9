import assert from "node:assert/strict";
import { before, test } from "node:test";
import { importances } from "../../src/analysis/importances/all";
import { leaveOneOut } from "../../src/analysis/importances/leaveOneOut";
import { loadBackend } from "../../src/backend/tensorflow";
import type { Example, Task } from "../../src/data/dataset";
import type { LinearDecoder } from "../../src/model/decoder";
import { predict } from "../../src/model/predict";
import { rerun } from "../../src/model/rerun";
import { textDecoders } from "../../src/model/textDecoders";
import { firstAlike, outputKey, removalsAlike } from "../../src/model/ties";
import { kendallTau } from "../../src/stats/kendall";
import { createRandom } from "../../src/stats/random";
import { explained } from "../analysis/explained";
import { assertAllClose } from "../close";
import { randomExamples, smallModel, withQuestions } from "./smallModel";

before(() => loadBackend());

const reaches = { bilstm: undefined, cnn: 3, average: 0 } as const;
const encoders = ["bilstm", "cnn", "average"] as const;

/** A text of few distinct words, with runs, and long enough for a word to have the same surroundings twice. */
function repetitive(words: number, seed: string): Example {
  const random = createRandom(seed);
  const phrase = Array.from({ length: 9 }, () => `word${random.integer(2)}`);
  const tokens = Array.from({ length: words }, (_, t) => (random.uniform() < 0.05 ? "unheard" : phrase[t % 9]!));
  return { id: seed, tokens, label: 0 };
}

/** The words around each word, "?" beyond the ends, which stand for start, end and nothing. */
const around = ({ tokens }: Example, t: number, reach: number) =>
  Array.from({ length: 2 * reach + 1 }, (_, i) => {
    const place = t + i - reach;
    if (tokens[place] !== undefined) return tokens[place];
    return place < 0 ? `${place}` : `+${place - tokens.length}`;
  }).join();

/** Fails unless values are equal, to the last bit, exactly where keys are. */
function assertTies(values: readonly number[], keys: readonly string[], what: string): void {
  const byKey = new Map<string, number>();
  for (const [t, key] of keys.entries()) {
    if (!byKey.has(key)) byKey.set(key, values[t]!);
    assert.ok(
      Object.is(values[t], byKey.get(key)),
      `${what}: word ${t} has ${values[t]}, another like it ${byKey.get(key)}`,
    );
  }
}

/** What is left of a text without each word, as an encoder of this reach sees it. */
function leftKeys(text: Example, reach: number | undefined): string[] {
  return text.tokens.map((_, removed) => {
    const left = { ...text, tokens: text.tokens.filter((_, t) => t !== removed) };
    if (reach === undefined) return left.tokens.join();
    return left.tokens
      .map((_, t) => around(left, t, reach))
      .sort()
      .join(";");
  });
}

test("words and removals are alike exactly where the words around them are, or what is left", () => {
  for (let trial = 0; trial < 60; trial++) {
    const text = repetitive(1 + (trial % 30), `groups ${trial}`);
    const names = [...new Set(text.tokens)];
    const ids = text.tokens.map((token) => 4 + names.indexOf(token));
    const groupsOf = (keys: readonly string[]) => keys.map((key) => keys.indexOf(key));
    for (const reach of [0, 1, 3]) {
      assert.deepEqual(firstAlike(ids, reach), groupsOf(ids.map((_, t) => around(text, t, reach))));
    }
    for (const reach of [undefined, 0, 1, 3]) {
      const expected = groupsOf(leftKeys(text, reach));
      const received = new Array<number>(ids.length);
      for (const words of removalsAlike(ids, reach)) for (const word of words) received[word] = words[0]!;
      assert.deepEqual(received, expected, `${text.tokens} without each, reach ${reach}`);
      const left = ids.map((_, removed) =>
        outputKey(
          ids.filter((_, t) => t !== removed),
          reach,
        ),
      );
      assert.deepEqual(groupsOf(left), expected);
    }
  }
});

for (const encoder of encoders) {
  for (const task of ["classification", "question answering"] as Task[]) {
    test(`what is equal by definition is equal to the last bit at every place in a batch: ${encoder}, ${task}`, async () => {
      const model = smallModel({ encoder, hiddenSize: 13, embeddingSize: 11 }, task);
      const company = [...randomExamples([23, 5, 41, 17]), ...[11, 29, 40].map((n) => repetitive(n, `with ${n}`))];
      const text = repetitive(34, `${encoder} ${task}`);
      for (const place of [0, 4, company.length]) {
        const plain = [...company.slice(0, place), text, ...company.slice(place)];
        const texts = task === "classification" ? plain : withQuestions(plain, task);
        const predictions = await predict(model, texts);
        const values = await Promise.all(
          importances.map(async (importance) => [importance.name, await explained(importance, model, texts)] as const),
        );
        const reach = reaches[encoder];
        for (const [index, one] of texts.entries()) {
          const keys = (distance: number | undefined) =>
            one.tokens.map((_, t) => (distance === undefined ? `${t}` : around(one, t, distance)));
          assertTies(predictions[index]!.attention, keys(reach), "attention");
          for (const [name, ofTexts] of values) {
            const tied = name === "leaveOneOut" ? leftKeys(one, reach) : keys(reach && 2 * reach);
            assertTies(ofTexts[index]!, name === "random" ? keys(undefined) : tied, name);
          }
        }
        for await (const { index, decoder } of textDecoders(model, texts)) {
          if (decoder.kind !== "linear" || reach === undefined) continue;
          const { contributions } = decoder satisfies LinearDecoder;
          assertTies(
            [...contributions],
            texts[index]!.tokens.map((_, t) => around(texts[index]!, t, reach)),
            "s",
          );
        }
      }
    });
  }

  test(`a text has the same importances alone and in company: ${encoder}`, async () => {
    const model = smallModel({ encoder, hiddenSize: 8 });
    const texts = [...randomExamples([6, 21, 3]), repetitive(13, "alone")];
    for (const importance of importances) {
      const together = await explained(importance, model, texts);
      for (const [index, text] of texts.entries()) {
        const [alone] = await explained(importance, model, [text]);
        assertAllClose(alone!, together[index]!, `${importance.name} of ${text.id}`, 1e-6);
      }
    }
  });

  test(`texts that are read anew have equal outputs where they are equal by definition: ${encoder}`, async () => {
    const model = smallModel({ encoder, hiddenSize: 8 });
    const text = repetitive(30, "anew");
    const shorter = text.tokens.map((_, t) => ({ words: text.tokens.filter((_, other) => other !== t) }));
    const outputs = (await rerun(model, text, shorter)).map(({ output }) => output[1]!);
    assertTies(outputs, leftKeys(text, reaches[encoder]), "output");
  });
}

test("a text of two words, each several times, agrees fully, oppositely or not at all with the average encoder", async () => {
  const model = smallModel({ encoder: "average" });
  for (let trial = 0; trial < 30; trial++) {
    const random = createRandom(`two words ${trial}`);
    const words = [`word${random.integer(20)}`, `word${20 + random.integer(20)}`];
    const tokens = Array.from({ length: 4 + random.integer(20) }, () => words[random.integer(2)]!);
    const texts = [{ id: "two", tokens, label: 0 }];
    const [prediction] = await predict(model, texts);
    const [removal] = await explained(leaveOneOut, model, texts);
    const { value } = kendallTau(prediction!.attention, removal!);
    assert.ok(value === undefined || Math.abs(Math.abs(value) - 1) < 1e-12, String(value));
  }
});
