import { describe, expect, test } from "vitest";
import type { WireDetails } from "../session/wire.ts";
import { PriceBands } from "./price-bands.ts";

const details = (change: object = {}) =>
  ({
    contract: { conid: 1, exchange: "SMART" },
    minTick: "0.01",
    validExchanges: "SMART,NYSE,ARCA",
    marketRuleIds: "26,240,26",
    ...change,
  }) as WireDetails;

function rules(steps: { from: string; step: string }[] = [{ from: "0", step: "0.05" }]) {
  const asked: number[] = [];
  const bands = new PriceBands(async (ruleId) => {
    asked.push(ruleId);
    return { steps };
  });
  return { bands, asked };
}

describe("the steps of an order's prices", () => {
  test("are those of the rule that stands where the order's exchange stands", async () => {
    const { bands, asked } = rules();
    await bands.of(details());
    await bands.of(details({ contract: { conid: 1, exchange: "NYSE" } }));
    expect(asked).toEqual([26, 240]);
  });
  test("come lowest band first, and a rule is asked for once", async () => {
    const { bands, asked } = rules([
      { from: "1", step: "0.01" },
      { from: "0", step: "0.0001" },
    ]);
    const found = await Promise.all([bands.of(details()), bands.of(details())]);
    expect(found[0]?.map(({ from }) => from)).toEqual(["0", "1"]);
    expect([found[1], asked]).toEqual([found[0], [26]]);
  });
  test("are the smallest tick everywhere when the rule has one band that says the same", async () => {
    expect(await rules([{ from: "0", step: "0.01" }]).bands.of(details())).toBeUndefined();
  });
  test.each([
    ["no rules", { marketRuleIds: "" }],
    ["fewer rules than exchanges", { marketRuleIds: "26" }],
    ["an exchange that is not among them", { contract: { conid: 1, exchange: "LSE" } }],
    ["a rule that is no number", { marketRuleIds: "x,1,2" }],
  ])("%s -> none are known, and nobody is asked", async (_name, change) => {
    const { bands, asked } = rules();
    expect(await bands.of(details(change))).toBeUndefined();
    expect(asked).toEqual([]);
  });
  test("a rule that does not come -> the failure goes up, and the next one asks again", async () => {
    let asked = 0;
    const bands = new PriceBands(async () => {
      asked += 1;
      throw new Error("no answer");
    });
    await expect(bands.of(details())).rejects.toThrow("no answer");
    await expect(bands.of(details())).rejects.toThrow("no answer");
    expect(asked).toBe(2);
  });
});
