import { expect, test } from "vitest";
import { runChaos } from "./chaos-run.ts";

test("orders placed, changed and cancelled under cuts: none twice, none lost, none in a wrong state", async () => {
  const report = await runChaos({ seed: 7, cycles: 60, perWorld: 60, perComparison: 10 });
  expect(report.verdicts).toEqual([]);
  expect(report.orders).toBe(60);
  expect(report.chosenCuts).toBeGreaterThan(30);
  expect(report.stolen).toBeGreaterThan(3);
});
