import { utcText } from "@countersign/clock/clock";
import { QUOTE_FIELDS } from "@countersign/contracts/instrument";
import { numberOf } from "@countersign/contracts/market-value";
import { OrderTerms } from "@countersign/contracts/order";
import { RPCS } from "@countersign/contracts/subjects";
import { covers } from "@countersign/testing/covers";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { AAPL } from "../../services/broker-gateway/src/test-support.ts";
import { eventually } from "../../services/broker-gateway/src/testing/eventually.ts";
import { known } from "../../services/risk-gate/src/facts/fact.ts";
import { knownPrice } from "../../services/risk-gate/src/rules/known-price.ts";
import { FACTS, POLICY, TERMS } from "../../services/risk-gate/src/test-facts.ts";
import { buildBook } from "../../services/tws-simulator/src/market/book.ts";
import { type Reader, StreamWorld } from "./stream-world.ts";

/** Lines that streams may have here; ten more are kept for single quotes. */
const STREAM_LINES = 12;
const PER_ASKER = 6;
const STOCKS = [...buildBook().values()].filter(({ secType }) => secType === "STK").map(({ conId }) => conId);
const [MSFT = 0, ...OTHERS] = STOCKS.filter((conid) => conid !== AAPL);

const UNASKED = { state: "missing", reason: "not asked" } as const;

let world: StreamWorld;
let gate: Reader;
let people: Reader;

beforeAll(async () => {
  const streams = { linesPerAskerMax: PER_ASKER, tickGapMs: 20, silentAfterMs: 1_000, leaseMs: 1_500 };
  world = await StreamWorld.open({ linesMax: STREAM_LINES + 10, streams });
  gate = world.reader("risk", "gate");
  people = world.reader("admin", "operator");
});
afterAll(() => world?.close());
afterEach(async () => {
  await world.calm();
  await Promise.all([gate.watch?.watch([]), people.watch?.watch([])]);
  await eventually(() => ([...(world.world.gateway?.lines.held() ?? [])].length === 0 ? true : undefined));
  for (const reader of [gate, people]) {
    expect(reader.broken).toEqual([]);
    reader.latest.clear();
    reader.story.clear();
  }
});

const told = (reader: Reader, conid: number, status: string) =>
  eventually(() => (reader.latest.get(conid)?.status === status ? reader.latest.get(conid) : undefined));
const reqIdOf = (conid: number) =>
  [...(world.world.gateway?.lines.held() ?? [])].find((entry) => entry.conid === conid)?.line?.reqId ?? 0;
const answer = (code: number, text: string, times = 1) =>
  world.fault({ action: "answerError", message: "reqMktData", code, text, times });
const end = (conid: number, code: number, text: string) =>
  world.fault({ action: "notice", id: reqIdOf(conid), code, text });
const subscribe = (asker: string, watcher: string, conids: number[], leaseMs = 1_000) =>
  world.world.risk.request(RPCS.watch, { asker, watcher, conids, leaseMs });

describe("lines", () => {
  test("two readers of one instrument cost one line, a quote of it costs no message, the last one closes it", async () => {
    const opened = await world.frames("reqMktData");
    await gate.watch?.watch([AAPL]);
    await people.watch?.watch([AAPL]);
    const tick = await told(gate, AAPL, "live");
    await told(people, AAPL, "live");
    expect(tick).toMatchObject({ currency: "USD", dataType: "live", source: "tws", flags: [] });
    expect(numberOf(tick.bid)).not.toBeNull();
    const quote = await world.world.admin.request(RPCS.quote, { conid: AAPL, maxAgeMs: 5_000, asker: "gate" });
    expect(quote).toMatchObject({ outcome: "ok", value: { conid: AAPL, dataType: "live" } });
    expect(await world.frames("reqMktData")).toBe(opened + 1);
    const closed = await world.frames("cancelMktData");
    await gate.watch?.watch([]);
    expect(people.latest.get(AAPL)?.status).toBe("live");
    await people.watch?.watch([]);
    await eventually(async () => ((await world.frames("cancelMktData")) === closed + 1 ? true : undefined));
  });

  test("a reader that dies is forgotten with its lease; a market-data that dies with its own", async () => {
    await subscribe("agent-1", "dies", [MSFT]);
    await eventually(() => (reqIdOf(MSFT) !== 0 ? true : undefined));
    await eventually(() => (reqIdOf(MSFT) === 0 ? true : undefined));
    await subscribe("agent-1", "lives", [MSFT], 60_000);
    await eventually(() => (reqIdOf(MSFT) !== 0 ? true : undefined));
    await world.restartMarket();
    await eventually(() => (reqIdOf(MSFT) === 0 ? true : undefined));
  });

  test("10,000 requests of one agent -> bounded, refused by name, and nobody else loses a line", async () => {
    await gate.watch?.watch([AAPL]);
    await told(gate, AAPL, "live");
    const outcomes = new Map<string, number>();
    for (let batch = 0; batch < 100; batch += 1) {
      const asked = Array.from({ length: 100 }, (_, index) =>
        subscribe("agent-2", `w${batch}-${index}`, OTHERS.slice(0, 50), 5_000),
      );
      for (const reply of await Promise.all(asked)) {
        const outcome = reply.outcome === "ok" ? "ok" : reply.denial.code;
        outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
      }
    }
    expect(outcomes.get("ok")).toBeLessThan(20);
    expect(outcomes.get("RATE_LIMITED")).toBeGreaterThan(9_900);
    expect([...(world.world.gateway?.lines.held() ?? [])].length).toBeLessThanOrEqual(PER_ASKER + 1);
    expect(gate.latest.get(AAPL)?.status).toBe("live");
    for (let index = 0; index < 4; index += 1) await subscribe("agent-2", `w0-${index}`, []);
  });

  test("no line left -> of whoever has most one goes and is named, its readers hear it; a quote is still answered", async () => {
    const [first = 0] = OTHERS;
    const most = OTHERS.slice(1, PER_ASKER + 1);
    await gate.watch?.watch([first]);
    await people.watch?.watch(most);
    for (const conid of most) await told(people, conid, "live");
    await subscribe("agent-4", "w", OTHERS.slice(PER_ASKER + 1, STREAM_LINES), 3_000);
    const late = await subscribe("agent-5", "w", [MSFT], 3_000);
    const [gone = 0] = late.outcome === "ok" ? late.value.evicted : [];
    expect(most).toContain(gone);
    expect(await told(people, gone, "refused")).toMatchObject({ why: expect.stringContaining("as many lines") });
    expect(await told(gate, first, "live")).toBeDefined();
    const quote = await world.world.admin.request(RPCS.quote, { conid: gone, maxAgeMs: 100, asker: "gate" });
    expect(quote).toMatchObject({ outcome: "ok", value: { dataType: "live" } });
  });
});

describe("codes", () => {
  test.each([354, 10_089, 10_168])("%i -> delayed, labelled, with the cause", async (code) => {
    await answer(code, "Requested market data is not subscribed.");
    const [conid = 0] = OTHERS.slice(code % 40);
    await gate.watch?.watch([conid]);
    const tick = await told(gate, conid, "live");
    expect(tick).toMatchObject({ dataType: "delayed", code, why: expect.stringContaining("not subscribed") });
    expect(tick.bid).toMatchObject({ state: "known", dataType: "delayed" });
    const quote = await world.world.admin.request(RPCS.quote, { conid, maxAgeMs: 5_000, asker: "gate" });
    if (quote.outcome === "denied") throw new Error("denied");
    const terms = OrderTerms.parse({ ...TERMS, conid, orderType: "MKT", limitPrice: null });
    const facts = {
      ...FACTS,
      at: utcText(Date.now()),
      instrument: UNASKED,
      quote: known(quote.value, "tws", quote.value.asOf),
    };
    expect(knownPrice.judge({ terms, facts, policy: POLICY, limits: POLICY.rules.knownPrice })).toMatchObject({
      code: "QUOTE_NOT_LIVE",
    });
  });

  test("10090 -> the stream stays live, says what is not subscribed, and nothing of it is made up", async () => {
    covers("code/10090");
    const [conid = 0] = OTHERS.slice(7);
    await world.fault({ action: "partialData", conid });
    await gate.watch?.watch([conid]);
    const tick = await told(gate, conid, "live");
    expect(tick).toMatchObject({ dataType: "live", flags: expect.arrayContaining(["notSubscribed"]) });
    expect(tick.bid).toMatchObject({ state: "known", dataType: "live" });
    for (const field of QUOTE_FIELDS) expect(tick[field]).not.toMatchObject({ reason: "notSent" });
  });

  test("10089 for live and 10167 for delayed -> delayed, labelled, with the cause, in ticks and in quotes", async () => {
    covers("code/10089", "code/10167");
    const [conid = 0] = OTHERS.slice(11);
    await world.fault({ action: "delayedDataOnly", conid });
    await gate.watch?.watch([conid]);
    const tick = await told(gate, conid, "live");
    expect(tick).toMatchObject({ dataType: "delayed", code: 10_089 });
    for (const field of ["bid", "ask", "last"] as const)
      expect(tick[field]).toMatchObject({ state: "known", dataType: "delayed" });
    const quote = await world.world.admin.request(RPCS.quote, { conid, maxAgeMs: 5_000, asker: "gate" });
    expect(quote).toMatchObject({ outcome: "ok", value: { dataType: "delayed" } });
  });

  test("10197 -> every stream goes delayed with the cause named, and live again when the other session ends", async () => {
    covers("code/10197");
    await gate.watch?.watch([AAPL, MSFT]);
    await told(gate, AAPL, "live");
    await told(gate, MSFT, "live");
    await world.fault({ action: "competingSession", delayed: true });
    const delayed = (conid: number) =>
      eventually(() => {
        const tick = gate.latest.get(conid);
        return tick?.status === "live" && tick.dataType === "delayed" ? tick : undefined;
      });
    for (const conid of [AAPL, MSFT]) {
      expect(await delayed(conid)).toMatchObject({ code: 10_197, why: expect.stringContaining("mobile app") });
    }
    await world.calm();
    await eventually(() => ([AAPL, MSFT].every((conid) => isLiveData(conid)) ? true : undefined));
  });

  test.each([10_182, 10_189])(
    "%i -> opened anew after a moment, and what it said is flagged meanwhile",
    async (code) => {
      covers("code/10182", "code/10189");
      await gate.watch?.watch([AAPL]);
      await told(gate, AAPL, "live");
      const before = reqIdOf(AAPL);
      await end(AAPL, code, "Failed to request live updates (disconnected).");
      await eventually(() => (gate.story.get(AAPL)?.includes("refused") ? true : undefined));
      await told(gate, AAPL, "live");
      expect(reqIdOf(AAPL)).not.toBe(before);
    },
  );

  test("101 -> TWS has less room than configured: the last one goes, and says so", async () => {
    await gate.watch?.watch([AAPL]);
    await told(gate, AAPL, "live");
    await answer(101, "Max number of tickers has been reached", 0);
    await gate.watch?.watch([AAPL, MSFT]);
    await eventually(async () => {
      const reply = await subscribe("gate-2", "w", [MSFT]);
      const [watched] = reply.outcome === "ok" ? reply.value.watched : [];
      return watched?.status === "refused" ? true : undefined;
    });
    await world.calm();
    world.world.gateway?.lines.forget();
    await told(gate, AAPL, "live");
  });
});

describe("silence", () => {
  test("while the market is open -> flagged, and opened anew", async () => {
    await gate.watch?.watch([AAPL]);
    await told(gate, AAPL, "live");
    const before = reqIdOf(AAPL);
    await world.fault({ action: "staleData", conid: AAPL });
    await told(gate, AAPL, "silent");
    await eventually(() => (![0, before].includes(reqIdOf(AAPL)) ? true : undefined));
    await world.calm();
    await told(gate, AAPL, "live");
  });
});

function isLiveData(conid: number): boolean {
  const tick = gate.latest.get(conid);
  return tick?.status === "live" && tick.dataType === "live";
}
