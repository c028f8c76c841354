import { createSystemClock } from "@countersign/clock/clock";
import { Position } from "@countersign/contracts/account";
import { BROKER_READS } from "@countersign/contracts/broker-reads";
import type { Rpc } from "@countersign/contracts/contract-kinds";
import { ok } from "@countersign/contracts/denial";
import { RPCS } from "@countersign/contracts/subjects";
import { expect, test } from "vitest";
import { AT, FACTS, TERMS } from "../../test-facts.ts";
import { known } from "../fact.ts";
import { BookKeeper, type BookKeeperDeps } from "./book-keeper.ts";
import { OwnWorkingOrders } from "./own-working.ts";

const CONID = 265598;
const row = { conid: CONID, symbol: "AAPL", secType: "STK", currency: "USD" };
const described = { ...row, multiplier: "1", industry: "Technology", category: "Computers" };
/** The same object each time, as they are while the gateway says that they did not change. */
const POSITIONS = [Position.parse({ ...row, account: TERMS.account, quantity: "5", averageCost: "230" })];
const NO_ORDERS: Parameters<BookKeeper["facts"]>[1] = [];

/** A keeper that asks again for every order, of neighbours that say these prices one after another. */
function keeperOf(
  prices: readonly string[],
  onRefreshed = (_: BookKeeper) => {},
  marketValue: string | null = null,
): BookKeeper {
  const left = [...prices];
  let price = "";
  const request = async ({ subject }: Rpc) => {
    if (subject === BROKER_READS.accountUpdates.subject) {
      price = left.shift() ?? price;
      const values = [{ key: "NetLiquidation", value: "100000", currency: "USD" }];
      return ok({ values, portfolio: [{ ...row, quantity: "5", marketPrice: price, marketValue }], asOf: AT });
    }
    if (subject === RPCS.openOrders.subject) return ok({ orders: [] });
    return ok({ instruments: [{ conid: CONID, instrument: ok(described) }], rates: [] });
  };
  const keeper: BookKeeper = new BookKeeper({
    ...{ bus: { request } as unknown as BookKeeperDeps["bus"], clock: createSystemClock(), accounts: [] },
    ...{ own: new OwnWorkingOrders({ onFact: () => undefined }), isOurs: () => false },
    ...{ everyMs: 600_000, ageMsMax: -1, rateAgeMsMax: 60_000, rateDataTypes: ["live"] },
    onRefreshed: () => onRefreshed(keeper),
  });
  return keeper;
}

test("positions that did not change are valued at the newest price; at the same price the book is the same object", async () => {
  const keeper = keeperOf(["100", "100", "101", "101", "101", "101"]);
  const book = async () => {
    const positions = known(POSITIONS, "tws", AT);
    const facts = await keeper.facts(TERMS.account, NO_ORDERS, { positions, summary: FACTS.summary });
    if (facts.book.state === "missing") throw new Error(facts.book.reason);
    return facts.book.value;
  };
  const [first, second, third] = [await book(), await book(), await book()];
  keeper.stop();
  expect(first.holdings).toMatchObject([{ conid: CONID, quantity: "5", unitValue: "100" }]);
  expect(second.holdings).toMatchObject([{ unitValue: "101" }]);
  expect(third).toBe(second);
});

test("a position of which the broker's sum is more than its price says counts at the sum", async () => {
  const keeper = keeperOf(["100"], undefined, "-600");
  const facts = { positions: known(POSITIONS, "tws", AT), summary: FACTS.summary };
  const { book } = await keeper.facts(TERMS.account, NO_ORDERS, facts);
  keeper.stop();
  expect(book).toMatchObject({ value: { holdings: [{ unitValue: "120" }] } });
});

test("once it was asked what is held, who follows that is told, and finds it", async () => {
  const held: number[][] = [];
  const keeper = keeperOf(["100"], (told) => held.push([...told.held(TERMS.account)]));
  await keeper.facts(TERMS.account, NO_ORDERS, { positions: known(POSITIONS, "tws", AT), summary: FACTS.summary });
  keeper.stop();
  expect(held[0]).toContain(CONID);
});

test("an account with 250 instruments is described in the background, a hundred a question; until then it is missing and why", async () => {
  const rows = Array.from({ length: 250 }, (_, index) => ({ ...row, conid: index + 1 }));
  const questions: { conids: readonly number[]; answer: () => void }[] = [];
  const request = ({ subject }: Rpc, body: { conids: readonly number[] }) => {
    const values = [{ key: "NetLiquidation", value: "100000", currency: "USD" }];
    const portfolio = rows.map((one) => ({ ...one, marketPrice: "100", marketValue: null }));
    if (subject === BROKER_READS.accountUpdates.subject) return Promise.resolve(ok({ values, portfolio, asOf: AT }));
    if (subject === RPCS.openOrders.subject) return Promise.resolve(ok({ orders: [] }));
    const instruments = body.conids.map((conid) => ({ conid, instrument: ok(described) }));
    return new Promise((answer) => {
      questions.push({ conids: body.conids, answer: () => answer(ok({ instruments, rates: [] })) });
    });
  };
  let refreshed = 0;
  const keeper = new BookKeeper({
    ...{ bus: { request } as unknown as BookKeeperDeps["bus"], clock: createSystemClock(), accounts: [] },
    ...{ own: new OwnWorkingOrders({ onFact: () => undefined }), isOurs: () => false },
    ...{ everyMs: 600_000, ageMsMax: 60_000, rateAgeMsMax: 60_000, rateDataTypes: ["live"] },
    onRefreshed: () => {
      refreshed += 1;
    },
  });
  const positions = rows.map(({ conid }) =>
    Position.parse({ ...row, conid, account: TERMS.account, quantity: "5", averageCost: "230" }),
  );
  const book = async () => {
    const held = { positions: known(positions, "tws", AT), summary: FACTS.summary };
    return (await keeper.facts(TERMS.account, NO_ORDERS, held)).book;
  };
  expect(await book()).toMatchObject({
    state: "missing",
    reason: expect.stringContaining("250 instruments are not described yet"),
  });
  expect(refreshed).toBe(0);
  for (const count of [100, 100, 50]) {
    expect(questions.at(-1)?.conids).toHaveLength(count);
    questions.at(-1)?.answer();
    await new Promise((done) => setImmediate(done));
  }
  expect(questions).toHaveLength(3);
  expect(await book()).toMatchObject({ state: "known" });
  keeper.stop();
});
