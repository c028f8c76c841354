import type { Position } from "@countersign/contracts/account";
import { expect, test } from "vitest";
import { HoldingsBuilder, type Knowledge } from "./holdings.ts";

const DESCRIBED = {
  ...{ symbol: "XYZ", secType: "STK", currency: "GBP", multiplier: "1", industry: "", category: "" },
};
/** A pound is 1.25. */
function valued({
  price,
  worth,
  ...change
}: {
  price?: string;
  worth?: string;
  secType?: string;
  multiplier?: string;
}) {
  const knowledge: Knowledge = {
    price: () => price,
    worth: () => worth,
    quoted: () => "not asked",
    described: () => ({ ...DESCRIBED, ...change }),
    rate: () => "1.25",
  };
  const positions = [{ conid: 1, symbol: "XYZ", quantity: "-10" }] as Position[];
  const built = new HoldingsBuilder().build("USD", positions, { alsoOf: [], knowledge });
  return "missing" in built ? built.missing : built.book.holdings[0]?.unitValue;
}

test.each<[string, Parameters<typeof valued>[0], string]>([
  ["price x multiplier x rate", { price: "40", multiplier: "10" }, "500"],
  ["the same where the broker's sum is that, but for its rounding", { price: "40", worth: "40.4" }, "50"],
  ["the broker's sum where that is more than a hundredth more", { price: "40", worth: "40.41" }, "50.5125"],
  ["price x multiplier where the broker's sum is less", { price: "40", worth: "4" }, "50"],
  ["in pence by its quotes, and in pence by the position", { price: "4000", worth: "40", multiplier: "0.01" }, "50"],
  ["in pence by its quotes, and in pounds by the position", { price: "40", worth: "40", multiplier: "0.01" }, "50"],
  [
    "a bond by the broker's sum, whatever its price is a per cent of",
    { price: "98", worth: "980", secType: "BOND" },
    "1225",
  ],
  ["a bill too", { price: "99", worth: "990", secType: "BILL" }, "1237.5"],
  ["below zero as much as above it", { price: "-40" }, "50"],
])("a unit of a position counts %s", (_, of, unitValue) => {
  expect(valued(of)).toBe(unitValue);
});

test("a bond of which the broker gives no sum, or anything without a price: nothing of the exposure is known", () => {
  const why = "XYZ (1): the broker does not say what one is worth, and its price is in per cent";
  expect(valued({ price: "98", secType: "BOND" })).toBe(why);
  expect(valued({ worth: "980", secType: "BOND" })).toBe("XYZ (1): the broker gives no price of it");
});
