import { join } from "node:path";
import { loadConfig } from "@countersign/config/load";
import { describe, expect, test } from "vitest";
import { PRICING } from "../test-facts.ts";
import { FeeTable } from "./fee-table.ts";

describe("the table of fees", () => {
  const shipped = PRICING.table;
  test("has its sources and the day on which they were looked at", () => {
    expect(shipped.checkedOn).toMatch(/^2026-/);
    for (const one of shipped.schedules) expect(one.source.length).toBeGreaterThan(5);
  });
  test.each([
    ["a fee that is not there", { schedules: [{ ...shipped.schedules[0], fees: ["nothing"] }] }],
    ["two ways to bill", { schedules: [{ ...shipped.schedules[0], commission: { perUnit: "1", perValue: "1" } }] }],
    [
      "days out of order",
      {
        fees: {
          ...shipped.fees,
          sec: {
            ...shipped.fees.sec,
            rates: [
              { from: "2026-01-02", rate: "1" },
              { from: "2026-01-01", rate: "1" },
            ],
          },
        },
      },
    ],
    ["a key that nobody reads", { extra: 1 }],
  ])("with %s is refused", (_name, change) =>
    expect(FeeTable.safeParse({ ...shipped, ...change }).success).toBe(false),
  );
  test("is what the service loads", () => {
    const file = join(import.meta.dirname, "../../../../config/fees.yaml");
    expect(loadConfig({ schema: FeeTable, file }).config).toEqual(shipped);
  });
});
