import { parseUtcText, utcText } from "@countersign/clock/clock";
import { ok } from "@countersign/contracts/denial";
import { QUOTE_FIELDS, type Quote } from "@countersign/contracts/instrument";
import { RPCS } from "@countersign/contracts/subjects";
import { quoteWith } from "@countersign/testing/quote";
import fc from "fast-check";
import { expect, test } from "vitest";
import { parseMessage } from "./parse-message.ts";
import { PreparedReply } from "./prepared-reply.ts";

const EPOCH_MS = Date.UTC(2026, 10, 20);
const price = fc.option(fc.nat({ max: 10_000 }).map((cents) => (cents / 100).toFixed(2)));
const quotes = fc
  .record({ bid: price, ask: price, last: price, volume: price, times: fc.array(fc.nat(86_400_000), { minLength: 8 }) })
  .map(({ times, ...values }) => {
    const quote = quoteWith({ conid: 1, currency: "USD", asOf: utcText(EPOCH_MS), ...values });
    for (const [index, field] of QUOTE_FIELDS.entries()) {
      const value = quote[field];
      if (value.state === "known") quote[field] = { ...value, asOf: utcText(EPOCH_MS + (times[index] ?? 0)) };
    }
    return { ...quote, asOf: utcText(EPOCH_MS + (times[7] ?? 0)) };
  });

function withAges(quote: Quote, ageSince: (wallMs: number) => number): Quote {
  const renewed: Quote = { ...quote, ageMs: ageSince(parseUtcText(quote.asOf)) };
  for (const field of QUOTE_FIELDS) {
    const value = quote[field];
    if (value.state === "known") renewed[field] = { ...value, ageMs: ageSince(parseUtcText(value.asOf)) };
  }
  return renewed;
}

test("at any time the prepared text is the message that would be made then, and fits its schema", () => {
  fc.assert(
    fc.property(quotes, fc.integer({ min: -1_000, max: 2 ** 45 }), (quote, sinceMs) => {
      const nowMs = EPOCH_MS + sinceMs + 0.4;
      const text = PreparedReply.of(RPCS.quote, (ageSince) => ok(withAges(quote, ageSince))).textAt(nowMs);
      const made = ok(withAges(quote, (wallMs) => Math.max(0, Math.round(nowMs - wallMs))));
      expect(text).toBe(JSON.stringify(made));
      expect(parseMessage(RPCS.quote.reply, JSON.parse(text)).success).toBe(true);
    }),
  );
});

test("what does not fit the schema, with one age or with all, cannot be prepared", () => {
  const quote = quoteWith({ conid: 1, currency: "USD", asOf: utcText(EPOCH_MS), bid: "1" });
  const broken = { ...quote, conid: -1 };
  expect(() => PreparedReply.of(RPCS.quote, () => ok(broken))).toThrow("does not fit");
  const reply = () => ({ outcome: "ok", value: quote, waitedMs: 1 }) as const;
  // Such a reply is told at most an age of its own: one that may not be 0, or that is asked for and not used, is refused.
  expect(() => PreparedReply.of(RPCS.quote, (ageSince) => ({ ...reply(), waitedMs: ageSince(0) }))).toThrow(
    "does not fit",
  );
  const unused = (ageSince: (wallMs: number) => number) => (ageSince(0) < 0 ? ok(quote) : reply());
  expect(() => PreparedReply.of(RPCS.quote, unused)).toThrow("place of its own");
});

test("what is handed over to be prepared may change later: the text does not", () => {
  const quote = quoteWith({ conid: 1, currency: "USD", asOf: utcText(EPOCH_MS), bid: "1" });
  const prepared = PreparedReply.of(RPCS.quote, (ageSince) => ok(withAges(quote, ageSince)));
  const before = prepared.textAt(EPOCH_MS);
  quote.conid = 2;
  expect(prepared.textAt(EPOCH_MS)).toBe(before);
});
