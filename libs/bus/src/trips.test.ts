import { createSystemClock } from "@countersign/clock/clock";
import type { AuditEntry } from "@countersign/contracts/audit";
import type { KillScope, Trip } from "@countersign/contracts/control";
import { FACTS, type TRIPS } from "@countersign/contracts/subjects";
import { createLogger } from "@countersign/log/logger";
import { startTestNats, type TestNats } from "@countersign/testing/nats";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type Bus, connectBus, usersOf } from "./bus.ts";
import { claim } from "./claim.ts";
import { ControlView } from "./control-view.ts";
import { Tripwire } from "./tripwire.ts";

/** Trips on a real server, each written by its own service and seen by all. */
const system = createSystemClock();
let stepMs = 0;
const clock = { ...system, nowMs: () => system.nowMs() + stepMs };
const log = createLogger({ service: "test", level: "silent" });
const ACCOUNT = "DU1234567";
const SCOPES = { account: ACCOUNT, agent: "agent-1", conids: [265598] };
const at = "2026-11-21T10:00:00.000Z";
const person = { kind: "operator", id: "operator" } as const;
const records: AuditEntry[] = [];
let nats: TestNats;
let gate: Bus;
let admin: Bus;
let gateway: Bus;
let gateView: ControlView;
let view: ControlView;
let wire: Tripwire<"risk-gate">;

beforeAll(async () => {
  nats = await startTestNats();
  const connect = (service: string) =>
    connectBus({ url: nats.url, users: usersOf(service), keysDir: nats.keysDir, service, clock, log });
  gate = await connect("risk-gate");
  admin = await connect("admin-api");
  gateway = await connect("broker-gateway");
  gateView = await ControlView.open(gate, clock);
  view = await ControlView.open(gateway, clock);
  wire = new Tripwire({
    bus: gate,
    view: gateView,
    clock,
    log,
    service: "risk-gate",
    record: (one) => records.push(one),
  });
  const body = { type: "kill/1", level: "ACTIVE", actor: person, reason: "test", at } as const;
  await admin.append(FACTS.kill, { scope: "global" }, body, { expectedSequence: 0 });
});
afterAll(async () => {
  wire?.close();
  gateView?.close();
  view?.close();
  await Promise.all([gate, admin, gateway].map((bus) => bus?.drain()));
  await nats?.stop();
});
beforeEach(async () => {
  await Promise.all([view.refresh(), gateView.refresh()]);
});

const loss = { reason: "loss 2.1 %", evidence: { lossPercent: "2.1" } };
const trip = async (
  cause: "daily-loss" | "drawdown" | "account-values",
  level: "AUTO_OFF" | "REDUCE_ONLY" | "HALTED",
) => {
  wire.trip({ cause, scope: `account.${ACCOUNT}`, level, ...loss });
  await wire.idle();
  await view.refresh();
};
const keyOf = (cause: string, scope: KillScope = `account.${ACCOUNT}`) => `risk-gate.${cause}.${scope}`;

async function reset(key: string, tripSequence?: number): Promise<void> {
  await view.refresh();
  const sequence = tripSequence ?? view.trips().find((one) => one.key === key)?.sequence ?? 0;
  const last = await admin.readLast(FACTS.tripReset, { key });
  const body = { type: "trip-reset/1", tripSequence: sequence, actor: person, reason: "checked", at } as const;
  await admin.append(FACTS.tripReset, { key }, body, { expectedSequence: last?.sequence ?? 0 });
  await Promise.all([view.refresh(), gateView.refresh()]);
}

describe("a trip", () => {
  test("counts like a setting for its scope, in every process, until a person resets it; the next one counts again", async () => {
    expect(view.level(SCOPES).level).toBe("ACTIVE");
    await trip("daily-loss", "REDUCE_ONLY");
    expect(view.level(SCOPES)).toMatchObject({ level: "REDUCE_ONLY", reason: expect.stringContaining("loss 2.1 %") });
    expect(view.level({ account: "DU7654321" }).level).toBe("ACTIVE");
    expect(records.at(-1)).toMatchObject({ kind: "kill.tripped", body: { level: "REDUCE_ONLY" } });
    await reset(keyOf("daily-loss"));
    expect(view.level(SCOPES).level).toBe("ACTIVE");
    await trip("daily-loss", "HALTED");
    expect(view.level(SCOPES).level).toBe("HALTED");
    await reset(keyOf("daily-loss"));
  });

  test("a reset of an earlier trip does not reset a later one", async () => {
    await trip("daily-loss", "REDUCE_ONLY");
    const seen = view.trips().find(({ key }) => key === keyOf("daily-loss"))?.sequence ?? 0;
    await trip("daily-loss", "HALTED");
    await reset(keyOf("daily-loss"), seen);
    expect(view.level(SCOPES).level).toBe("HALTED");
    await reset(keyOf("daily-loss"));
  });

  test("a looser trip after a stricter one changes nothing, and a service takes back only a want of facts", async () => {
    await trip("drawdown", "HALTED");
    await trip("drawdown", "REDUCE_ONLY");
    expect(view.level(SCOPES).level).toBe("HALTED");
    const params = { cause: "drawdown", scope: `account.${ACCOUNT}` };
    const last = await gate.readLast(FACTS.riskGateTrip, params);
    const none: Trip = { type: "trip/1", level: "NONE", reason: "all is well", evidence: [], at };
    await gate.append(FACTS.riskGateTrip, params, none, { expectedSequence: last?.sequence ?? 0 });
    await view.refresh();
    expect(view.level(SCOPES).level).toBe("HALTED");
    await reset(keyOf("drawdown"));
    await trip("account-values", "REDUCE_ONLY");
    expect(view.level(SCOPES).level).toBe("REDUCE_ONLY");
    wire.withdraw("account-values", `account.${ACCOUNT}`, "values are back");
    await wire.idle();
    await view.refresh();
    expect(view.level(SCOPES).level).toBe("ACTIVE");
  });

  test("AUTO_OFF stops approvals by policy only", async () => {
    await trip("account-values", "AUTO_OFF");
    expect(view.level(SCOPES).level).toBe("ACTIVE");
    expect(view.autoOff(SCOPES)).toContain("loss 2.1 %");
    expect(view.autoOff({ account: "DU7654321" })).toBeUndefined();
    wire.withdraw("account-values", `account.${ACCOUNT}`, "values are back");
    await wire.idle();
    await view.refresh();
    expect(view.autoOff(SCOPES)).toBeUndefined();
  });

  test("unreadable is HALTED for its scope; nobody writes another's trip", async () => {
    const stray = `$KV.CONTROL.trip.risk-gate.drawdown.account.${ACCOUNT}`;
    gate.connection(["risk-gate"], "test").nats.publish(stray, "{");
    await expect.poll(() => view.level(SCOPES).level).toBe("HALTED");
    expect(view.level({ account: "DU7654321" }).level).toBe("ACTIVE");
    await reset(keyOf("drawdown"));
    const foreign: (typeof TRIPS)["risk-gate"] = { ...FACTS.riskGateTrip, publisher: "broker-gateway-core" as never };
    const body: Trip = { type: "trip/1", level: "HALTED", reason: "x", evidence: [], at };
    const params = { cause: "drawdown", scope: "global" };
    const writing = gateway.append(foreign, params, body, { expectedSequence: 0 });
    await expect(writing).rejects.toMatchObject({ code: "INTERNAL" });
  });

  test("the server refuses a claim to whoever has not seen the trip yet", async () => {
    const proposal = `prop_${"b".repeat(26)}`;
    const ticketHash = "0".repeat(64);
    const body = { type: "claim/1", proposalId: proposal, ticketHash, writerEpoch: 1, purpose: "send", at } as const;
    const before = view.sequence();
    const blind = {
      level: () => ({ level: "ACTIVE", reason: "it has not heard" }),
      sequence: () => before,
      refresh: async () => undefined,
      writerEpoch: () => undefined,
    } as unknown as ControlView;
    wire.trip({ cause: "drawdown", scope: "global", level: "HALTED", ...loss });
    await wire.idle();
    const outcome = await claim(gateway, blind, { account: ACCOUNT, proposal }, body, SCOPES);
    expect(outcome.outcome).toBe("busy");
    await reset(keyOf("drawdown", "global"));
    expect(await claim(gateway, view, { account: ACCOUNT, proposal }, body, SCOPES)).toMatchObject({
      outcome: "claimed",
    });
  });
});

describe("what cannot be confirmed or trusted", () => {
  test.each([3_600_000, -3_600_000])(
    "a step of the clock by %d ms is HALTED until a trip says it to everybody",
    async (ms) => {
      expect(view.level(SCOPES).level).toBe("ACTIVE");
      stepMs += ms;
      expect(view.level(SCOPES)).toMatchObject({
        level: "HALTED",
        reason: expect.stringContaining("clock was stepped"),
      });
      const params = { cause: "clock-step", scope: "global" };
      const last = await gateway.readLast(FACTS.gatewayTrip, params);
      const body: Trip = { type: "trip/1", level: "HALTED", reason: "clock", evidence: [], at };
      await gateway.append(FACTS.gatewayTrip, params, body, { expectedSequence: last?.sequence ?? 0 });
      await expect.poll(() => view.clockStepMs()).toBe(0);
      await expect.poll(() => gateView.clockStepMs()).toBe(0);
      expect(view.level(SCOPES).level).toBe("HALTED");
      await reset("broker-gateway.clock-step.global");
      expect(view.level(SCOPES).level).toBe("ACTIVE");
    },
  );

  test("a trip that cannot be written counts in its process at once, and in the stream when that is back", async () => {
    await nats.kill("SIGSTOP");
    wire.trip({ cause: "daily-loss", scope: "global", level: "HALTED", ...loss });
    expect(wire.unwritten(SCOPES)).toEqual({ level: "HALTED", reason: "loss 2.1 %" });
    await nats.kill("SIGCONT");
    await expect
      .poll(() => view.trips().some((one) => one.key === keyOf("daily-loss", "global") && one.level === "HALTED"))
      .toBe(true);
    await expect.poll(() => wire.unwritten(SCOPES)).toBeUndefined();
    await reset(keyOf("daily-loss", "global"));
  });
});
