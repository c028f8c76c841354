import fc from "fast-check";
import { missing } from "../facts/fact.ts";
import { withFact } from "../test-facts.ts";
import { partHistory, withHistory } from "../testing/book-facts.ts";
import { ruleTests } from "../testing/rule-tests.ts";
import { minimumLiquidity } from "./minimum-liquidity.ts";

const { passes, denies, boundary, missingDenies, property } = ruleTests(minimumLiquidity);
const traded = (averageVolume: string | null, volumeSessions = 20) => ({
  facts: withHistory({ parts: [{ ...partHistory([]), averageVolume, volumeSessions }] }),
});

boundary("exactly the least volume, and a share less", "LIQUIDITY", {
  inside: traded("100000"),
  outside: traded("99999"),
});
boundary("1 % of a day's volume, and a share more", "LIQUIDITY", {
  inside: { ...traded("100000"), terms: { quantity: "1000" } },
  outside: { ...traded("100000"), terms: { quantity: "1001" } },
});
boundary("as many sessions as are needed, and one fewer", "HISTORY_MISSING", {
  inside: traded("1000000", 5),
  outside: traded("1000000", 4),
});
denies("a sale is held to it as well", "LIQUIDITY", { ...traded("100000"), terms: { side: "SELL", quantity: "5000" } });
passes("a class of which nobody reports the volume", {
  facts: { ...withFact("instrument", { secType: "CASH" }), history: missing("none") },
});
missingDenies("no history", "HISTORY_MISSING", { facts: { history: missing("none") } });
missingDenies("no volume", "HISTORY_MISSING", traded(null));
missingDenies("a volume of zero", "HISTORY_MISSING", traded("0"));
missingDenies("no instrument", "HISTORY_MISSING", { facts: { instrument: missing("none") } });

property(
  "denied exactly below the volume or above the share",
  fc.tuple(fc.integer({ min: 1, max: 300_000 }), fc.integer({ min: 1, max: 3_000 })),
  {
    make: ([volume, quantity]) => ({ ...traded(String(volume)), terms: { quantity: String(quantity) } }),
    holds: ({ outcome }, [volume, quantity]) => (outcome === "deny") === (volume < 100_000 || quantity * 100 > volume),
  },
);
