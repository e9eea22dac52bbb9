import assert from "node:assert/strict";

/** Fails unless the lists have the same length and agree to `tolerance`, absolute; the message names the worst place. */
export function assertAllClose(
  received: ArrayLike<number>,
  expected: ArrayLike<number>,
  what: string,
  tolerance = 1e-5,
): void {
  assert.equal(received.length, expected.length, `${what}: the lengths differ`);
  const differences = Array.from(received, (value, index) => Math.abs(value - expected[index]!));
  const worst = differences.findIndex((difference) => !(difference <= tolerance));
  if (worst < 0) return;
  assert.fail(`${what}[${worst}]: ${received[worst]} came, ${expected[worst]} was expected (${tolerance} allowed)`);
}

/** Fails unless two numbers agree to `tolerance`, absolute. */
export function assertClose(received: number, expected: number, tolerance: number): void {
  assertAllClose([received], [expected], "number", tolerance);
}
