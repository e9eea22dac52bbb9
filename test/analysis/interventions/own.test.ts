import assert from "node:assert/strict";
import { test } from "node:test";
import { type AttendedText, intervention } from "../../../src/analysis/intervention";
import { exact, exactAdversary } from "../../../src/analysis/interventions/adversary/exact";
import { longSearch } from "../../../src/analysis/interventions/adversary/search";
import { interventions } from "../../../src/analysis/interventions/all";
import { eraseTop } from "../../../src/analysis/interventions/eraseTop";
import { oneHot } from "../../../src/analysis/interventions/oneHot";
import { reversed } from "../../../src/analysis/interventions/reversed";
import { uniform } from "../../../src/analysis/interventions/uniform";
import { decode, type LinearDecoder } from "../../../src/model/decoder";
import { jensenShannon } from "../../../src/stats/divergence";
import { createRandom } from "../../../src/stats/random";
import { epsilonDigits } from "../../../src/study/columns";
import { assertAllClose, assertClose } from "../../close";
import { linearTexts, randomAttention, randomTanh } from "../decoders";

const settings = { permutations: 20, epsilons: [0.01, 0.03], search: { steps: 10 } };
const attended = (text: Pick<AttendedText, "decoder" | "attention">, id = "a"): AttendedText => {
  return { ...text, id, importances: {}, seed: (name) => `${name} ${id}` };
};
const linear: LinearDecoder = { kind: "linear", contributions: Float32Array.of(4, -4, 0), bias: 0 };

test("another attention moves the output, flips the decision or not, and is so far from the model's own", () => {
  const text = attended({ decoder: linear, attention: [0.6, 0.3, 0.1] });
  const expected = { reversed: [0.1, 0.3, 0.6], uniform: [1 / 3, 1 / 3, 1 / 3], eraseTop: [0, 0.75, 0.25] };
  for (const one of [reversed, uniform, eraseTop]) {
    const [{ numbers, attention }] = one.compute([text], settings) as [ReturnType<typeof one.compute>[number]];
    const other = expected[one.name];
    assertAllClose(attention!, other, one.name, 1e-12);
    const [own, output] = [decode(linear, text.attention)[1]!, decode(linear, other)[1]!];
    assertClose(numbers[`${one.name}Tvd`]!, Math.abs(own - output), 1e-12);
    assert.equal(numbers[`${one.name}Flips`], output < 0.5 ? 1 : 0);
    assertClose(numbers[`${one.name}Jsd`]!, jensenShannon(other, text.attention), 1e-12);
  }
});

test("attention on one word moves the output to that word's own, and the largest move bounds every attention's", () => {
  const text = attended({ decoder: linear, attention: [0.6, 0.3, 0.1] });
  const changes = [0, 1, 2].map((word) => {
    const [own, output] = [text.attention, [0, 1, 2].map((t) => Number(t === word))].map(
      (one) => decode(linear, one)[1]!,
    );
    return Math.abs(own! - output!);
  });
  const [{ numbers }] = oneHot.compute([text], settings) as [ReturnType<typeof oneHot.compute>[number]];
  assertClose(numbers.oneHotTvd!, changes.sort((a, b) => a - b)[1]!, 1e-12);
  assertClose(numbers.oneHotLargestTvd!, changes[2]!, 1e-12);
  const random = createRandom("oneHot");
  for (let trial = 0; trial < 100; trial++) {
    const moved = decode(linear, randomAttention(3, random, 3))[1]! - decode(linear, text.attention)[1]!;
    assert.ok(Math.abs(moved) <= numbers.oneHotLargestTvd! + 1e-12);
  }
});

test("a longer search finds at most what the exact adversary does", () => {
  const texts = linearTexts([6, 9, 12], "long").map((text, index) => attended(text, `text ${index}`));
  const [long, best] = [longSearch, exact].map((one) => one.compute(texts, { ...settings, epsilons: [0.05] }));
  for (const [index, { numbers }] of long!.entries()) {
    if (numbers.longSearchJsd05 === undefined) continue;
    assert.ok(numbers.longSearchJsd05 <= best![index]!.numbers.exactJsd05! + 1e-6);
  }
  assert.ok(long!.some(({ numbers }) => numbers.longSearchJsd05 !== undefined));
});

test("a tenth of the words is erased, one at least, and nothing is told where no attention is left", () => {
  const [long] = linearTexts([40], "erased");
  const [erased] = eraseTop.compute([attended(long!)], settings);
  const zeros = erased!.attention!.flatMap((weight, t) => (weight === 0 ? [t] : []));
  assert.equal(zeros.length, 4);
  const least = Math.min(...zeros.map((t) => long!.attention[t]!));
  assert.ok(long!.attention.every((weight, t) => zeros.includes(t) || weight <= least));
  for (const weights of [[1], [1, 0]]) {
    const decoder = { ...linear, contributions: Float32Array.from(weights) };
    const [{ numbers, attention: none }] = eraseTop.compute([attended({ decoder, attention: weights })], settings) as [
      ReturnType<typeof eraseTop.compute>[number],
    ];
    assert.deepEqual([Object.values(numbers), none], [[undefined, undefined, undefined], undefined]);
  }
});

test("of several attentions it is the median, the share and the median", () => {
  const others = [
    [0.6, 0.3, 0.1],
    [0, 1, 0],
    [0, 0.9, 0.1],
  ];
  const several = intervention("several", { title: "several", meaning: "Three.", attention: () => others });
  const text = attended({ decoder: linear, attention: others[0]! });
  const [{ numbers }] = several.compute([text], settings) as [{ numbers: Record<string, number> }];
  const changes = others.map((other) => Math.abs(decode(linear, other)[1]! - decode(linear, others[0]!)[1]!));
  assertClose(numbers.severalTvd!, changes.sort((a, b) => a - b)[1]!, 1e-12);
  assertClose(numbers.severalFlips!, 2 / 3, 1e-12);
  assertClose(numbers.severalJsd!, jensenShannon(others[2]!, others[0]!), 1e-12);
});

test("the exact adversary has every ε that is asked for, in classification alone", () => {
  const random = createRandom("exact");
  const [text] = linearTexts([8], "exact");
  const question = { decoder: randomTanh(8, random), attention: randomAttention(8, random) };
  const epsilons = [0.001, 0.002, 0.005, 0.01, 0.02, 0.03, 0.05, 0.1];
  const [ofClass, ofQuestion] = exact.compute([attended(text!), attended(question)], { ...settings, epsilons });
  const found = exactAdversary(text!.decoder, text!.attention, epsilons);
  const columns = found.map(({ epsilon, jsd }) => [`exactJsd${epsilonDigits(epsilon)}`, jsd]);
  assert.deepEqual(ofClass!.numbers, Object.fromEntries(columns));
  assertClose(jensenShannon(ofClass!.attention!, text!.attention), found[3]!.jsd, 1e-6);
  assert.deepEqual(ofQuestion, { numbers: {} });
});

test("every intervention gives the columns that it declares, the same in any company", () => {
  const texts = linearTexts([3, 9, 9], "declared").map((text, index) => attended(text, `${index}`));
  for (const one of interventions) {
    const perEpsilon = settings.epsilons.flatMap((epsilon) => {
      return (one.perEpsilon?.columns ?? []).map(({ name }) => `${name}${epsilonDigits(epsilon)}`);
    });
    const declared = [...one.columns.map(({ name }) => name), ...perEpsilon].sort();
    const together = one.compute(texts, settings);
    for (const { numbers } of together) assert.deepEqual(Object.keys(numbers).sort(), declared);
    assert.deepEqual(one.compute([texts[2]!], settings)[0], together[2], one.name);
  }
});

test("weights that are no attention, and a name that cannot begin a column's, are refused", () => {
  const text = attended({ decoder: linear, attention: [0.6, 0.3, 0.1] }, "review-1");
  const options = { title: "wrong", meaning: "Wrong." };
  for (const weights of [
    [0.5, 0.5],
    [0.5, 0.6, 0.5],
    [-0.5, 1, 0.5],
    [Number.NaN, 0.5, 0.5],
  ]) {
    const wrong = intervention("wrong", { ...options, attention: () => weights });
    assert.throws(() => wrong.compute([text], settings), {
      name: "UserError",
      message: /^The intervention "wrong" must give one weight per word, from 0 and summing to 1, but for "review-1"/,
    });
  }
  assert.throws(() => intervention("no name", { ...options, attention: () => [] }), /letters and digits/);
});
