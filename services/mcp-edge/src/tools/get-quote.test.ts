import { ok } from "@countersign/contracts/denial";
import type { Quote } from "@countersign/contracts/instrument";
import { RPCS } from "@countersign/contracts/subjects";
import { quoteWith } from "@countersign/testing/quote";
import { expect, test } from "vitest";
import { edgeUnderTest } from "../testing/edge-under-test.ts";
import { appOf, call } from "../testing/wire.ts";

const NOW = "2026-11-20T14:30:00.000Z";
const BEFORE = "2026-11-20T14:25:00.000Z";
const QUOTE = quoteWith({ conid: 265598, currency: "USD", asOf: NOW, bid: "99", ask: "101", last: "100", ageMs: 20 });

async function shown(quote: Quote) {
  const { edge } = edgeUnderTest({ [RPCS.quote.subject]: () => ok(quote) });
  return (await call(appOf(edge), "get_quote", { conid: 265598 })).value;
}

test("the age of a quote is that of its numbers; with one from before the data type changed it is that one's", async () => {
  expect(await shown(QUOTE)).toMatchObject({ bid: "99", as_of: NOW, age_ms: 20 });
  if (QUOTE.bid.state !== "known") throw new TypeError("no bid");
  const bid = { ...QUOTE.bid, asOf: BEFORE, ageMs: 300_020, flags: ["beforeTypeChange" as const] };
  expect(await shown({ ...QUOTE, bid })).toMatchObject({ bid: "99", as_of: BEFORE, age_ms: 300_020 });
});
