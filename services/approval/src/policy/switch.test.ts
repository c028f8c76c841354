import { ManualClock } from "@countersign/clock/manual-clock";
import type { Fact, Rpc } from "@countersign/contracts/contract-kinds";
import type { Reply } from "@countersign/contracts/denial";
import type { LedgerEntry } from "@countersign/contracts/facts/policy-facts.v1";
import type { AutoStatus } from "@countersign/contracts/messages/auto-approval.v1";
import { RPCS } from "@countersign/contracts/subjects";
import { describe, expect, test } from "vitest";
import { CONFIG } from "../test-support.ts";
import { ConsoleWatch } from "./console-watch.ts";
import type { PolicyDeps } from "./deps.ts";
import { openLedger } from "./ledger-log.ts";
import { servePolicy } from "./switch.ts";
import { NOW_MS, POLICY, refOf, useOf } from "./testing/envelope-input.ts";

const meant = refOf(POLICY);
type Handler = (request: object) => Promise<Reply<AutoStatus>>;

/** The switch over a ledger of its own. `onAudit` runs while the record of a turning on is on its way. */
async function opened(given: { read?: () => object; onAudit?: (world: World) => Promise<unknown> } = {}) {
  const entries: LedgerEntry[] = [];
  const clock = new ManualClock(NOW_MS);
  const handlers = new Map<unknown, Handler>();
  const bus = {
    readLast: async () => ({ sequence: entries.length, body: entries.at(-1) }),
    readSubject: async () => entries.map((body, index) => ({ sequence: index + 1, body })),
    append: async (_fact: Fact, _: object, body: LedgerEntry, { expectedSequence = 0 }) => {
      if (expectedSequence !== entries.length) return { outcome: "conflict" };
      return { outcome: "appended", sequence: entries.push(body) };
    },
    serve: (rpc: Rpc, handler: Handler) => handlers.set(rpc, handler),
    audit: async () => given.onAudit?.(world),
  } as unknown as PolicyDeps["bus"];
  const watch = new ConsoleWatch(clock);
  const read = given.read ?? (() => ({ state: "valid", ref: meant, policy: POLICY, signers: [] }));
  servePolicy({
    ...{ bus, ledger: await openLedger(bus), clock, mode: "simulator", config: CONFIG },
    ...{ outbox: { note: async () => undefined }, source: { current: read }, console: watch },
    key: { keyId: "robot-policy", owner: () => ({ person: "robot" }), sign: () => "signed" },
  } as unknown as PolicyDeps);
  const set = (mode: "on" | "off", operator: string) => {
    const policyHash = mode === "on" ? meant.hash : null;
    return handlers.get(RPCS.setAutoMode)?.({ mode, operator, reason: "test", policyHash });
  };
  const ask = () => handlers.get(RPCS.autoStatus)?.({});
  const world = { entries, set, ask, clock, watch };
  return world;
}
type World = { entries: LedgerEntry[]; set(mode: "on" | "off", operator: string): Promise<unknown> | undefined };

describe("turning it on while its record is on the way to the audit", () => {
  test("another person turns it off, and hears that it is -> it stays off", async () => {
    const { entries, set } = await opened({ onAudit: async ({ set: also }) => also("off", "bob") });
    await expect(set("on", "ada")).rejects.toMatchObject({ code: "CONFLICT" });
    expect(entries).toMatchObject([{ mode: "off", actor: { id: "bob" } }]);
  });
  test("the throttle turns it off -> it stays off", async () => {
    let isFirst = true;
    const { entries, set } = await opened({
      onAudit: async ({ entries: log }) => {
        if (!isFirst) log.push(useOf({ turnsOff: true }));
        isFirst = false;
      },
    });
    await set("on", "ada");
    await expect(set("on", "ada")).rejects.toMatchObject({ code: "CONFLICT" });
    expect(entries.at(-1)).toMatchObject({ turnsOff: true });
  });
  test("an order is approved by it -> it is turned on all the same", async () => {
    const { entries, set } = await opened({ onAudit: async ({ entries: log }) => void log.push(useOf()) });
    expect(await set("on", "ada")).toMatchObject({ outcome: "ok", value: { mode: "on" } });
    expect(entries.at(-1)).toMatchObject({ mode: "on", actor: { id: "ada" } });
  });
});

describe("the document", () => {
  test("replaced in the moment in which it is read -> what is turned on is what the person meant", async () => {
    const other = { id: meant.id, hash: "c".repeat(64) };
    const refs = [meant, other];
    const read = () => ({ state: "valid", ref: refs.shift() ?? other, policy: POLICY, signers: [] });
    const { entries, set } = await opened({ read });
    await set("on", "ada");
    expect(entries).toMatchObject([{ mode: "on", policy: meant }]);
  });
  test("cannot be read -> it is turned off all the same", async () => {
    const { entries, set } = await opened({
      read: () => {
        throw new Error("EACCES");
      },
    });
    await set("off", "ada")?.catch(() => undefined);
    expect(entries).toMatchObject([{ mode: "off" }]);
  });
});

test("nobody has asked how it stands for a minute -> the console counts as gone, until it asks again", async () => {
  const { ask, clock, watch } = await opened();
  await clock.advance(59_999);
  expect(watch.absence()).toBeUndefined();
  await clock.advance(1);
  expect(watch.absence()).toBe("admin-api was silent for 60 s");
  await ask();
  expect(watch.absence()).toBeUndefined();
});
