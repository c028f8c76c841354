import { parseUtcText, utcText } from "@countersign/clock/clock";
import { ManualClock } from "@countersign/clock/manual-clock";
import { ok, type Reply } from "@countersign/contracts/denial";
import type { Quote } from "@countersign/contracts/instrument";
import { RPCS } from "@countersign/contracts/subjects";
import { quoteWith } from "@countersign/testing/quote";
import fc from "fast-check";
import { expect, test } from "vitest";
import type { Source } from "./broker-source.ts";
import { Quotes } from "./quotes.ts";
import { testConfig } from "./test-config.ts";

const START_MS = Date.UTC(2026, 10, 20, 15);
const AAPL = 265598;

function quotesOf(clock: ManualClock, answer: (conid: number) => Promise<Reply<Quote>>): Quotes {
  return new Quotes({ clock, source: { quote: answer } as Source, config: testConfig() });
}

/** Its wall time can be put forward by itself. */
class SteppedClock extends ManualClock {
  aheadMs = 0;

  override nowMs(): number {
    return super.nowMs() + this.aheadMs;
  }
}

const quoteAt = (conid: number, atMs: number) =>
  quoteWith({ conid, currency: "USD", asOf: utcText(atMs), bid: "10", ask: "10.01", last: "10" });

/** As a caller gets it: at once from memory, else by the handler. */
async function told(quotes: Quotes, clock: ManualClock, conid: number, maxAgeMs: number): Promise<Reply<Quote>> {
  const ready = quotes.prepared(conid, maxAgeMs);
  if (ready === undefined) return quotes.get(conid, maxAgeMs);
  return RPCS.quote.reply.parse(JSON.parse(ready.textAt(clock.nowMs())));
}

const Question = fc.record({
  afterMs: fc.nat({ max: 3_000 }),
  maxAgeMs: fc.oneof(fc.constant(0), fc.nat({ max: 70_000 })),
  conid: fc.constantFrom(1, 2),
  takesMs: fc.nat({ max: 2_000 }),
  behindMs: fc.oneof(fc.constant(0), fc.nat({ max: 5_000 })),
});

test("no quote is older than asked for, whether it is told from memory or loaded, and its age is the one it has then", async () => {
  const property = fc.asyncProperty(fc.array(Question, { minLength: 2, maxLength: 25 }), async (questions) => {
    const clock = new ManualClock(START_MS);
    let now = questions[0];
    const quotes = quotesOf(clock, async (conid) => {
      const { takesMs = 0, behindMs = 0 } = now ?? {};
      await clock.sleep(takesMs);
      return ok(quoteAt(conid, clock.nowMs() - behindMs));
    });
    const answers: Promise<void>[] = [];
    for (const question of questions) {
      await clock.advance(question.afterMs);
      now = question;
      const askedAtMs = clock.nowMs();
      const check = (reply: Reply<Quote>) => {
        if (reply.outcome === "denied") return expect(reply.denial.code).toBe("DATA_TOO_OLD");
        const { asOf, ageMs, bid } = reply.value;
        expect(parseUtcText(asOf)).toBeGreaterThanOrEqual(askedAtMs - question.maxAgeMs);
        expect(ageMs).toBe(clock.nowMs() - parseUtcText(asOf));
        expect(bid).toMatchObject({ ageMs });
      };
      answers.push(told(quotes, clock, question.conid, question.maxAgeMs).then(check));
    }
    await clock.advance(5_000);
    await Promise.all(answers);
  });
  await fc.assert(property, { numRuns: 150 });
});

test("what is told from memory is what the handler would tell, and counts as an answer from memory", async () => {
  const clock = new ManualClock(START_MS);
  const quotes = quotesOf(clock, async (conid) => ok(quoteAt(conid, START_MS)));
  expect(quotes.prepared(AAPL, 60_000)).toBeUndefined();
  await quotes.get(AAPL, 60_000);
  for (const waitMs of [0, 1, 999, 58_000]) {
    await clock.advance(waitMs);
    const before = quotes.metrics().hits;
    const text = quotes.prepared(AAPL, 60_000)?.textAt(clock.nowMs());
    expect(quotes.metrics().hits).toBe(before + 1);
    expect(text).toBe(JSON.stringify(await quotes.get(AAPL, 60_000)));
  }
  await clock.advance(2_000);
  expect(quotes.prepared(AAPL, 120_000)).toBeUndefined();
});

test("a clock that was put forward -> nothing is told from memory that looks too old now", async () => {
  const clock = new SteppedClock(START_MS);
  const quotes = quotesOf(clock, async (conid) => ok(quoteAt(conid, START_MS)));
  await quotes.get(AAPL, 5_000);
  expect(quotes.prepared(AAPL, 5_000)).toBeDefined();
  clock.aheadMs = 10_000;
  expect(quotes.prepared(AAPL, 5_000)).toBeUndefined();
});

test("an agent that asks the same in a loop costs the broker nothing; another's question is loaded meanwhile", async () => {
  const clock = new ManualClock(START_MS);
  const asked: number[] = [];
  const quotes = quotesOf(clock, async (conid) => {
    asked.push(conid);
    return ok(quoteAt(conid, clock.nowMs()));
  });
  await quotes.get(AAPL, 60_000);
  const loop = Array.from({ length: 10_000 }, () => told(quotes, clock, AAPL, 60_000));
  const other = await quotes.get(1, 60_000);
  expect(other.outcome).toBe("ok");
  expect(new Set((await Promise.all(loop)).map(({ outcome }) => outcome))).toEqual(new Set(["ok"]));
  expect(asked).toEqual([AAPL, 1]);
});
