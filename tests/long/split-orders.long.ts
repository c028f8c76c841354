import { expect, test } from "vitest";
import { splitOrders } from "../../services/risk-gate/src/testing/split-orders.ts";

test("1,000,000 parts of orders, with restarts of the gate between them: no cut passes what the whole would not", () => {
  const { passed, refused } = splitOrders(135_000, 20_261_121);
  expect(passed + refused).toBeGreaterThan(1_000_000);
  expect(passed).toBeGreaterThan(100_000);
  expect(refused).toBeGreaterThan(100_000);
});
