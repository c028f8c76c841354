import { ManualClock } from "@countersign/clock/manual-clock";
import { Fault, ok } from "@countersign/contracts/denial";
import type { Mode } from "@countersign/contracts/mode";
import { RPCS } from "@countersign/contracts/subjects";
import { describe, expect, test } from "vitest";
import { judgeAudit } from "./audit-watch.ts";
import type { Backend } from "./backend.ts";
import { DeadMan } from "./dead-man.ts";
import { ResetRules } from "./reset-rules.ts";

const START = Date.parse("2026-11-21T10:00:00.000Z");
const SINCE = "2026-11-21T09:59:00.000Z";

function rules(
  options: { mode?: Mode; unknown?: number; disputed?: number; down?: boolean; coolDownMs?: number } = {},
) {
  const { mode = "simulator", unknown = 0, disputed = 0, coolDownMs = 0 } = options;
  const clock = new ManualClock(START);
  const backend = {
    request: async (rpc: { subject: string }) => {
      expect(rpc.subject).toBe(RPCS.reconcileNow.subject);
      if (options.down === true) throw new Fault("BROKER_UNAVAILABLE");
      return ok({ at: SINCE, unknownOrders: unknown, disputedOrders: disputed, latched: null, level: "HALTED" });
    },
  } as unknown as Backend;
  return { clock, rules: new ResetRules({ backend, clock, mode, coolDownMs, secondPersonMs: 60_000 }) };
}
const ask = (operator = "alice", what = "global to ACTIVE") => ({ what, since: SINCE, operator });
const refused = (why: string) => ({ problem: { code: "KILL_RESET_REFUSED", facts: { why } } });

describe("letting HALTED go", () => {
  test("with a clean broker and the time over: one person, outside of live", async () => {
    await expect(rules({ coolDownMs: 60_000 }).rules.require(ask())).resolves.toBeUndefined();
  });

  test("an UNKNOWN or a disputed order, a broker that cannot be read, or too early -> refused", async () => {
    await expect(rules({ unknown: 1 }).rules.require(ask())).rejects.toMatchObject(refused("unknownOrders"));
    await expect(rules({ disputed: 1 }).rules.require(ask())).rejects.toMatchObject(refused("disputedOrders"));
    await expect(rules({ down: true }).rules.require(ask())).rejects.toMatchObject({ code: "BROKER_UNAVAILABLE" });
    const early = rules({ coolDownMs: 60_001 });
    await expect(early.rules.require(ask())).rejects.toMatchObject({
      problem: {
        code: "KILL_RESET_REFUSED",
        detail: "it may be loosened in 1 s",
        facts: { why: "coolDown", leftMs: 1 },
      },
    });
    await early.clock.advance(1);
    await expect(early.rules.require(ask())).resolves.toBeUndefined();
  });

  test("live: two distinct persons who mean the same, within the time", async () => {
    const { rules: live, clock } = rules({ mode: "live" });
    await expect(live.require(ask("alice"))).rejects.toMatchObject(refused("secondPerson"));
    await expect(live.require(ask("alice"))).rejects.toMatchObject(refused("secondPerson"));
    await expect(live.require(ask("alice"))).rejects.toMatchObject({ problem: { facts: { first: "alice" } } });
    await expect(live.require(ask("bob", "global to REDUCE_ONLY"))).rejects.toMatchObject(refused("secondPerson"));
    await expect(live.require(ask("bob"))).resolves.toBe("alice");
    await expect(live.require(ask("bob"))).rejects.toMatchObject(refused("secondPerson"));
    await clock.advance(60_001);
    await expect(live.require(ask("alice"))).rejects.toMatchObject(refused("secondPerson"));
    await clock.advance(60_000);
    await expect(live.require(ask("bob"))).resolves.toBe("alice");
  });

  test("live: a person who asked about an earlier stop is not the first of two about this one", async () => {
    const { rules: live } = rules({ mode: "live" });
    const again = (operator: string) => ({ ...ask(operator), since: "2026-11-21T09:59:30.000Z" });
    await expect(live.require(ask("alice"))).rejects.toMatchObject(refused("secondPerson"));
    await expect(live.require(again("bob"))).rejects.toMatchObject({ problem: { facts: { first: "bob" } } });
    await expect(live.require(again("alice"))).resolves.toBe("bob");
  });

  test.each<[Mode, "HALTED" | "REDUCE_ONLY" | "AUTO_OFF", string, string | undefined]>([
    ["simulator", "HALTED", "global to ACTIVE", "unknownOrders"],
    ["paper", "HALTED", "trip risk-gate.drawdown.account.DU1234567", "unknownOrders"],
    ["paper", "REDUCE_ONLY", "global to ACTIVE", undefined],
    ["paper", "REDUCE_ONLY", "trip risk-gate.drawdown.account.DU1234567", undefined],
    ["paper", "REDUCE_ONLY", "trip broker-gateway.unknown-order.global", "unknownOrders"],
    ["live", "REDUCE_ONLY", "global to ACTIVE", "unknownOrders"],
    ["live", "REDUCE_ONLY", "trip risk-gate.drawdown.account.U1234567", "unknownOrders"],
    ["live", "AUTO_OFF", "trip risk-gate.daily-loss.account.U1234567", "unknownOrders"],
  ])("%s, %s: %s while an order is UNKNOWN -> %s", async (mode, level, what, why) => {
    const asked = rules({ mode, unknown: 1 }).rules.requireFor(level, ask("alice", what));
    if (why === undefined) await expect(asked).resolves.toBeUndefined();
    else await expect(asked).rejects.toMatchObject(refused(why));
  });

  test("live: what is less than HALTED needs two persons as well, whether it was set or tripped", async () => {
    for (const what of ["global to ACTIVE", "trip risk-gate.drawdown.account.U1234567"]) {
      const { rules: live } = rules({ mode: "live" });
      await expect(live.requireFor("REDUCE_ONLY", ask("alice", what))).rejects.toMatchObject(refused("secondPerson"));
      await expect(live.requireFor("REDUCE_ONLY", ask("bob", what))).resolves.toBe("alice");
    }
  });

  test("what nobody ever set has no time to wait for, and on paper one person is enough", async () => {
    const { rules: paper } = rules({ mode: "paper", coolDownMs: 60_001 });
    await expect(paper.require({ ...ask(), since: null })).resolves.toBeUndefined();
  });
});

const decided = (proposalId: string, kind: string, state = "WORKING") => ({
  ...{ proposalId, state, decision: { actor: { kind, id: "x" } } },
});
interface Others {
  stuck: string[];
  more: ReturnType<typeof decided>[];
}
const PROPOSALS = [decided("by-person", "operator"), decided("by-policy", "policy")];

/** `stuck`: cancels of these fail; `more`: what is there beside the usual proposals. */
function deadMan(later: "cancelAuto" | "reduceOnly", { stuck = [], more = [] }: Partial<Others> = {}) {
  const clock = new ManualClock(START);
  const trips: string[] = [];
  const cancelled: string[] = [];
  const backend = {
    request: async (rpc: { subject: string }, body: { proposalId: string; states: string[] }) => {
      if (rpc.subject === RPCS.listProposals.subject) {
        const items = [...more, ...PROPOSALS].filter(({ state }) => body.states.includes(state));
        return ok({ items, nextCursor: null });
      }
      if (stuck.includes(body.proposalId)) throw new Fault("TIMEOUT");
      cancelled.push(body.proposalId);
      return ok({});
    },
  } as unknown as Backend;
  const wire = {
    trip: ({ level }: { level: string }) => void (trips.at(-1) !== level && trips.push(level)),
    withdraw: () => void trips.push("NONE"),
    level: () => (trips.at(-1) ?? "NONE") as "NONE",
  };
  const config = { autoOffMs: 60_000, laterMs: 300_000, later };
  const failures: unknown[] = [];
  const onFailed = (error: unknown) => void failures.push(error);
  return { clock, trips, cancelled, failures, man: new DeadMan({ clock, backend, wire, config, onFailed }) };
}

describe("the dead man's switch", () => {
  test("nobody there for 59 s: nothing; for 60 s: no policy approves; somebody there again: they may", async () => {
    const { clock, trips, man } = deadMan("cancelAuto");
    await clock.advance(59_000);
    expect(trips).toEqual([]);
    await clock.advance(1_000);
    expect(trips).toEqual(["AUTO_OFF"]);
    man.seen();
    expect(trips).toEqual(["AUTO_OFF", "NONE"]);
  });

  test("for 300 s: orders that a policy approved are cancelled, once, and those of a person are not", async () => {
    const { clock, cancelled } = deadMan("cancelAuto");
    await clock.advance(299_000);
    expect(cancelled).toEqual([]);
    await clock.advance(5_000);
    expect(cancelled).toEqual(["by-policy"]);
  });

  test("one order whose cancel fails holds up no other, and is tried again", async () => {
    const stuck = ["stuck"];
    const { clock, cancelled, failures } = deadMan("cancelAuto", { stuck, more: [decided("stuck", "policy")] });
    await clock.advance(300_000);
    expect([cancelled, failures.length]).toEqual([["by-policy"], 1]);
    stuck.length = 0;
    await clock.advance(1_000);
    expect([cancelled, failures.length]).toEqual([["by-policy", "stuck"], 1]);
  });

  test.each(["APPROVED", "INTENT"])(
    "one that is %s in that moment is cancelled when it has reached the broker",
    async (state) => {
      const more = [decided("on-its-way", "policy", state)];
      const { clock, cancelled } = deadMan("cancelAuto", { more });
      await clock.advance(303_000);
      expect(cancelled).toEqual(["by-policy"]);
      more[0] = decided("on-its-way", "policy", "SEND_STARTED");
      await clock.advance(1_000);
      expect(cancelled).toEqual(["by-policy", "on-its-way"]);
    },
  );

  test("one that a policy approved while its stop was being written is found by a later pass", async () => {
    const more: Others["more"] = [];
    const { clock, cancelled } = deadMan("cancelAuto", { more });
    await clock.advance(305_000);
    more.push(decided("late", "policy"));
    await clock.advance(10_000);
    expect(cancelled).toEqual(["by-policy", "late"]);
  });

  test("or REDUCE_ONLY, which a person's return does not take back", async () => {
    const { clock, trips, man } = deadMan("reduceOnly");
    await clock.advance(300_000);
    expect(trips).toEqual(["AUTO_OFF", "REDUCE_ONLY"]);
    man.seen();
    expect(trips).toEqual(["AUTO_OFF", "REDUCE_ONLY"]);
  });
});

test("an audit that does not verify is HALTED, one that does is nothing", () => {
  const tripped: unknown[] = [];
  const wire = { trip: (order: unknown) => void tripped.push(order) };
  judgeAudit(wire, { ok: true, findings: [] });
  expect(tripped).toEqual([]);
  judgeAudit(wire, { ok: false, findings: ["record 7: hash"] });
  expect(tripped).toMatchObject([{ cause: "audit-mismatch", scope: "global", level: "HALTED" }]);
});
