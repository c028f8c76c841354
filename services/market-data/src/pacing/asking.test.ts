import { ManualClock } from "@countersign/clock/manual-clock";
import type { Rpc } from "@countersign/contracts/contract-kinds";
import { ok, type Reply } from "@countersign/contracts/denial";
import { MARKET_READS } from "@countersign/contracts/market-reads";
import { RPCS } from "@countersign/contracts/subjects";
import { describe, expect, test } from "vitest";
import * as z from "zod";
import { Cache } from "../cache.ts";
import { testConfig } from "../test-config.ts";
import { AgentLimit } from "./agent-limit.ts";
import { type Served, servedFor, whoAsks } from "./asking.ts";
import type { Cost } from "./cost.ts";
import { Scheduler } from "./scheduler.ts";

const SEARCH: Cost = { kind: "search", weight: 1, hard: false };

/** A handler that takes its value from a cache over the scheduler, called as the bus would call it. */
function setUp({ agentPerMinute = 1_000 } = {}) {
  const clock = new ManualClock(1_000_000);
  const scheduler = new Scheduler({ clock, config: testConfig().pacing });
  const cache = new Cache<string>(clock, 1_000);
  const loads: string[] = [];
  let handle: ((body: never, call: never) => Promise<unknown>) | undefined;
  const bus: Served = {
    request: () => Promise.reject(new Error("not asked")),
    serve: (_rpc, handler) => {
      handle = handler as typeof handle;
    },
  };
  const served = servedFor(bus, { clock, agentLimit: new AgentLimit(clock, agentPerMinute), waitShare: 0.1 });
  const load = (key: string) =>
    scheduler.paced(SEARCH, async () => {
      loads.push(key);
      return key;
    });
  served.serve(RPCS.quote, (async (body: { query: string }) =>
    ok(await cache.get(body.query, 60_000, () => load(body.query)))) as never);
  const ask = (asker: string, query: string) =>
    handle?.({ asker, query } as never, {} as never) as Promise<Reply<string> & { waitedMs?: number }>;
  return { clock, loads, ask, scheduler, cache };
}

describe("the lane", () => {
  test("follows from the subject: no text in a body makes anybody the gate", () => {
    expect(whoAsks(RPCS.quote, { asker: "gate" })).toEqual({ lane: "agent", id: "gate" });
    expect(whoAsks(RPCS.quote, { asker: "operator" })).toEqual({ lane: "operator", id: "operator" });
    expect(whoAsks(RPCS.marketFacts, {}).lane).toBe("gate");
  });

  test("the rows of the gate may be published by risk-gate alone", () => {
    const rows: Rpc[] = Object.values(MARKET_READS);
    const gateRows = rows.filter((row) => whoAsks(row, {}).lane === "gate");
    expect(gateRows.every(({ callers }) => callers.length === 1 && callers[0] === "risk-gate")).toBe(true);
    expect(gateRows.length).toBeGreaterThan(0);
  });
});

test("every row that may cost the broker something names its asker or is the gate's", () => {
  const free = new Set(["currencyPairs", "exchange", "watch", "marketStats"]);
  const nameless = Object.entries(MARKET_READS as Record<string, Rpc>).filter(([name, row]) => {
    const names = row.request instanceof z.ZodObject && "asker" in row.request.shape;
    return !names && !free.has(name) && whoAsks(row, {}).lane !== "gate";
  });
  expect(nameless.map(([name]) => name)).toEqual([]);
});

describe("a turn that comes later than the caller waits", () => {
  test("is a denial with the estimate; asked again after it, the answer is there", async () => {
    const { clock, loads, ask } = setUp();
    const first = Array.from({ length: 10 }, (_, index) => ask("early", `q${index}`));
    const late = await ask("late", "mine");
    if (late.outcome === "ok") throw new Error("it must wait");
    expect(late.denial).toMatchObject({ code: "PACING_WAIT" });
    const waitMs = Number(late.denial.detail?.estimatedWaitMs);
    await clock.advance(waitMs + 1);
    expect(loads).toContain("mine");
    expect(await ask("late", "mine")).toMatchObject({ outcome: "ok", value: "mine" });
    expect(loads.filter((key) => key === "mine").length).toBe(1);
    await clock.advance(60_000);
    await Promise.all(first);
  });

  test("one that comes in time is an answer that says how long it waited", async () => {
    const { clock, ask } = setUp();
    await Promise.all([ask("a", "one")]);
    await clock.advance(500);
    const second = ask("b", "two");
    await clock.advance(1_000);
    expect(await second).toMatchObject({ outcome: "ok", value: "two", waitedMs: expect.any(Number) });
  });

  test("whoever joins a request that waits behind others brings it on with its own turn", async () => {
    const { clock, loads, ask } = setUp();
    const greedy = Array.from({ length: 50 }, (_, index) => ask("greedy", `q${index}`));
    const joined = ask("modest", "q49");
    await clock.advance(4_000);
    expect(loads).toContain("q49");
    expect((await joined).outcome).toBe("denied");
    expect(await ask("modest", "q49")).toMatchObject({ outcome: "ok" });
    await clock.advance(100_000);
    await Promise.all(greedy);
  });
});

describe("the limit of an agent", () => {
  const RATE_LIMITED = { outcome: "denied", denial: { code: "RATE_LIMITED", detail: { retryAfterMs: 2_000 } } };

  test("refuses the request beyond it that would cost the broker something, of this agent alone", async () => {
    const { clock, ask, loads } = setUp({ agentPerMinute: 30 });
    for (let index = 0; index < 40; index += 1) void ask("loop", `q${index}`);
    expect(await ask("loop", "one more")).toMatchObject(RATE_LIMITED);
    expect(await ask("other", "another")).toMatchObject({ denial: { code: "PACING_WAIT" } });
    expect(await ask("operator", "a third")).toMatchObject({ denial: { code: "PACING_WAIT" } });
    await clock.advance(60_000);
    expect(loads.length).toBe(32);
  });

  test("does not count what is answered from memory, and one who may ask is enough for those who join", async () => {
    const { clock, ask, loads } = setUp({ agentPerMinute: 1 });
    expect(await ask("loop", "known")).toMatchObject({ outcome: "ok" });
    const again = await Promise.all(Array.from({ length: 40 }, () => ask("loop", "known")));
    expect(again.every(({ outcome }) => outcome === "ok")).toBe(true);
    expect(await ask("loop", "new")).toMatchObject({ denial: { code: "RATE_LIMITED" } });
    await clock.advance(5_000);
    const first = ask("other", "shared");
    const joined = ask("loop", "shared");
    expect([await first, await joined]).toMatchObject([{ outcome: "ok" }, { outcome: "ok" }]);
    expect(loads).toEqual(["known", "shared"]);
  });
});
