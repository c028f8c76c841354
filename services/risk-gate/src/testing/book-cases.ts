import { createSystemClock } from "@countersign/clock/clock";
import type { DataType } from "@countersign/contracts/market-value";
import type { OrderTerms } from "@countersign/contracts/order";
import { RPCS } from "@countersign/contracts/subjects";
import { describe, expect, test } from "vitest";
import { BookKeeper } from "../facts/book/book-keeper.ts";
import { OwnWorkingOrders } from "../facts/book/own-working.ts";
import { known } from "../facts/fact.ts";
import { HistoryKeeper } from "../facts/history/history-keeper.ts";
import { AAPL, ACCOUNT, AGENT, BUY, eventually, type World } from "../test-support.ts";

const clock = createSystemClock();
/** A share in euros, and an option on AAPL with a multiplier of 100. */
const SAP = 2_000_000_051;
const CALL = 2_000_000_071;
const MSFT = 272093;

/** What is known of an account's holdings, by the real broker and the real market data; run where a world stands already. */
export function describeBook(world: () => World): void {
  describe("what an account holds", () => {
    const noOrders = new OwnWorkingOrders({ onFact: () => undefined });
    const settings = {
      everyMs: 600_000,
      ageMsMax: 60_000,
      rateAgeMsMax: 60_000,
      rateDataTypes: ["live"] as readonly DataType[],
      onRefreshed: () => undefined,
    };
    const keeper = (change: { rateDataTypes?: readonly DataType[] } = {}) =>
      new BookKeeper({
        ...{ bus: world().gate, clock, accounts: [], own: noOrders, isOurs: () => false, ...settings },
        ...change,
      });
    const byHand = (order: object) =>
      world().simulator.control("POST", "/faults", { action: "orderByHand", account: ACCOUNT, ...order });

    async function gathered(books: BookKeeper) {
      const [positions, summary] = await Promise.all([
        world().admin.request(RPCS.positions, { account: ACCOUNT }),
        world().admin.request(RPCS.summary, { account: ACCOUNT }),
      ]);
      if (positions.outcome !== "ok" || summary.outcome !== "ok") throw new Error("no positions or no summary");
      const { value } = positions;
      const facts = {
        positions: known(value.positions, value.source, value.asOf),
        summary: known(summary.value, summary.value.source, summary.value.asOf),
      };
      return { positions: value.positions, ...(await books.facts(ACCOUNT, [], facts)) };
    }

    test("is valued in the base currency with multiplier and rate, its industry is the contract's own, and foreign orders count", async () => {
      await byHand({ conid: SAP, side: "BUY", quantity: "5", orderType: "MKT" });
      await byHand({ conid: CALL, side: "BUY", quantity: "2", orderType: "MKT" });
      await byHand({ conid: SAP, side: "BUY", quantity: "3", orderType: "LMT", lmtPrice: "20" });
      const books = keeper();
      const found = await eventually(async () => {
        const facts = await gathered(books);
        const isThere = [SAP, CALL].every((conid) => facts.positions.some((one) => one.conid === conid));
        return isThere && facts.book.state === "known" ? facts : undefined;
      });
      books.stop();
      if (found.book.state === "missing" || found.working.state === "missing") throw new Error("missing");
      const row = (conid: number) =>
        found.book.state === "known" && found.book.value.holdings.find((one) => one.conid === conid);
      expect(row(SAP)).toMatchObject({ quantity: "5", currency: "EUR", industry: "Technology", secType: "STK" });
      expect(row(CALL)).toMatchObject({ quantity: "2", multiplier: "100", industry: "Technology", secType: "OPT" });
      expect(row(CALL)).toMatchObject({ option: { right: "C", underlyingConid: AAPL } });
      const marks = await world().admin.request(RPCS.accountUpdates, { account: ACCOUNT });
      const price = (conid: number) =>
        Number(marks.outcome === "ok" && marks.value.portfolio.find((one) => one.conid === conid)?.marketPrice);
      const unit = (conid: number) => Number((row(conid) || undefined)?.unitValue);
      expect(unit(CALL) / price(CALL)).toBeGreaterThan(80);
      expect(unit(CALL) / price(CALL)).toBeLessThan(120);
      expect(unit(SAP) / price(SAP)).toBeGreaterThan(1.01);
      expect(unit(SAP) / price(SAP)).toBeLessThan(1.5);
      const working = found.working.value.filter(({ conid, side }) => conid === SAP && side === "BUY");
      expect(working).toMatchObject([{ remaining: "3" }]);
      // At the price of what is held, which is above its limit of 20.
      expect(Number(working[0]?.unitValue)).toBe(unit(SAP));
    });

    test("a foreign order without a limit in what nobody holds counts at its quote; where nothing values it, it is named", async () => {
      await byHand({ conid: MSFT, side: "BUY", quantity: "4", orderType: "MOC" });
      const books = keeper();
      const found = await eventually(async () => {
        const { working } = await gathered(books);
        const row = working.state === "known" ? working.value.find(({ conid }) => conid === MSFT) : undefined;
        return row;
      });
      const facts = { conids: [MSFT], maxAgeMs: 60_000, rateTo: null, dailyBars: 0 };
      const market = await world().gate.request(RPCS.marketFacts, facts);
      const quote = market.outcome === "ok" ? market.value.instruments[0]?.quote : undefined;
      if (quote?.outcome !== "ok" || quote.value.ask.state !== "known") throw new Error(JSON.stringify(market));
      expect(found).toMatchObject({ side: "BUY", remaining: "4" });
      expect(Number(found.unitValue) / Number(quote.value.ask.value)).toBeCloseTo(1, 1);
      books.stop();

      // A stop that waits far above the market counts at the stop.
      await byHand({ conid: MSFT, side: "BUY", quantity: "1", orderType: "STP", auxPrice: "9000" });
      const later = keeper();
      const stop = await eventually(async () => {
        const { working } = await gathered(later);
        return working.state === "known" ? working.value.find(({ remaining }) => remaining === "1") : undefined;
      });
      later.stop();
      expect(stop).toMatchObject({ conid: MSFT, side: "BUY", unitValue: "9000" });
      const permId = Number(stop.order.split(" ").at(-1));
      await world().simulator.control("POST", "/faults", { action: "cancelByHand", permId });

      const blind = keeper({ rateDataTypes: ["frozen"] });
      const { working } = await gathered(blind);
      blind.stop();
      expect(working).toEqual({
        state: "missing",
        reason: expect.stringMatching(/^nothing says what foreign order \d+ \(\w+ BUY \d \w+\) is worth: /),
      });
    });

    test("a purchase that reaches a sale that somebody entered by hand is denied", async () => {
      await byHand({ conid: MSFT, side: "SELL", quantity: "1", orderType: "LMT", lmtPrice: "900" });
      await world().stopGate();
      await world().startGate();
      const codeAt = async (limitPrice: string) => {
        const terms = { ...BUY, conid: MSFT, limitPrice } as OrderTerms;
        const reply = await world().agents.request(RPCS.preview, { agent: AGENT, terms });
        if (reply.outcome !== "ok") throw new Error(reply.denial.code);
        return reply.value.verdict.rules.find(({ rule }) => rule === "selfTrade")?.code;
      };
      expect(await eventually(async () => (await codeAt("900")) ?? undefined)).toBe("SELF_TRADE");
      expect(await codeAt("899.99")).toBeNull();
      const open = await world().admin.request(RPCS.openOrders, { account: ACCOUNT });
      const rows = open.outcome === "ok" ? open.value.orders : [];
      const permId = Number(rows.find(({ limitPrice }) => limitPrice === "900")?.permId);
      await world().simulator.control("POST", "/faults", { action: "cancelByHand", permId });
    });

    test("shares for a short sale are looked for where the policy wants to know, by the broker's own ticks", async () => {
      const shortSale = { secTypes: ["STK"], allowed: true, locate: true };
      await world().stopGate();
      await world().startGate({}, { shortSale });
      const terms = { ...BUY, conid: MSFT, side: "SELL", limitPrice: "900" } as OrderTerms;
      const found = await eventually(async () => {
        const reply = await world().agents.request(RPCS.preview, { agent: AGENT, terms });
        if (reply.outcome !== "ok") throw new Error(reply.denial.code);
        const rule = reply.value.verdict.rules.find((one) => one.rule === "shortSale");
        return rule?.code === "EXPOSURE_UNKNOWN" ? undefined : rule;
      });
      expect(found).toMatchObject({ outcome: "pass", value: "25000000", headroom: "24999990" });
      expect(found.message).toContain("25000000 can be, of level 3");
      await world().stopGate();
      await world().startGate();
    });

    test("what cannot be asked is missing with the reason, not empty", async () => {
      const books = keeper();
      const none = { state: "missing", reason: "no link" } as const;
      const found = await books.facts(ACCOUNT, [], { positions: none, summary: none });
      books.stop();
      expect(found).toMatchObject({
        book: { state: "missing", reason: "positions: no link" },
        working: { state: "missing" },
      });
    });

    test("its past comes from the broker's daily bars: returns in the base currency, profits, volume", async () => {
      const ways: ReturnType<BookKeeper["way"]>[] = [];
      const books = keeper();
      const past = new HistoryKeeper({
        ...{
          bus: world().gate,
          clock,
          days: 120,
          ageMsMax: 60_000,
          retryMinMs: 1_000,
          retryMs: 1_000,
          everyMs: 600_000,
        },
        ...{ isWanted: () => true, held: () => books.held(ACCOUNT) },
      });
      const found = await eventually(async () => {
        const facts = await gathered(books);
        await Promise.all([past.ahead(), past.loadOwn([AAPL])]);
        const wayOf = (currency: string) => books.way(ACCOUNT, currency);
        ways.push(wayOf("EUR"));
        const history = await past.facts(ACCOUNT, [AAPL], facts, {
          ...{ currencyOf: () => "USD", wayOf, optionOf: () => undefined },
        });
        return history.state === "known" ? history.value : undefined;
      }, 20_000);
      books.stop();
      past.stop();
      // SAP is held in euros: without the past of their pair there would be none of the account.
      expect(ways.at(-1)).toEqual([{ conid: expect.any(Number), inverse: false }]);
      expect(found.dates.length).toBeGreaterThanOrEqual(40);
      expect(found.parts[0]).toMatchObject({ conid: AAPL, volumeSessions: 20 });
      expect(Number(found.parts[0]?.averageVolume)).toBeGreaterThan(0);
      expect(found.profits.held.some((one) => one !== 0)).toBe(true);
      expect(found.profits.held).toHaveLength(found.dates.length);
    });

    test("the gate asks for the past of what a person bought before it judges the next order", async () => {
      const view = await world().admitted("beside-others", { quantity: "1" });
      expect(view.state, JSON.stringify(view.verdict)).toBe("PENDING_APPROVAL");
      const rule = (name: string) => view.verdict?.rules.find((one) => one.rule === name);
      expect(Number(rule("maxPositions")?.value)).toBeGreaterThanOrEqual(3);
      expect(rule("valueAtRisk")?.message).toContain("sessions");
    });
  });
}
