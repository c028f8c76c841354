import fc from "fast-check";
import { missing } from "../facts/fact.ts";
import { withFact } from "../test-facts.ts";
import { msft, withBook } from "../testing/book-facts.ts";
import { ruleTests } from "../testing/rule-tests.ts";
import { assetClassExposure } from "./asset-class-exposure.ts";

const { passes, denies, boundary, missingDenies, property } = ruleTests(assetClassExposure);
const stocks = (percent: string) => ({ limits: { percentMax: { STK: percent } } });

boundary("everything of the class counts", "ASSET_CLASS_EXPOSURE", {
  inside: { facts: withBook([msft({ quantity: "20" })]), ...stocks("12.3002") },
  outside: { facts: withBook([msft({ quantity: "20" })]), ...stocks("12.3001") },
});
denies("a class without a limit", "ASSET_CLASS_EXPOSURE", { facts: withFact("instrument", { secType: "WAR" }) });
denies("options count with their multiplier: ten of 100", "ASSET_CLASS_EXPOSURE", {
  facts: withFact("instrument", { secType: "OPT", multiplier: "100" }),
});
passes("another class does not count", {
  facts: withBook([msft({ quantity: "20", secType: "OPT" })]),
  ...stocks("2.4"),
});
missingDenies("no book", "EXPOSURE_UNKNOWN", { facts: { ...withBook([]), book: missing("none") } });
missingDenies("no summary", "EXPOSURE_UNKNOWN", { facts: { ...withBook([]), summary: missing("none") } });

property(
  "denied exactly above the limit of the class",
  fc.tuple(fc.nat(100), fc.boolean(), fc.integer({ min: 1, max: 60 })),
  {
    make: ([quantity, isSame, percent]) => ({
      facts: withBook([msft({ quantity: String(quantity), secType: isSame ? "STK" : "FUT" })]),
      ...stocks(String(percent)),
    }),
    holds: ({ outcome }, [quantity, isSame, percent]) =>
      (outcome === "deny") === (isSame ? quantity : 0) * 50_000 + 230_020 > percent * 100_000,
  },
);
