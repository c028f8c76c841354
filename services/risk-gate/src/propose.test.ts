import { createSystemClock, utcText } from "@countersign/clock/clock";
import { FACTS, RPCS } from "@countersign/contracts/subjects";
import { canonicalHash } from "@countersign/ids/hash";
import { proposalId } from "@countersign/ids/ids";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { AAPL, ACCOUNT, AGENT, BUY, eventually, World } from "./test-support.ts";
import { describeBook } from "./testing/book-cases.ts";
import { describeCounters } from "./testing/counter-cases.ts";
import { describeDeposits } from "./testing/deposit-cases.ts";
import { codeOf, describeHalted, reset } from "./testing/halted-cases.ts";
import { describeKeys } from "./testing/key-cases.ts";
import { describeReduce } from "./testing/reduce-cases.ts";

const MSFT = 272093;
const clock = createSystemClock();
let world: World;
beforeAll(async () => {
  world = await World.open();
});
afterAll(() => world?.close());

describe("a proposal", () => {
  test("is simulated and judged by real facts, and each edge is in the log and in the audit", async () => {
    const view = await world.admitted("first");
    expect(view.verdict?.rules.filter(({ outcome }) => outcome === "deny")).toEqual([]);
    expect(view.state).toBe("PENDING_APPROVAL");
    expect(view.simulation).toMatchObject({ whatIf: { source: "broker" }, estimate: { source: "estimate" } });
    expect(view.ticketHash).toBe(canonicalHash(view.ticket));
    expect(view.ticket?.verdictHash).toBe(canonicalHash(view.verdict));
    expect((await world.log("first")).map(({ type }) => type)).toEqual(["proposed/1", "simulated/1", "admitted/1"]);
    const records = await world.auditOf(view.proposalId);
    expect(records.map(({ entry }) => entry.body.event).sort()).toEqual(["admitted", "proposed", "simulated"]);
  });

  test("with a notional that does not fit its quantity -> UNIT_MISMATCH; the notional is a part of its content", async () => {
    const ask = (notional: string) => {
      const request = { agent: AGENT, terms: BUY, idempotencyKey: "unit", rationale: "because", notional };
      return world.agents.request(RPCS.propose, request);
    };
    const reply = await ask("15");
    const rules = reply.outcome === "ok" ? reply.value.verdict?.rules : [];
    expect(rules?.flatMap(({ outcome, code }) => (outcome === "deny" ? [code] : []))).toEqual(["UNIT_MISMATCH"]);
    expect(await ask("1500")).toMatchObject({ outcome: "denied", denial: { code: "IDEMPOTENCY_KEY_REUSED" } });
    const [proposed] = await world.log("unit");
    expect(proposed).toMatchObject({ type: "proposed/1", notional: "15" });
  });

  test("above a limit is recorded as RISK_DENIED, with every rule in its verdict", async () => {
    const view = await world.admitted("too-much", { quantity: "10001" });
    expect(view.state).toBe("RISK_DENIED");
    const denied = view.verdict?.rules.filter(({ outcome }) => outcome === "deny").map(({ code }) => code);
    expect(denied).toContain("MAX_ORDER_QUANTITY");
    expect((await world.log("too-much")).at(-1)?.type).toBe("riskDenied/1");
  });

  test("for a contract without hours of its own is denied, also while its exchange is usually open", async () => {
    // The places of the trading and the liquid hours of an instrument in its frame.
    for (const index of [27, 28]) {
      const emptied = { action: "replaceToken", message: "contractDetails", index, text: "", times: 0 };
      await world.simulator.control("POST", "/faults", emptied);
    }
    try {
      const session = await world.agents.request(RPCS.session, { conid: MSFT, asker: AGENT });
      expect(session).toMatchObject({ outcome: "ok", value: { source: "fallback-table" } });
      const view = await world.admitted("no-hours", { conid: MSFT });
      const rule = view.verdict?.rules.find(({ rule: name }) => name === "marketOpen");
      expect([view.state, rule?.code]).toEqual(["RISK_DENIED", "MARKET_HOURS_UNKNOWN"]);
    } finally {
      await world.simulator.control("DELETE", "/faults");
    }
  });

  test("for an unknown conid -> UNKNOWN_INSTRUMENT, nothing recorded", async () => {
    const reply = await world.propose("no-such", { conid: 999_999_999 });
    expect(reply).toMatchObject({ outcome: "denied", denial: { code: "UNKNOWN_INSTRUMENT" } });
    expect(await world.log("no-such")).toEqual([]);
  });

  test("is the same for the preview, which records nothing", async () => {
    const reply = await world.agents.request(RPCS.preview, { agent: AGENT, terms: BUY });
    expect(reply).toMatchObject({ outcome: "ok", value: { verdict: { outcome: "pass" } } });
  });
});

/** Three facts of one hand: what is judged is what was proposed. */
async function expectWhole(key: string): Promise<void> {
  const log = await world.log(key);
  const [proposed, simulated, judged, ...more] = log;
  if (proposed?.type !== "proposed/1" || judged?.type !== "admitted/1") {
    throw new Error(
      `not admitted: ${JSON.stringify(log.map((fact) => ("verdict" in fact ? fact.verdict : fact.type)))}`,
    );
  }
  expect(judged.ticket.terms).toEqual(proposed.terms);
  expect([simulated?.type, more]).toEqual(["simulated/1", []]);
}

describe("the idempotency key", () => {
  test("with the same content, sixty-four times at once -> one proposal, three facts", async () => {
    const views = await Promise.all(Array.from({ length: 64 }, () => world.admitted("same")));
    expect(new Set(views.map(({ ticketHash }) => ticketHash)).size).toBe(1);
    expect(await world.log("same")).toHaveLength(3);
  });

  test("with two contents at once -> one is recorded whole, the other is IDEMPOTENCY_KEY_REUSED", async () => {
    for (let round = 0; round < 10; round += 1) {
      const key = `two-${round}`;
      const quantities = ["10", "11", "12", "13"];
      const replies = await Promise.all(quantities.map((quantity) => world.propose(key, { quantity })));
      const codes = replies.map((reply) => (reply.outcome === "ok" ? "ok" : reply.denial.code));
      expect(codes.sort()).toEqual([
        "IDEMPOTENCY_KEY_REUSED",
        "IDEMPOTENCY_KEY_REUSED",
        "IDEMPOTENCY_KEY_REUSED",
        "ok",
      ]);
      await expectWhole(key);
    }
  });
});

describe("two processes of the gate", () => {
  test("both asked for one key with two contents at once -> one recorded whole, the other never mixed in", async () => {
    const stopOther = await world.openGate();
    try {
      for (let round = 0; round < 20; round += 1) {
        const key = `race-${round}`;
        const quantities = ["10", "11", "12", "13", "14", "15"];
        const replies = await Promise.allSettled(quantities.map((quantity) => world.propose(key, { quantity })));
        const told = replies.map((reply) => (reply.status === "fulfilled" ? reply.value.outcome : reply.reason.code));
        expect(told.sort()).toEqual([...quantities.slice(1).fill("denied"), "ok"]);
        await expectWhole(key);
      }
    } finally {
      await stopOther();
    }
  });

  test("both asked for one key with one content at once -> both answer with the same proposal, judged once", async () => {
    const stopOther = await world.openGate();
    try {
      for (let round = 0; round < 5; round += 1) {
        const key = `shared-${round}`;
        const views = await Promise.all(Array.from({ length: 8 }, () => world.admitted(key)));
        expect(new Set(views.map(({ ticketHash }) => ticketHash)).size).toBe(1);
        await expectWhole(key);
      }
    } finally {
      await stopOther();
    }
  });

  test("the other one recorded the key first with another content -> IDEMPOTENCY_KEY_REUSED", async () => {
    await recordElsewhere("elsewhere", { quantity: "99" });
    expect(await world.propose("elsewhere")).toMatchObject({ denial: { code: "IDEMPOTENCY_KEY_REUSED" } });
  });

  test("a proposal that a crash left unjudged is judged, without being asked for", async () => {
    await world.stopGate();
    await recordElsewhere("crashed");
    await world.startGate();
    const log = await eventually(async () => {
      const facts = await world.log("crashed");
      return facts.length === 3 ? facts : undefined;
    });
    expect(log.map(({ type }) => type)).toEqual(["proposed/1", "simulated/1", "admitted/1"]);
    expect((await world.admitted("crashed")).state).toBe("PENDING_APPROVAL");
  });

  async function recordElsewhere(idempotencyKey: string, change: object = {}): Promise<void> {
    const terms = { ...BUY, ...change };
    const id = proposalId({ account: ACCOUNT, agent: AGENT, idempotencyKey });
    const times = { at: utcText(clock.nowMs()), expiresAt: utcText(clock.nowMs() + 600_000) };
    const contentHash = canonicalHash({ terms, rationale: "because" });
    const base = { type: "proposed/1", proposalId: id, mode: "simulator", agent: AGENT, idempotencyKey } as const;
    const fact = { ...base, ...times, contentHash, terms, rationale: "because" };
    await world.gate.append(FACTS.proposal, { account: ACCOUNT, proposal: id }, fact, { expectedSequence: 0 });
  }
});

describe("bounds", () => {
  test("an agent has ten places, also when twenty-five come at once", async () => {
    await world.stopGate();
    await world.startGate({ openProposalsPerAgentMax: 10 });
    const agent = "agent-many";
    const keys = Array.from({ length: 25 }, (_, index) => `many-${index}`);
    const replies = await Promise.all(keys.map((key) => world.propose(key, { agent })));
    expect(replies.filter(({ outcome }) => outcome === "ok")).toHaveLength(10);
    const codes = replies.flatMap((reply) => (reply.outcome === "denied" ? [reply.denial.code] : []));
    expect(new Set(codes)).toEqual(new Set(["TOO_MANY_OPEN_PROPOSALS"]));
    await world.stopGate();
    await world.startGate();
  });

  test("a page of a hundred proposals fits into one message, and the pages together are the whole list", async () => {
    const agent = "agent-pages";
    for (let batch = 0; batch < 8; batch += 1)
      await Promise.all(Array.from({ length: 8 }, (_, index) => world.admitted(`page-${batch}-${index}`, { agent })));
    const seen: string[] = [];
    for (let cursor: string | null = null, more = true; more; more = cursor !== null) {
      const page = await pageAfter(cursor, agent);
      expect(page.items.length).toBeGreaterThan(0);
      seen.push(...page.items.map((view) => view.proposalId));
      cursor = page.nextCursor;
    }
    expect(seen).toHaveLength(64);
    expect(new Set(seen).size).toBe(64);
  });

  async function pageAfter(cursor: string | null, agent: string) {
    const request = { agent, accounts: null, states: null, limit: 100, cursor };
    const page = await world.agents.request(RPCS.listProposals, request);
    if (page.outcome !== "ok") throw new Error("denied");
    return page.value;
  }
});

describe("a verdict for a ticket", () => {
  test("waits for the orders that it must count: what the gate does not know in time is a fault, not a verdict", async () => {
    const { ticket, history } = await world.admitted("in-view");
    if (ticket === null) throw new Error("no ticket");
    const known = history.at(-1)?.sequence ?? 0;
    const ask = (afterSequence: number) => world.gateway.request(RPCS.verdict, { ticket, afterSequence });
    await expect(ask(known + 1_000_000)).rejects.toMatchObject({ code: "UNAVAILABLE", effect: "none" });
    const next = ask(known + 1);
    await world.admitted("next-fact");
    expect(await next).toMatchObject({ outcome: "ok", value: { verdict: { outcome: "pass" } } });
  });

  test("passes as it stands, and denies once the kill switch is HALTED", async () => {
    const { ticket } = await world.admitted("verdict");
    if (ticket === null) throw new Error("no ticket");
    const passed = await world.gateway.request(RPCS.verdict, { ticket, afterSequence: 0 });
    expect(passed).toMatchObject({ outcome: "ok", value: { verdict: { outcome: "pass" } } });
    await world.kill("HALTED");
    await eventually(async () =>
      codeOf(await world.gateway.request(RPCS.verdict, { ticket, afterSequence: 0 })) === "KILL_SWITCH_HALTED"
        ? true
        : undefined,
    );
    await reset(world);
  });
});

describeKeys(() => world);
for (const describeMore of [describeHalted, describeBook]) describeMore(() => world);
describeReduce(() => world);
describeCounters(() => world);

describeDeposits(() => world);

describe("orders that a person placed in TWS", () => {
  test("count as exposure: under REDUCE_ONLY what they will sell cannot be sold a second time", async () => {
    const hand = { action: "orderByHand", conid: AAPL, account: ACCOUNT };
    const place = (order: object) => world.simulator.control("POST", "/faults", { ...hand, ...order });
    await place({ side: "BUY", quantity: "10", orderType: "MKT" });
    await place({ side: "SELL", quantity: "7", orderType: "LMT", lmtPrice: "9000" });
    await world.kill("REDUCE_ONLY");
    const sell = async (quantity: string) => {
      const view = await world.admitted(`sell-${quantity}-${clock.nowMs()}`, { side: "SELL", quantity });
      const rule = view.verdict?.rules.find((one) => one.rule === "killSwitch");
      return `${rule?.value} ${rule?.outcome}`;
    };
    await eventually(async () => ((await sell("3")) === "REDUCE_ONLY pass" ? true : undefined));
    expect(await sell("4")).toBe("REDUCE_ONLY deny");
    expect(await sell("3")).toBe("REDUCE_ONLY pass");
    await world.kill("ACTIVE");
    await eventually(async () => ((await sell("4")) === "ACTIVE pass" ? true : undefined));
  });
});

describe("when a neighbour is away", () => {
  test("no audit -> AUDIT_UNAVAILABLE, nothing waits for a person; with the audit back the same key completes it", async () => {
    await world.stop("audit-writer");
    await expect(world.propose("no-audit")).rejects.toMatchObject({ code: "AUDIT_UNAVAILABLE" });
    expect((await world.log("no-audit")).map(({ type }) => type)).not.toContain("admitted/1");
    await world.start("audit-writer");
    const view = await eventually(() => world.admitted("no-audit").catch(() => undefined));
    expect(view.state).toBe("PENDING_APPROVAL");
    const events = (await world.auditOf(view.proposalId)).map(({ entry }) => entry.body.event);
    expect(new Set(events)).toEqual(new Set(["proposed", "simulated", "admitted"]));
  });

  test("no broker and an instrument that nobody knows yet -> a fault, nothing recorded", async () => {
    await world.stop("broker-gateway");
    await expect(world.propose("no-broker", { conid: 76792991 })).rejects.toMatchObject({ code: "UNAVAILABLE" });
    expect(await world.log("no-broker")).toEqual([]);
  });

  test("no broker, the instrument known -> every missing fact denies, and says so", async () => {
    const view = await world.admitted("no-broker-known", { conid: AAPL });
    expect(view.state).toBe("RISK_DENIED");
    const codes = view.verdict?.rules.flatMap(({ code }) => (code === null ? [] : [code]));
    expect(codes).toEqual(expect.arrayContaining(["NOTIONAL_UNKNOWN", "WHAT_IF_MISSING"]));
  });
});
