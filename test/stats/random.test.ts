import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { createRandom, deriveSeed } from "../../src/stats/random";
import { mean, standardDeviation } from "../../src/stats/summary";

describe("createRandom", () => {
  it("gives the same numbers for the same seed on every machine", () => {
    const random = createRandom(0);
    assert.deepEqual(
      [random.uniform(), random.uniform(), random.integer(1000), random.normal()],
      [0.5945264335737063, 0.12979769093792703, 479, 0.35799842340268795],
    );
    assert.deepEqual(createRandom("kept").shuffle([1, 2, 3, 4, 5, 6]), [5, 6, 1, 4, 2, 3]);
  });

  it("gives other numbers for another seed, and the same for 1 and its text", () => {
    assert.notEqual(createRandom(1).uniform(), createRandom(2).uniform());
    assert.equal(createRandom(1).uniform(), createRandom("1").uniform());
  });

  it("refuses to seed itself", () => {
    for (const seed of [undefined, Number.NaN, null]) {
      assert.throws(() => createRandom(seed as unknown as number), /need a seed/);
    }
  });

  it("draws uniform and normal numbers with the right mean and spread", () => {
    const random = createRandom("moments");
    const uniform = Array.from({ length: 20000 }, () => random.uniform());
    const normal = Array.from({ length: 20000 }, () => random.normal());
    assert.ok(uniform.every((value) => value >= 0 && value < 1));
    assert.ok(Math.abs(mean(uniform) - 0.5) < 0.01);
    assert.ok(Math.abs(standardDeviation(uniform) - Math.sqrt(1 / 12)) < 0.01);
    assert.ok(Math.abs(mean(normal)) < 0.03);
    assert.ok(Math.abs(standardDeviation(normal) - 1) < 0.03);
    const beyond = normal.filter((value) => Math.abs(value) > 1.96).length / normal.length;
    assert.ok(Math.abs(beyond - 0.05) < 0.01, `${beyond} lie beyond 1.96`);
  });

  it("shuffles into every order equally often and leaves the input alone", () => {
    const random = createRandom("orders");
    const items = Object.freeze(["a", "b", "c"]);
    const counts = new Map<string, number>();
    for (let round = 0; round < 6000; round += 1) {
      const order = random.shuffle(items).join("");
      counts.set(order, (counts.get(order) ?? 0) + 1);
    }
    assert.equal(counts.size, 6);
    for (const [order, count] of counts) assert.ok(Math.abs(count - 1000) < 150, `${order} came ${count} times`);
  });

  it("draws whole numbers below a limit and refuses a limit without any", () => {
    const random = createRandom(3);
    assert.deepEqual(new Set(Array.from({ length: 200 }, () => random.integer(4))), new Set([0, 1, 2, 3]));
    for (const below of [0, -1, 1.5, Number.NaN]) assert.throws(() => random.integer(below), /whole number/);
  });
});

describe("deriveSeed", () => {
  it("tells apart what only looks alike", () => {
    const seeds = [
      deriveSeed(1),
      deriveSeed(1, "a", "b"),
      deriveSeed(1, "a,b"),
      deriveSeed(1, 2),
      deriveSeed(1, "2"),
      deriveSeed(12),
      deriveSeed(2, "a", "b"),
    ];
    assert.equal(new Set(seeds).size, seeds.length);
    assert.equal(new Set(seeds.map((seed) => createRandom(seed).uniform())).size, seeds.length);
  });
});
