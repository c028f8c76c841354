import type { Bus } from "@countersign/bus/bus";
import { createSystemClock } from "@countersign/clock/clock";
import { Position } from "@countersign/contracts/account";
import { Fault, ok } from "@countersign/contracts/denial";
import type { RPCS } from "@countersign/contracts/subjects";
import { expect, test } from "vitest";
import type * as z from "zod";
import { AT, TERMS } from "../test-facts.ts";
import { BrokerAsker } from "./ask-broker.ts";

type Question = z.input<typeof RPCS.brokerFacts.request>;

const LATER = "2026-11-23T15:00:01.000Z";
const row = (quantity: string) =>
  Position.parse({
    ...{ account: TERMS.account, conid: 265598, symbol: "AAPL", secType: "STK", currency: "USD" },
    ...{ quantity, averageCost: "230" },
  });
const told = (version: string, positions: Position[] | null, asOf = AT) =>
  ok({ account: TERMS.account, version, positions, source: "tws", asOf });

/** An asker whose gateway gives these answers about the positions, one after another; with what it was asked. */
function against(answers: readonly object[]) {
  const left = [...answers];
  const asked: (string | null)[] = [];
  const fault = { outcome: "fault", fault: new Fault("BROKER_UNAVAILABLE").toBody() };
  const bus = {
    request: async (_rpc: object, { ask }: Question) => {
      asked.push(ask.positionsHeld);
      return ok({ accounts: fault, summary: fault, positions: left.shift(), openOrders: null, whatIf: fault });
    },
  } as unknown as Bus;
  const asker = new BrokerAsker({ bus, clock: createSystemClock(), whatIfReuseMsMax: 0 });
  const options = {
    whatIf: "fresh",
    level: "ACTIVE",
    exposure: false,
    orStop: (asking) => asking,
  } as const satisfies Parameters<BrokerAsker["ask"]>[1];
  return { asked, positions: async () => (await asker.ask(TERMS, options)).positions };
}

test("positions that are told as unchanged are the ones that are held, as old as the answer says", async () => {
  const { asked, positions } = against([told("a.1", [row("5")]), told("a.1", null, LATER)]);
  const first = await positions();
  const second = await positions();
  expect(second).toEqual({ state: "known", value: [row("5")], source: "tws", asOf: LATER });
  expect(second.state === "known" && first.state === "known" && second.value === first.value).toBe(true);
  expect(asked).toEqual([null, "a.1"]);
});

test("unchanged since another version than the one that is held -> missing, and the next question asks for all rows", async () => {
  const { asked, positions } = against([told("a.1", [row("5")]), told("a.2", null), told("a.2", [row("6")])]);
  await positions();
  expect(await positions()).toMatchObject({ state: "missing" });
  expect(await positions()).toMatchObject({ state: "known", value: [row("6")] });
  expect(asked).toEqual([null, "a.1", null]);
});

test("unchanged while nothing is held -> missing", async () => {
  const { positions } = against([told("a.1", null)]);
  expect(await positions()).toMatchObject({ state: "missing" });
});

test("two questions at once, answered in the other order: each answer goes with what its own question named", async () => {
  const { asked, positions } = against([told("a.1", [row("5")]), told("a.2", [row("6")]), told("a.1", null, LATER)]);
  await positions();
  const [changed, unchanged] = await Promise.all([positions(), positions()]);
  expect(changed).toMatchObject({ value: [row("6")] });
  expect(unchanged).toMatchObject({ value: [row("5")] });
  expect(asked).toEqual([null, "a.1", "a.1"]);
});
