import { ManualClock } from "@countersign/clock/manual-clock";
import { expect, test } from "vitest";
import type { BrokerEvent } from "../session/wire.ts";
import type { ReadDeps } from "./reader.ts";
import { SummaryBook } from "./summary-book.ts";

const ACCOUNT = "DU1234567";
const TAGS = "NetLiquidation TotalCashValue AvailableFunds BuyingPower ExcessLiquidity InitMarginReq MaintMarginReq";
const row = (tag: string, value: string): BrokerEvent => ({
  ...{ kind: "summaryRow", reqId: 7, account: ACCOUNT, tag, value, currency: "USD" },
});

/** A book after one complete reading of an account that has a thousand of everything. */
async function read() {
  const clock = new ManualClock(Date.parse("2026-11-20T15:00:00.000Z"));
  const ask = async ({ on }: { on: (event: BrokerEvent, id: number) => unknown }) => {
    for (const tag of [...TAGS.split(" "), "GrossPositionValue", "CashBalance"]) on(row(tag, "1000"), 7);
    return 7;
  };
  const link = { state: "up", connection: () => undefined };
  const book = new SummaryBook({ clock, link, requests: { ask } } as unknown as ReadDeps);
  await book.refresh();
  return book;
}

test("a figure that TWS renews is the new one; one whose renewal cannot be read is none, never the one before", async () => {
  const book = await read();
  book.take(row("AvailableFunds", "400"));
  expect(await book.read(ACCOUNT, 60_000)).toMatchObject({ availableFunds: { amount: "400", currency: "USD" } });
  book.take(row("AvailableFunds", "n/a"));
  await expect(book.read(ACCOUNT, 60_000)).rejects.toThrow("TWS gave no AvailableFunds of this account");
});

test("cash in a currency that cannot be read is not left out of a list that would pass for complete", async () => {
  const book = await read();
  expect((await book.read(ACCOUNT, 60_000)).cashByCurrency).toEqual([{ amount: "1000", currency: "USD" }]);
  book.take(row("CashBalance", ""));
  await expect(book.read(ACCOUNT, 60_000)).rejects.toThrow("TWS gave no CashBalance USD of this account");
});
