import type { ChainContractsRequest, ComboRequest, ResolveBy } from "@countersign/contracts/messages/md-instruments.v1";
import { RPCS } from "@countersign/contracts/subjects";
import { covers } from "@countersign/testing/covers";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type * as z from "zod";
import { World } from "./testing/world.ts";

/** Chains, futures and combinations over the bus, answered by the real simulator through the real gateway. */

let world: World;
beforeAll(async () => {
  world = await World.open();
});
afterAll(() => world?.close());

const [AAPL, SPY, MES] = [265598, 756733, 2_000_000_061];
const asker = "agent-1";
const WHOLE = {
  asker,
  exchange: null,
  tradingClass: null,
  expiryFrom: null,
  expiryTo: null,
  strikeFrom: null,
  strikeTo: null,
};

function given<T>(
  reply: { outcome: "ok"; value: T } | { outcome: "denied"; denial: { code: string; message: string } },
): T {
  if (reply.outcome === "denied") throw new Error(`${reply.denial.code}: ${reply.denial.message}`);
  return reply.value;
}

const chain = (conid: number, change: object = {}) => world.agents.request(RPCS.chain, { conid, ...WHOLE, ...change });

describe("the chain of an underlying", () => {
  test("its expirations and strikes, told once for all exchanges that list them", async () => {
    covers("request/reqSecDefOptParams", "reply/secDefOptParam", "reply/secDefOptParamEnd");
    const { underlying, series, source } = given(await chain(SPY));
    expect([underlying.symbol, source]).toEqual(["SPY", "tws"]);
    expect(series).toMatchObject([
      { tradingClass: "SPY", multiplier: "100", expirations: ["20270319", "20270618", "20271217"] },
    ]);
    expect(series[0]?.exchanges).toContain("CBOE");
    expect(series[0]?.strikes).toHaveLength(9);
  });

  test("within bounds of time and strike", async () => {
    const { series } = given(
      await chain(SPY, { expiryFrom: "20270401", expiryTo: "20270630", strikeFrom: "650", strikeTo: "670" }),
    );
    expect(series).toMatchObject([{ expirations: ["20270618"], strikes: ["650", "660", "670"] }]);
  });

  test("of one exchange: only what is listed there", async () => {
    const { series } = given(await chain(SPY, { exchange: "CBOE" }));
    expect(series).toMatchObject([{ exchanges: ["CBOE"], tradingClass: "SPY" }]);
  });

  test("of options on a future at its exchange", async () => {
    const { series } = given(await chain(MES));
    expect(series).toMatchObject([{ exchanges: ["CME"], multiplier: "5", expirations: ["20271217"] }]);
  });

  test.each([
    ["bounds that leave nothing", SPY, { expiryFrom: "20300101" }, "UNKNOWN_INSTRUMENT"],
    ["no options on it", 8894, {}, "UNKNOWN_INSTRUMENT"],
    ["an unknown underlying", 4711, {}, "UNKNOWN_INSTRUMENT"],
    ["bounds the wrong way round", SPY, { expiryFrom: "20280101", expiryTo: "20270101" }, "INVALID_ARGUMENT"],
    ["an exchange that lists none on it", SPY, { exchange: "LSE" }, "UNKNOWN_INSTRUMENT"],
    ["a bound that is no date", SPY, { expiryFrom: "20270230" }, "INVALID_ARGUMENT"],
    ["strikes the wrong way round", SPY, { strikeFrom: "10", strikeTo: "9" }, "INVALID_ARGUMENT"],
  ])("%s -> denied", async (_what, conid, change, code) => {
    expect(await chain(conid, change)).toMatchObject({ denial: { code } });
  });
});

type Part = z.input<typeof ChainContractsRequest>;
const contracts = (change: Partial<Part>) => {
  const part: Part = {
    asker,
    ...{ conid: SPY, exchange: null, tradingClass: null, expirations: ["20270618"], strikes: ["660"] },
    ...{ right: null, values: false },
    ...change,
  };
  return world.agents.request(RPCS.chainContracts, part);
};

describe("contracts of a chain", () => {
  test("by expiration, strike and right, each with its conid", async () => {
    const found = given(await contracts({ strikes: ["650", "660.0"], right: "P" }));
    expect(found.contracts.map(({ instrument }) => [instrument.strike, instrument.right])).toEqual([
      ["650", "P"],
      ["660", "P"],
    ]);
    expect(new Set(found.contracts.map(({ instrument }) => instrument.conid)).size).toBe(2);
    expect(found.missing).toEqual([]);
  });

  test("around a price that is given, and around that of the underlying, which is told", async () => {
    const around = given(await contracts({ strikes: { nearest: 3, price: "661" }, right: "C" }));
    expect(around.contracts.map(({ instrument }) => instrument.strike)).toEqual(["650", "660", "670"]);
    expect(around.money).toBeNull();
    const now = given(await contracts({ strikes: { nearest: 2, price: null }, right: "C" }));
    expect(now.money).toMatchObject({ state: "known", unit: "USD" });
    expect(now.contracts).toHaveLength(2);
  });

  test("a strike that is not there is named as missing", async () => {
    const { contracts: found, missing } = given(await contracts({ strikes: ["660", "661"], right: "C" }));
    expect(found).toHaveLength(1);
    expect(missing).toEqual([{ expiration: "20270618", strike: "661", right: "C" }]);
  });

  test("an option on a future", async () => {
    const found = given(await contracts({ conid: MES, expirations: ["20271217"], strikes: ["6600"], right: "C" }));
    expect(found.contracts).toMatchObject([{ instrument: { secType: "FOP", strike: "6600", right: "C" } }]);
  });

  test("quote, open interest, implied volatility and Greeks, each with its label", async () => {
    covers("reply/tickOptionComputation");
    const change = { conid: AAPL, expirations: ["20271217"], strikes: ["230"], values: true };
    const found = given(await contracts(change)).contracts;
    expect(found).toHaveLength(2);
    for (const { values, instrument } of found) {
      expect(values).not.toBeNull();
      for (const name of [
        "bid",
        "ask",
        "openInterest",
        "impliedVolatility",
        "delta",
        "gamma",
        "vega",
        "theta",
      ] as const) {
        expect(values?.[name], name).toMatchObject({ state: "known", source: "tws" });
        expect(values?.[name], name).toHaveProperty("ageMs");
      }
      const delta = values?.delta.state === "known" ? Number(values.delta.value) : 0;
      expect(Math.sign(delta)).toBe(instrument.right === "C" ? 1 : -1);
      expect(values?.openInterest).toMatchObject({ unit: "contracts", value: "4200" });
    }
  });

  const REFUSED = { action: "answerError", message: "reqMktData", code: 354, text: "Not subscribed.", times: 1 };
  test.each([
    ["10089", (conid: number) => ({ action: "delayedDataOnly", conid })],
    ["354", () => REFUSED],
    ["10197", () => ({ action: "competingSession", delayed: true })],
  ])("no live data for an option (%s) -> its values are delayed, and each says so", async (_code, rule) => {
    const change = { conid: AAPL, expirations: ["20271217"], strikes: ["230"], right: "C" as const, values: false };
    const [option] = given(await contracts(change)).contracts;
    await world.simulator.control("POST", "/faults", rule(option?.instrument.conid ?? 0));
    const [row] = given(await contracts({ ...change, values: true })).contracts;
    await world.simulator.control("DELETE", "/faults");
    expect(row?.absent).toBeNull();
    for (const name of ["bid", "ask", "impliedVolatility", "delta", "theta", "openInterest"] as const)
      expect(row?.values?.[name], name).toMatchObject({ state: "known", dataType: "delayed" });
    for (const value of Object.values(row?.values ?? {})) expect(value).not.toMatchObject({ dataType: "live" });
  });

  test.each<[string, Partial<Part>, object]>([
    [
      "more than sixty",
      { expirations: ["20270319", "20270618", "20271217"], strikes: { nearest: 60, price: "660" }, values: true },
      { code: "BATCH_TOO_LARGE", detail: { most: 20, asked: 54 } },
    ],
    ["an expiration in the past", { expirations: ["20200101"] }, { code: "INVALID_ARGUMENT" }],
    ["an impossible day", { expirations: ["20270231"] }, { code: "INVALID_ARGUMENT" }],
    ["a class that there is not", { tradingClass: "SPXW" }, { code: "UNKNOWN_INSTRUMENT" }],
  ])("%s -> denied, and no option is asked for", async (_what, change, denial) => {
    const before = (await world.simulator.frames()).reqContractDetails;
    expect(await contracts(change)).toMatchObject({ denial });
    expect((await world.simulator.frames()).reqContractDetails).toBe(before);
  });
});

describe("futures", () => {
  const ANY = { asker, exchange: null, currency: null, tradingClass: null, multiplier: null, includeExpired: false };
  test("the contracts of a symbol in their order, with the front month", async () => {
    const { series } = given(await world.agents.request(RPCS.futures, { symbol: "ES", ...ANY }));
    expect(series).toMatchObject([{ exchange: "CME", multiplier: "50", currency: "USD" }]);
    const places = series[0]?.contracts.map(({ instrument, place }) => [instrument.lastTradeDate, place]);
    expect(places).toEqual([
      ["20270319", "front"],
      ["20270618", "next"],
      ["20270917", "later"],
      ["20271217", "later"],
    ]);
  });

  test("by an exchange under another name; one that does not list it, or no future -> denied", async () => {
    const ask = (symbol: string, exchange: string) => world.agents.request(RPCS.futures, { symbol, ...ANY, exchange });
    expect(await ask("ES", "GLOBEX")).toMatchObject({ outcome: "ok" });
    expect(await ask("ES", "EUREX")).toMatchObject({ denial: { code: "UNKNOWN_INSTRUMENT" } });
    expect(await ask("AAPL", "CME")).toMatchObject({ denial: { code: "UNKNOWN_INSTRUMENT" } });
  });
});

describe("combinations", () => {
  const option = (strike: string, right: "C" | "P"): ResolveBy => ({
    ...{ symbol: "AAPL", secType: "OPT", exchange: null, currency: null, expiry: "20271217" },
    ...{ strike, right, multiplier: null, tradingClass: null },
  });
  type Legs = z.input<typeof ComboRequest>["legs"];
  const combo = (legs: Legs) => world.agents.request(RPCS.combo, { legs, asker });

  test("legs that are described -> their conids and what one unit is", async () => {
    const found = given(
      await combo([
        { by: option("230", "C"), action: "BUY", ratio: 1 },
        { by: option("240", "C"), action: "SELL", ratio: 1 },
      ]),
    );
    expect(found).toMatchObject({ kind: "vertical", currency: "USD" });
    expect(found.description).toBe("vertical: BUY 1 AAPL 20271217 230 C, SELL 1 AAPL 20271217 240 C");
    expect(found.legs.every(({ instrument }) => instrument.conid > 0)).toBe(true);
  });

  test.each<[string, Legs, string, RegExp]>([
    [
      "a leg that is ambiguous",
      [
        { by: option("230", "C"), action: "BUY", ratio: 1 },
        { by: { text: "SAP", secType: null, exchange: null, currency: null }, action: "BUY", ratio: 1 },
      ],
      "AMBIGUOUS_SYMBOL",
      /^leg 2/,
    ],
    [
      "the same leg twice",
      [
        { by: { conid: AAPL }, action: "BUY", ratio: 1 },
        { by: { conid: AAPL }, action: "SELL", ratio: 1 },
      ],
      "INVALID_ARGUMENT",
      /leg 2/,
    ],
    [
      "ratios that could be smaller",
      [
        { by: option("230", "C"), action: "BUY", ratio: 2 },
        { by: option("240", "C"), action: "SELL", ratio: 4 },
      ],
      "INVALID_ARGUMENT",
      /divisor/,
    ],
    [
      "several currencies",
      [
        { by: { conid: AAPL }, action: "BUY", ratio: 1 },
        { by: { conid: 2_000_000_051 }, action: "SELL", ratio: 1 },
      ],
      "INVALID_ARGUMENT",
      /currencies/,
    ],
    [
      "an index",
      [
        { by: { conid: AAPL }, action: "BUY", ratio: 1 },
        { by: { conid: 416904 }, action: "SELL", ratio: 1 },
      ],
      "INVALID_ARGUMENT",
      /IND/,
    ],
  ])("%s -> the whole is denied", async (_what, legs, code, message) => {
    const reply = await combo(legs);
    expect(reply).toMatchObject({ denial: { code } });
    if (reply.outcome === "denied") expect(reply.denial.message).toMatch(message);
  });
});
