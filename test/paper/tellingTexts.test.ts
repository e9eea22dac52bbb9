import assert from "node:assert/strict";
import { test } from "node:test";
import { tellingTexts } from "../../src/paper/adversaries";
import { createRandom } from "../../src/stats/random";
import { questions, studyOf } from "./studies";

function studyWith(texts: readonly { id: string; jsd: number | undefined; [name: string]: unknown }[], given = {}) {
  const study = studyOf({ count: texts.length, ...given }, (index) => {
    const { jsd, ...fields } = texts[index]!;
    return { words: 12, searchJsd01: jsd, searchJsd05: 1, ...fields };
  });
  return { ...study, texts: async () => texts.map(({ id }) => ({ words: id === "concealed" ? undefined : [id] })) };
}

test("the furthest come first, then the one in the middle, of those that fit", async () => {
  const random = createRandom("telling");
  const fitting = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.65].map((jsd) => ({ id: `t${jsd}`, jsd }));
  const others = [
    { id: "short", jsd: 0.69, words: 7 },
    { id: "long", jsd: 0.69, words: 41 },
    { id: "wrong", jsd: 0.69, label: "bad" },
    { id: "nothing", jsd: undefined },
    { id: "concealed", jsd: 0.69 },
  ];
  const chosen = await tellingTexts({ configurations: [studyWith(random.shuffle([...fitting, ...others]))] });
  assert.deepEqual(
    chosen.map(({ row, jsd, title }) => [row.id, jsd, title]),
    [
      ["t0.65", 0.65, "sst, t0.65: the furthest"],
      ["t0.6", 0.6, "sst, t0.6: the furthest"],
      ["t0.4", 0.4, "sst, t0.4: the median"],
    ],
  );
});

test("equal ones stand by id, few are all shown once, none is none", async () => {
  const ids = async (texts: Parameters<typeof studyWith>[0], given = {}) =>
    (await tellingTexts({ configurations: [studyWith(texts, given)] })).map(({ row }) => row.id);
  assert.deepEqual(
    await ids([
      { id: "b", jsd: 0.5 },
      { id: "a", jsd: 0.5 },
    ]),
    ["a", "b"],
  );
  assert.deepEqual(await ids([{ id: "a", jsd: undefined }]), []);
  assert.equal((await ids([1, 2, 3].map((jsd) => ({ id: `${jsd}`, jsd })))).length, 2, "the middle is shown already");
  assert.deepEqual(await ids([{ id: "a", jsd: undefined }], questions), ["a"], "of questions the paper's ε is .05");
});
