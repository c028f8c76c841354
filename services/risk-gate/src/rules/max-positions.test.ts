import fc from "fast-check";
import { missing } from "../facts/fact.ts";
import { AAPL, holding, msft, withBook, working } from "../testing/book-facts.ts";
import { ruleTests } from "../testing/rule-tests.ts";
import { maxPositions } from "./max-positions.ts";

const { passes, denies, boundary, missingDenies, property } = ruleTests(maxPositions, {
  ...{ unit: "instruments", tightens: { max: [50, 49] } },
  finds: { limit: "50", value: "1", headroom: "49" },
});
const many = (count: number) => Array.from({ length: count }, (_, index) => msft({ conid: index + 1, quantity: "1" }));

boundary("the fiftieth instrument, and one more", "MAX_POSITIONS", {
  inside: { facts: withBook(many(49)), finds: { value: "50", headroom: "0" } },
  outside: { facts: withBook(many(50)), finds: { value: "51", headroom: "-1" } },
});
denies("an instrument in which only an order works counts", "MAX_POSITIONS", {
  facts: withBook([...many(49), msft({ conid: 99, quantity: "0", unitValue: null })], [working({ conid: 99 })]),
  finds: { value: "51", headroom: "-1", says: "the account would hold 51 instruments; at most 50" },
});
passes("more of what is held already", {
  facts: withBook([...many(49), holding()]),
  finds: { value: "50", headroom: "0" },
});
passes("a sale of what is held, in an account with too many", {
  terms: { side: "SELL" },
  facts: withBook([...many(70), holding()]),
  finds: { value: "71", headroom: "-21", says: "71 instruments" },
});
missingDenies("no book", "EXPOSURE_UNKNOWN", { facts: { ...withBook([]), book: missing("none") } });

property("only a new instrument beyond the number is denied", fc.tuple(fc.nat(100), fc.boolean()), {
  make: ([count, isHeld]) => ({ facts: withBook([...many(count), ...(isHeld ? [holding({ conid: AAPL })] : [])]) }),
  holds: ({ outcome }, [count, isHeld]) => (outcome === "deny") === (!isHeld && count + 1 > 50),
});
