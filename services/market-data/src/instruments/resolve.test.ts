import type { ResolveBy } from "@countersign/contracts/messages/md-instruments.v1";
import { RPCS } from "@countersign/contracts/subjects";
import { covers } from "@countersign/testing/covers";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { World } from "./testing/world.ts";

/** Resolving over the bus, answered by the real simulator through the real gateway. */

let world: World;
beforeAll(async () => {
  world = await World.open();
});
afterAll(() => world?.close());

const ANY = { secType: null, exchange: null, currency: null } as const;
const TERMS = { expiry: null, strike: null, right: null, multiplier: null, tradingClass: null } as const;
const symbol = (text: string, change: object = {}) => ({ symbol: text, ...ANY, ...TERMS, ...change }) as ResolveBy;
const identifier = (text: string, change: object = {}) =>
  ({ identifier: text, type: null, ...ANY, ...change }) as ResolveBy;
const name = (text: string, change: object = {}) => ({ name: text, ...ANY, ...change }) as ResolveBy;
const free = (text: string, change: object = {}) => ({ text, ...ANY, ...change }) as ResolveBy;

const asker = "agent-1";
const resolve = (by: ResolveBy) => world.agents.request(RPCS.resolve, { by, asker });

interface Candidate {
  readonly conid: number;
  readonly why: string;
  readonly score: string;
}

async function resolved(by: ResolveBy) {
  const reply = await resolve(by);
  if (reply.outcome === "denied") throw new Error(JSON.stringify(reply.denial));
  return reply.value;
}

async function refused(by: ResolveBy): Promise<{ code: string; candidates: Candidate[]; message: string }> {
  const reply = await resolve(by);
  if (reply.outcome === "ok") throw new Error(`resolved to ${reply.value.instrument.conid}`);
  const { code, message, detail } = reply.denial;
  return { code, message, candidates: (detail?.candidates ?? []) as unknown as Candidate[] };
}

describe("one instrument is meant", () => {
  test.each<[string, ResolveBy, number, string, string]>([
    ["conid", { conid: 265598 }, 265598, "conid", "conid equal"],
    ["symbol", symbol("AAPL"), 265598, "symbol", "symbol equal"],
    ["symbol in lower case", symbol("aapl", { secType: "STK" }), 265598, "symbol", "symbol equal"],
    ["symbol of an index", symbol("SPX"), 416904, "symbol", "symbol equal"],
    ["symbol of a currency pair", symbol("EUR.USD"), 12087792, "symbol", "symbol equal"],
    ["pair without separator", symbol("USDJPY"), 15016059, "symbol", "symbol equal"],
    ["symbol in Tokyo by an alias", symbol("7203", { exchange: "XTKS" }), 2000003100, "symbol", "symbol equal"],
    ["two listings, by currency", symbol("SAP", { currency: "EUR" }), 2000000051, "symbol", "symbol equal"],
    ["two listings, by MIC", symbol("SAP", { exchange: "XETR" }), 2000000051, "symbol", "symbol equal"],
    ["share class with a blank", symbol("BRK B"), 72063691, "symbol", "symbol equal"],
    ["share class with a dot", symbol("BRK.B"), 72063691, "symbol", "symbol equal"],
    ["share class with a dash", symbol("brk-b"), 72063691, "symbol", "symbol equal"],
    ["future by its month", symbol("ES", { expiry: "202706" }), 2000000202, "symbol", "symbol equal"],
    ["local symbol of a future", symbol("ESZ7"), 2000000204, "symbol", "local symbol equal"],
    ["ISIN", identifier("US0378331005"), 265598, "isin", "ISIN equal"],
    ["ISIN with blanks", identifier("de 0007164600"), 2000000051, "isin", "ISIN equal"],
    ["CUSIP of a bond", identifier("91282CLW9"), 2000000901, "cusip", "CUSIP equal"],
    ["CUSIP of a share", identifier("037833100", { type: "CUSIP" }), 265598, "cusip", "CUSIP equal"],
    ["SEDOL", identifier("0540528"), 2000002000, "sedol", "SEDOL equal"],
    ["FIGI", identifier("BBG000B9XRY4"), 265598, "figi", "FIGI equal"],
    ["name", name("Apple Inc."), 265598, "name", "name 1, on NASDAQ in USD"],
    ["name with an accent", name("Nestlé"), 2000002200, "name", "name 1, on EBS in CHF"],
    ["two listings, by name and currency", name("ASML Holding", { currency: "EUR" }), 2000000052, "name", ""],
    ["text that is a symbol", free("MSFT"), 272093, "symbol", "symbol equal"],
    ["text that is a conid", free("265598"), 265598, "conid", "conid equal"],
    ["text that is a symbol in Tokyo", free("7203"), 2000003100, "symbol", "symbol equal"],
    ["text that is an ISIN", free("US5949181045"), 272093, "isin", "ISIN equal"],
    ["text that is a name", free("microsoft corporation"), 272093, "name", "name 1, on NASDAQ in USD"],
  ])("%s", async (_what, by, conid, method, why) => {
    covers("request/reqContractDetails", "request/reqMatchingSymbols");
    const found = await resolved(by);
    expect(found).toMatchObject({ instrument: { conid }, method, source: "tws" });
    if (why !== "") expect(found.why).toBe(why);
    expect(found.instrument.exchange).not.toBe("");
    expect(found.ageMs).toBeGreaterThanOrEqual(0);
  });

  test("an option by expiry, strike and right", async () => {
    const terms = { secType: "OPT", expiry: "20271217", strike: "230" };
    const call = await resolved(symbol("AAPL", { ...terms, right: "C" }));
    expect(call.instrument).toMatchObject({ strike: "230", right: "C", lastTradeDate: "20271217", multiplier: "100" });
    const both = await refused(symbol("AAPL", terms));
    expect(both.code).toBe("AMBIGUOUS_SYMBOL");
    expect(both.candidates).toHaveLength(2);
  });
});

describe("more than one is meant, or none for sure", () => {
  test("the same ticker on two exchanges -> both as candidates, with where they are listed", async () => {
    const { code, candidates } = await refused(symbol("SAP"));
    expect(code).toBe("AMBIGUOUS_SYMBOL");
    expect(candidates.map(({ why }) => why).sort()).toEqual([
      "symbol equal, SAP on IBIS in EUR",
      "symbol equal, SAP on NYSE in USD",
    ]);
  });

  test("a ticker that is there, but not as asked -> uncertain, with what is there", async () => {
    const { code, candidates } = await refused(symbol("AAPL", { exchange: "LSE" }));
    expect(code).toBe("INSTRUMENT_UNCERTAIN");
    expect(candidates).toMatchObject([{ conid: 265598, why: "same ticker on NASDAQ in USD, not as asked" }]);
  });

  test("one name, two listings -> ambiguous although both are equal", async () => {
    const { code, candidates } = await refused(name("SAP SE"));
    expect(code).toBe("AMBIGUOUS_SYMBOL");
    expect(candidates.map(({ score }) => score)).toEqual(["1", "1"]);
  });

  test("a name that is only alike -> uncertain, with its score; never taken", async () => {
    await resolved(name("Microsoft"));
    const { code, candidates } = await refused(name("Mircosoft"));
    expect(code).toBe("INSTRUMENT_UNCERTAIN");
    expect(candidates[0]).toMatchObject({ conid: 272093, score: "0.77", why: "name 0.77, on NASDAQ in USD" });
  });

  test("a text that is a conid and a symbol -> ambiguous", async () => {
    const { code, candidates } = await refused(free("8894"));
    expect([code, candidates]).toMatchObject(["AMBIGUOUS_SYMBOL", [{}, {}]]);
  });

  test.each<[string, ResolveBy]>([
    ["symbol", symbol("NOSUCH")],
    ["conid", { conid: 4711 }],
    ["ISIN", identifier("US0000000002")],
    ["name", name("Qqqzzz Wwwxxx")],
    ["BRK on an exchange B", symbol("BRK")],
  ])("an unknown %s -> UNKNOWN_INSTRUMENT", async (_what, by) => {
    expect(await refused(by)).toMatchObject({ code: "UNKNOWN_INSTRUMENT", candidates: [] });
  });
});

describe("bad input", () => {
  test.each<[string, ResolveBy, string, RegExp]>([
    ["a wrong check digit", identifier("US0378331006"), "IDENTIFIER_INVALID", /ISIN its check digit/],
    ["no identifier", identifier("hello"), "IDENTIFIER_INVALID", /form/],
    ["a type that it is not", identifier("US0378331005", { type: "FIGI" }), "IDENTIFIER_INVALID", /form/],
    ["a right without a strike", symbol("AAPL", { right: "C", expiry: "20271217" }), "INVALID_ARGUMENT", /right/],
    ["a strike without an expiry", symbol("AAPL", { strike: "230" }), "INVALID_ARGUMENT", /expiry/],
    ["an expiry in the past", symbol("ES", { expiry: "20200320" }), "INVALID_ARGUMENT", /past/],
    ["an impossible day", symbol("ES", { expiry: "20270231" }), "INVALID_ARGUMENT", /no date/],
    [
      "a strike of a share",
      symbol("AAPL", { secType: "STK", expiry: "20271217", strike: "1" }),
      "INVALID_ARGUMENT",
      /STK/,
    ],
  ])("%s -> %s, and the broker is not asked", async (_what, by, code, message) => {
    const before = (await world.simulator.frames()).reqContractDetails;
    const refusal = await refused(by);
    expect(refusal.code).toBe(code);
    expect(refusal.message).toMatch(message);
    expect((await world.simulator.frames()).reqContractDetails).toBe(before);
  });

  test.each<[string, ResolveBy]>([
    ["control characters", symbol("AA\u0000PL")],
    ["a name with a bidi override", name("Apple\u202eInc")],
    ["an absurd length", free("A".repeat(5_000))],
    ["nothing", symbol("")],
  ])("%s -> refused by the schema", async (_what, by) => {
    await expect(resolve(by)).rejects.toMatchObject({ code: "SCHEMA_UNSUPPORTED" });
  });

  test("fifty at once, each by itself; 10,000 at once -> BATCH_TOO_LARGE, and the broker is not asked", async () => {
    const items = Array.from({ length: 50 }, (_, index) => (index % 2 === 0 ? { conid: 265598 } : symbol("SAP")));
    const reply = await world.agents.request(RPCS.resolveMany, { items, asker });
    if (reply.outcome === "denied") throw new Error(reply.denial.message);
    expect(reply.value.results.map(({ outcome }) => outcome)).toEqual(
      items.map((_, i) => (i % 2 === 0 ? "ok" : "denied")),
    );
    const before = await world.simulator.frames();
    const many = await world.agents.request(RPCS.resolveMany, { items: Array(10_000).fill({ conid: 1 }), asker });
    expect(many).toMatchObject({ denial: { code: "BATCH_TOO_LARGE", detail: { most: 50, asked: 10_000 } } });
    expect((await world.simulator.frames()).reqContractDetails).toBe(before.reqContractDetails);
  });
});

test("what is known is not asked again: a hundred at once cost one question, and again none", async () => {
  const asked = async () => (await world.simulator.frames()).reqContractDetails ?? 0;
  const before = await asked();
  await Promise.all(Array.from({ length: 100 }, () => resolved(identifier("DE0007236101"))));
  expect(await asked()).toBe(before + 1);
  expect((await resolved(identifier("DE0007236101"))).ageMs).toBeLessThan(60_000);
  expect(await asked()).toBe(before + 1);
});
