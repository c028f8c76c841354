import { utcText } from "@countersign/clock/clock";
import { ManualClock } from "@countersign/clock/manual-clock";
import type { OrderTerms } from "@countersign/contracts/order";
import type { FeedFact, OrderRecord } from "@countersign/orders/projection";
import { describe, expect, test } from "vitest";
import { TERMS } from "../test-facts.ts";
import { SiblingOrders } from "./siblings.ts";

const START = Date.parse("2026-11-23T15:00:00.000Z");
const SELL = { ...TERMS, side: "SELL", limitPrice: "231" } as OrderTerms;

function world() {
  const clock = new ManualClock(START);
  const siblings = new SiblingOrders(clock);
  let take: ((record: OrderRecord, fact: FeedFact) => void) | undefined;
  siblings.attach({
    onFact: (listener) => {
      take = listener;
    },
  });
  siblings.loaded();
  /** The order is in this state after this fact. */
  const order = (
    proposalId: string,
    state: string,
    change: { terms?: OrderTerms; type?: string; order?: object; fact?: object } = {},
  ) => {
    const { terms = TERMS, type = "acknowledged/1", fact } = change;
    const view = {
      proposalId,
      state,
      terms,
      account: terms.account,
      order: { filledQuantity: "0", legs: [], ...change.order },
    };
    const body = { type, proposalId, at: utcText(clock.nowMs()), ...fact };
    take?.({ view } as unknown as OrderRecord, { body } as unknown as FeedFact);
  };
  return { clock, order, of: (terms = TERMS, more = {}) => siblings.of({ terms, ...more }) };
}

describe("twins", () => {
  test("the same order of whomever, in whatever state, but for those that were refused and itself", () => {
    const { order, of } = world();
    for (const state of ["PENDING_APPROVAL", "WORKING", "UNKNOWN", "FILLED", "CANCELLED"]) order(state, state);
    for (const state of ["RISK_DENIED", "REJECTED", "EXPIRED", "KILLED_NOT_SENT"]) order(state, state);
    order("other", "WORKING", { terms: { ...TERMS, quantity: "11" } });
    order("opposite", "WORKING", { terms: SELL });
    expect(of(TERMS, { proposalId: "WORKING" }).twins.map(({ state }) => state)).toEqual([
      ...["CANCELLED", "FILLED", "UNKNOWN", "PENDING_APPROVAL"],
    ]);
    expect(of({ ...TERMS, quantity: "10.0" } as OrderTerms).twins).toHaveLength(5);
  });

  test("are as old as their intent, and those that are over are forgotten", async () => {
    const { clock, order, of } = world();
    order("a", "PROPOSED", { type: "proposed/1" });
    await clock.advance(5_000);
    order("a", "INTENT", { type: "intent/1" });
    await clock.advance(2_000);
    order("a", "FILLED", { type: "filled/1" });
    expect(of().twins).toEqual([{ proposalId: "a", state: "FILLED", price: "230", ageMs: 2_000 }]);
    await clock.advance(3_700_000);
    expect(of().twins).toEqual([]);
  });
});

describe("other orders in the instrument", () => {
  test("active ones on its side count from the intent to the evidence, and UNKNOWN ones with them", () => {
    const { order, of } = world();
    for (const state of ["INTENT", "SEND_STARTED", "WORKING", "UNKNOWN", "DISPUTED"]) order(state, state);
    for (const state of ["PENDING_APPROVAL", "FILLED", "CANCELLED"]) order(state, state);
    order("stop", "WORKING", { terms: { ...TERMS, orderType: "STP", stopPrice: "240" } as unknown as OrderTerms });
    order("elsewhere", "WORKING", { terms: { ...TERMS, account: "DU7654321" } });
    expect(of().parts[0]?.sameSide).toBe(6);
    expect(of(TERMS, { proposalId: "UNKNOWN" }).parts[0]?.sameSide).toBe(5);
  });

  test("on the other side: the nearest limit of all accounts; a stop is not there yet, a market order takes any price", () => {
    const { order, of } = world();
    order("a", "WORKING", { terms: SELL });
    order("b", "WORKING", { terms: { ...SELL, account: "DU7654321", limitPrice: "229.5" } as OrderTerms });
    order("c", "WORKING", {
      terms: { ...SELL, orderType: "STP", stopPrice: "200", limitPrice: undefined } as unknown as OrderTerms,
    });
    expect(of().parts[0]?.opposite).toEqual({
      ...{ orders: 2, nearest: "229.5", farthest: "231", unpriced: 0 },
      held: [{ trigger: "200", limit: null }],
    });
    order("d", "SEND_STARTED", { terms: { ...SELL, orderType: "MKT", limitPrice: null } as unknown as OrderTerms });
    expect(of().parts[0]?.opposite).toMatchObject({ orders: 3, nearest: "229.5", unpriced: 1 });
    for (const id of ["a", "b", "d"]) order(id, "CANCELLED", { terms: SELL });
    expect(of().parts[0]?.opposite.orders).toBe(0);
  });

  test("exits of a bracket are orders; the take-profit can be traded with once the entry has filled", () => {
    const { order, of } = world();
    const exits = { takeProfit: { limitPrice: "250" }, stopLoss: { stopPrice: "200" }, timeInForce: "GTC" };
    const terms = { ...TERMS, exits } as OrderTerms;
    const legs = [
      { leg: "takeProfit", state: "WORKING" },
      { leg: "stopLoss", state: "WORKING" },
    ];
    order("a", "WORKING", { terms, order: { legs } });
    expect(of(SELL).parts[0]).toMatchObject({ sameSide: 2, opposite: { orders: 1, nearest: "230" } });
    expect(of().parts[0]).toMatchObject({
      same: { orders: 1, nearest: "230" },
      opposite: {
        held: [
          { trigger: null, limit: "250" },
          { trigger: "200", limit: null },
        ],
      },
    });
    expect(of().parts[0]?.opposite.orders).toBe(0);
    order("a", "FILLED", { terms, order: { legs, filledQuantity: "10" } });
    expect(of().parts[0]?.opposite).toMatchObject({ orders: 1, nearest: "250", unpriced: 0 });
  });

  test("the last fill on the other side, for a day", async () => {
    const { clock, order, of } = world();
    order("a", "FILLED", { terms: SELL, type: "filled/1" });
    await clock.advance(30_000);
    expect(of().parts[0]?.oppositeFillMs).toBe(30_000);
    expect(of(SELL).parts[0]?.oppositeFillMs).toBeNull();
    await clock.advance(86_400_000);
    expect(of().parts[0]?.oppositeFillMs).toBeNull();
  });

  test("more that wait than can be told are not told in part", () => {
    const { order, of } = world();
    const stops = Array.from({ length: 51 }, (_, at) => ({ ...SELL, orderType: "STP", stopPrice: String(150 + at) }));
    for (const [at, terms] of stops.slice(1).entries()) order(`s${at}`, "WORKING", { terms: terms as OrderTerms });
    expect(of().parts[0]?.opposite.held).toHaveLength(50);
    order("one more", "WORKING", { terms: stops[0] as OrderTerms });
    expect(of().parts[0]?.opposite.held).toBeNull();
  });

  describe("our own fills of five minutes", () => {
    const fill = (side: "BOT" | "SLD", price: string, more: object = {}) => ({
      ...{ type: "partiallyFilled/1" },
      fact: { execution: { side, price, ...more } },
    });

    test("the best price of each side, whoever proposed it, until it is five minutes old", async () => {
      const { clock, order, of } = world();
      order("a", "PARTIAL", fill("BOT", "230"));
      await clock.advance(100_000);
      order("b", "PARTIAL", fill("BOT", "231"));
      order("c", "PARTIAL", { ...fill("SLD", "229"), terms: SELL });
      order("d", "PARTIAL", { ...fill("SLD", "228"), terms: { ...SELL, account: "DU7654321" } as OrderTerms });
      expect(of().parts[0]?.bestFill).toEqual({ price: "230", ageMs: 100_000 });
      expect(of(SELL).parts[0]?.bestFill).toEqual({ price: "229", ageMs: 0 });
      await clock.advance(200_000);
      expect(of().parts[0]?.bestFill?.price).toBe("230");
      await clock.advance(1);
      expect(of().parts[0]?.bestFill).toEqual({ price: "231", ageMs: 200_001 });
      order("e", "FILLED", { type: "leg/1", fact: { fact: fill("BOT", "225").fact } });
      expect(of().parts[0]?.bestFill?.price).toBe("225");
    });

    test("of a combination what it did in each leg, and not the price of the whole", () => {
      const { order, of } = world();
      const legs = [
        { conid: 265598, side: "BUY", ratio: 1 },
        { conid: 272093, side: "SELL", ratio: 1 },
      ];
      const { conid: _, ...rest } = TERMS;
      const terms = { ...rest, legs } as unknown as OrderTerms;
      order("a", "PARTIAL", { ...fill("BOT", "-3"), terms });
      order("a", "PARTIAL", { ...fill("BOT", "230", { comboLeg: 265598 }), terms, type: "comboLegFilled/1" });
      order("a", "PARTIAL", { ...fill("SLD", "500", { comboLeg: 272093 }), terms, type: "comboLegFilled/1" });
      expect(of().parts[0]?.bestFill?.price).toBe("230");
      expect(of(terms).parts.map(({ bestFill }) => bestFill?.price)).toEqual(["230", "500"]);
    });
  });
});
