import fc from "fast-check";
import { missing } from "../facts/fact.ts";
import { holding, msft, withBook, working } from "../testing/book-facts.ts";
import { ruleTests } from "../testing/rule-tests.ts";
import { grossExposure } from "./gross-exposure.ts";

const { passes, denies, boundary, missingDenies, property } = ruleTests(grossExposure);
const limit = (percentMax: string) => ({ limits: { percentMax } });

boundary("long and short are added", "GROSS_EXPOSURE", {
  inside: { facts: withBook([msft({ quantity: "-20" })]), ...limit("12.3002") },
  outside: { facts: withBook([msft({ quantity: "-20" })]), ...limit("12.3001") },
});
denies("a position turned is counted on its new side", "GROSS_EXPOSURE", {
  terms: { side: "SELL", quantity: "600" },
  facts: withBook([holding({ quantity: "100" })]),
});
denies("orders of both sides: the worse one of each instrument", "GROSS_EXPOSURE", {
  facts: withBook(
    [msft({ quantity: "100" }), holding({ quantity: "0", unitValue: null })],
    [working({ conid: 272093, remaining: "50", unitValue: "500" }), working({ order: "b", remaining: "100" })],
  ),
});
passes("a sale out of a book that is above the limit", {
  terms: { side: "SELL" },
  facts: withBook([holding(), msft({ quantity: "500" })]),
});
missingDenies("no book", "EXPOSURE_UNKNOWN", { facts: { ...withBook([]), book: missing("none") } });
missingDenies("no working orders", "EXPOSURE_UNKNOWN", { facts: { ...withBook([]), working: missing("none") } });
missingDenies("no summary", "EXPOSURE_UNKNOWN", { facts: { ...withBook([]), summary: missing("none") } });

const units = fc.integer({ min: -200, max: 200 });
property("denied exactly above the sum of what is worst in each instrument", fc.tuple(units, units, fc.nat(150)), {
  make: ([other, own, quantity]) => ({
    terms: { quantity: String(quantity + 1) },
    facts: withBook([msft({ quantity: String(other) }), holding({ quantity: String(own), unitValue: "230.02" })]),
  }),
  holds: ({ outcome }, [other, own, quantity]) => {
    const worst = Math.max(Math.abs(own + quantity + 1), Math.abs(own));
    const isAbove = Math.abs(other) * 50_000 + worst * 23_002 > 10_000_000;
    return (outcome === "deny") === (isAbove && worst > Math.abs(own));
  },
});
