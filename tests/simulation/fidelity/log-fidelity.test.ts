import { describe, expect, test } from "vitest";
import { compareLogs } from "./log-fidelity.ts";

describe("the fake log against the real nats-server", () => {
  test("the same random scripts on both -> the same results, message for message", async () => {
    const { scripts, results, divergences } = await compareLogs({ from: 1, scripts: 120, disruptedEvery: 60 });
    expect(divergences).toEqual([]);
    expect(scripts).toBe(120);
    expect(results).toBeGreaterThan(1_500);
  });
});
