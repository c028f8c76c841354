import { describe, expect, test } from "vitest";
import { compareTws } from "./tws-fidelity.ts";

describe("the fake TWS against the simulator on its socket", () => {
  test("the same random scripts on both -> clients know the same of orders, executions and ids", {
    timeout: 60_000,
  }, async () => {
    const { scripts, results, divergences } = await compareTws({ from: 1, scripts: 20 });
    expect(divergences).toEqual([]);
    expect(scripts).toBe(20);
    expect(results).toBeGreaterThan(200);
  });
});
