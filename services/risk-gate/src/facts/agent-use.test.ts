import { ManualClock } from "@countersign/clock/manual-clock";
import type { ProposalView } from "@countersign/contracts/proposal-view";
import type { FeedFact, OrderRecord } from "@countersign/orders/projection";
import { expect, test } from "vitest";
import { AgentUses } from "./agent-use.ts";

const MONDAY = "2026-11-23T15:00:00.000Z";
const TUESDAY = "2026-11-24T15:00:00.000Z";

/** Orders as the projection tells of them, each fact with the view after it. */
function world() {
  const clock = new ManualClock(Date.parse(MONDAY));
  let listener: (record: OrderRecord, fact: FeedFact) => void = () => undefined;
  const orders = {
    onFact: (handler: typeof listener) => {
      listener = handler;
    },
  };
  const uses = new AgentUses({ orders: orders as never, clock, sessionZone: "America/New_York" });
  const logs = new Map<string, object[]>();
  const tell = (
    id: string,
    body: object,
    change: { state?: string; filled?: string; notional?: string | null; agent?: string; simulation?: object } = {},
  ) => {
    const { state = "WORKING", filled = "0", notional = "1000", agent = "agent-1", simulation } = change;
    const view = {
      ...{ proposalId: id, agent, state, terms: { quantity: "10" }, simulation },
      verdict: { rules: [{ rule: "maxOrderNotional", value: notional }] },
      order: { filledQuantity: filled, executions: [], legs: [] },
    } as unknown as ProposalView;
    const fact = { at: MONDAY, ...body };
    const facts = [...(logs.get(id) ?? []), fact];
    logs.set(id, facts);
    listener({ view, facts } as unknown as OrderRecord, { body: fact } as unknown as FeedFact);
  };
  const sent = (id: string, change: Parameters<typeof tell>[2] = {}, at = MONDAY) =>
    tell(id, { type: "intent/1", at }, change);
  return { clock, uses, tell, sent };
}
const usd = (amount: string) => ({ amount, currency: "USD" });
const closed = (execId: string, realizedPnl: string | null, at = MONDAY) => ({
  type: "commission/1",
  execId,
  commission: usd("1"),
  realizedPnl,
  at,
});

test("what is sent counts whole, what may still fill by what is left of it", () => {
  const { uses, tell, sent } = world();
  sent("a");
  sent("b");
  sent("x", { agent: "agent-2" });
  tell("b", { type: "partiallyFilled/1" }, { filled: "4" });
  expect(uses.of("agent-1")).toEqual({
    session: "2026-11-23",
    openRisk: "1600",
    realised: [],
  });
  tell("b", { type: "filled/1" }, { filled: "10", state: "FILLED" });
  expect(uses.of("agent-1")).toMatchObject({ openRisk: "1000" });
  expect(uses.of("agent-3")).toMatchObject({ openRisk: "0" });
});

test("an UNKNOWN order stays open risk; one that never left, or was refused unfilled, is not counted", () => {
  const { uses, tell, sent } = world();
  sent("a");
  tell("a", { type: "lost/1" }, { state: "UNKNOWN" });
  sent("b");
  tell("b", { type: "killedNotSent/1" }, { state: "KILLED_NOT_SENT" });
  sent("c");
  tell("c", { type: "brokerRejected/1" }, { state: "BROKER_REJECTED" });
  expect(uses.of("agent-1")).toMatchObject({ openRisk: "1000" });
});

test("realised profit and loss by execution, however often it is told; a commission without one is a loss", () => {
  const { uses, tell, sent } = world();
  sent("a");
  for (const body of [closed("1", "-50.5"), closed("1", "-50.5"), closed("2", null), closed("3", "20")])
    tell("a", body);
  expect(uses.of("agent-1").realised).toEqual([usd("-31.5")]);
});

test("what is realised in another currency counts in that of the account, by the rate of its order", () => {
  const { uses, tell, sent } = world();
  const eur = (amount: string) => ({ amount, currency: "EUR" });
  const inEuros = (execId: string, realizedPnl: string | null) => ({
    ...closed(execId, realizedPnl),
    commission: eur("2"),
  });
  const simulation = { estimate: { notional: eur("1000"), notionalBase: usd("1100"), fxRate: "1.1" } };
  sent("a", { simulation });
  tell("a", inEuros("1", "-50.5"), { simulation });
  tell("a", inEuros("2", null), { simulation });
  tell("a", closed("3", "-1"), { simulation });
  expect(uses.of("agent-1").realised).toEqual([usd("-58.75")]);
});

test.each([
  ["of which nothing was estimated", { missing: "no quote" }],
  ["without a rate", { notional: { amount: "1", currency: "EUR" }, notionalBase: null, fxRate: null }],
  ["in a third currency", { notional: { amount: "1", currency: "GBP" }, notionalBase: usd("1.2"), fxRate: "1.2" }],
])("an order %s -> what it realises stays in its own currency", (_, estimate) => {
  const { uses, tell, sent } = world();
  const simulation = { estimate };
  sent("a", { simulation });
  tell("a", { ...closed("1", "-5"), commission: { amount: "2", currency: "EUR" } }, { simulation });
  expect(uses.of("agent-1").realised).toEqual([{ amount: "-5", currency: "EUR" }]);
});

test("an execution that TWS corrects is realised once, by its last version, in whichever order they come", () => {
  const { uses, tell, sent } = world();
  sent("a");
  for (const body of [closed("1a.01.01", "400"), closed("1a.01.02", "-500"), closed("1a.02.01", "30")]) tell("a", body);
  expect(uses.of("agent-1").realised).toEqual([usd("-470")]);
  tell("a", closed("1a.01.01", "400"));
  expect(uses.of("agent-1").realised).toEqual([usd("-470")]);
});

test("the next session begins at nothing but what is still open", async () => {
  const { clock, uses, tell, sent } = world();
  sent("a");
  sent("b");
  tell("b", closed("1", "-50"), { state: "FILLED", filled: "10" });
  await clock.advance(Date.parse(TUESDAY) - Date.parse(MONDAY));
  expect(uses.of("agent-1")).toEqual({
    session: "2026-11-24",
    openRisk: "1000",
    realised: [],
  });
  tell("a", closed("2", "-7", TUESDAY));
  expect(uses.of("agent-1").realised).toEqual([usd("-7")]);
});

test.each([
  ["corrected", "1a.01.02", "990"],
  ["told once more", "1a.01.01", "1000"],
])("a profit of the session before that is %s hides no loss of this one", async (_name, execId, profit) => {
  const asked = [false, true].map(async (between) => {
    const { clock, uses, tell, sent } = world();
    sent("a");
    tell("a", closed("1a.01.01", "1000"), { state: "FILLED", filled: "10" });
    await clock.advance(Date.parse(TUESDAY) - Date.parse(MONDAY));
    // Whoever asks in between makes it forget what is over.
    if (between) uses.of("agent-1");
    tell("a", closed(execId, profit, TUESDAY), { state: "FILLED", filled: "10" });
    sent("b", {}, TUESDAY);
    tell("b", closed("2b.01.01", "-500", TUESDAY));
    return uses.of("agent-1").realised;
  });
  expect(await Promise.all(asked)).toEqual([[usd("-500")], [usd("-500")]]);
});

test("a commission that comes after midnight is of the session in which its order traded", async () => {
  const { clock, uses, tell, sent } = world();
  sent("a");
  tell("a", { type: "filled/1", execution: { execId: "1a.01.01" } }, { state: "FILLED", filled: "10" });
  await clock.advance(Date.parse(TUESDAY) - Date.parse(MONDAY));
  tell("a", closed("1a.01.01", "1000", TUESDAY), { state: "FILLED", filled: "10" });
  expect(uses.of("agent-1").realised).toEqual([]);
});

test("a clock that goes back over midnight and comes again forgets no loss of the day", async () => {
  const { clock, uses, tell, sent } = world();
  await clock.advance(Date.parse("2026-11-24T05:20:00.000Z") - Date.parse(MONDAY));
  sent("a");
  tell("a", closed("1", "-50", "2026-11-24T05:20:00.000Z"), { state: "FILLED", filled: "10" });
  await clock.advance(-3_600_000);
  expect(uses.of("agent-1")).toMatchObject({ session: "2026-11-23", realised: [usd("-50")] });
  await clock.advance(3_600_000);
  expect(uses.of("agent-1")).toMatchObject({ session: "2026-11-24", realised: [usd("-50")] });
});

test("an order of unknown size makes its sums unknown, not smaller", () => {
  const { uses, sent } = world();
  sent("a");
  sent("b", { notional: null });
  expect(uses.of("agent-1")).toMatchObject({ openRisk: null });
});

test("nothing changed -> the same object, which is hashed once", () => {
  const { uses, sent } = world();
  sent("a");
  expect(uses.of("agent-1")).toBe(uses.of("agent-1"));
});
