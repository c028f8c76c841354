import { randomBytes } from "node:crypto";
import { deflateRawSync } from "node:zlib";
import { createSystemClock } from "@countersign/clock/clock";
import type { OpenOrder } from "@countersign/contracts/account";
import { denied, Fault, ok } from "@countersign/contracts/denial";
import { FACTS, RPCS } from "@countersign/contracts/subjects";
import { createLogger } from "@countersign/log/logger";
import { startTestNats, type TestNats } from "@countersign/testing/nats";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { comparesOrders } from "./append.ts";
import { type Bus, connectBus, usersOf } from "./bus.ts";
import { claim } from "./claim.ts";
import { ControlView } from "./control-view.ts";
import { PAYLOAD_BYTES_MAX } from "./headers.ts";
import { OrderFeed } from "./order-feed.ts";
import { REPLY_BYTES_MAX, unpackedReply } from "./packed-reply.ts";
import { PreparedReply } from "./prepared-reply.ts";

const clock = createSystemClock();
const log = createLogger({ service: "test", level: "silent" });
const PROPOSAL = `prop_${"a".repeat(26)}`;
const HASH = "0".repeat(64);
const at = "2026-11-21T10:00:00.000Z";
let nats: TestNats;
const open: Bus[] = [];

async function bus(service: string): Promise<Bus> {
  const connected = await connectBus({
    url: nats.url,
    users: usersOf(service),
    keysDir: nats.keysDir,
    service,
    clock,
    log,
  });
  open.push(connected);
  return connected;
}

const setting = (level: "ACTIVE" | "HALTED") =>
  ({ type: "kill/1", level, actor: { kind: "operator", id: "operator" }, reason: "test", at }) as const;

beforeAll(async () => {
  nats = await startTestNats();
});
afterAll(async () => {
  await Promise.all(open.map((one) => one.drain()));
  await nats?.stop();
});

describe("request and serve", () => {
  test("nobody serves -> UNAVAILABLE at once, on a write too", async () => {
    const edge = await bus("mcp-edge");
    const asking = edge.request(RPCS.limits, { account: "DU1234567" });
    await expect(asking).rejects.toMatchObject({ code: "UNAVAILABLE", effect: "none" });
  });

  test("an answer crosses accounts, a prepared one too; a rejected handler is a fault, never silence", async () => {
    const told = (account: string) => ok({ account, policyHash: HASH, limits: [] });
    const [edge, gate] = [await bus("mcp-edge"), await bus("risk-gate")];
    gate.serve(RPCS.limits, async ({ account }) => {
      if (account === "DU0000001") throw new Error("secret detail");
      if (account === "DU0000002") throw new Fault("BROKER_UNAVAILABLE");
      if (account === "DU0000003") return PreparedReply.fixed(RPCS.limits, told(account));
      if (account === "DU0000004") return PreparedReply.fixed(RPCS.accounts, denied("FORBIDDEN")) as never;
      return told(account);
    });
    await edge.ping();
    await gate.ping();
    expect(await edge.request(RPCS.limits, { account: "DU1234567" })).toEqual(told("DU1234567"));
    const failed = edge.request(RPCS.limits, { account: "DU0000001" });
    await expect(failed).rejects.toMatchObject({ code: "INTERNAL", message: expect.not.stringContaining("secret") });
    await expect(edge.request(RPCS.limits, { account: "DU0000002" })).rejects.toMatchObject({
      code: "BROKER_UNAVAILABLE",
    });
    expect(await edge.request(RPCS.limits, { account: "DU0000003" })).toEqual(told("DU0000003"));
    await expect(edge.request(RPCS.limits, { account: "DU0000004" })).rejects.toMatchObject({
      code: "SCHEMA_UNSUPPORTED",
    });
  });

  test("a list that is too long for a message arrives whole; what does not fit packed either is a fault", async () => {
    const [edge, gateway] = [await bus("mcp-edge"), await bus("broker-gateway")];
    const orders = Array.from({ length: 1_000 }, (_, index): OpenOrder => {
      const names = { account: "DU1234567", permId: String(index), orderRef: `by hand ${index}`, symbol: `S${index}` };
      const numbers = {
        orderId: 0,
        clientId: 0,
        conid: index + 1,
        quantity: "10",
        filledQuantity: "0",
        limitPrice: "1",
      };
      const words = { side: "BUY", orderType: "LMT", timeInForce: "DAY", status: "Submitted" } as const;
      return { ...names, ...numbers, ...words, ownership: "foreign", proposalId: null };
    });
    const noise = () => randomBytes(48).toString("base64url");
    const noisy = Array.from({ length: 5_000 }, () => orders.slice(0, 1).map((one) => ({ ...one, orderRef: noise() })));
    gateway.serve(RPCS.openOrders, async ({ account }) =>
      ok({ account, orders: account === "DU1234567" ? orders : noisy.flat(), asOf: at }),
    );
    await Promise.all([edge.ping(), gateway.ping()]);
    expect(JSON.stringify(orders).length).toBeGreaterThan(PAYLOAD_BYTES_MAX);
    const answer = await edge.request(RPCS.openOrders, { account: "DU1234567" });
    expect(answer).toEqual({ outcome: "ok", value: { account: "DU1234567", orders, asOf: at } });
    await expect(edge.request(RPCS.openOrders, { account: "DU0000001" })).rejects.toMatchObject({
      code: "SCHEMA_UNSUPPORTED",
      message: expect.stringContaining("packed"),
    });
  });

  test("what becomes longer than any reply of ours, or was not packed, is not unpacked", () => {
    const packed = (bytes: number) => deflateRawSync(JSON.stringify(" ".repeat(bytes - 2)));
    expect(unpackedReply(packed(REPLY_BYTES_MAX))).toHaveLength(REPLY_BYTES_MAX - 2);
    expect(unpackedReply(packed(REPLY_BYTES_MAX + 1))).toBeUndefined();
    expect(unpackedReply(Buffer.from("{}"))).toBeUndefined();
  });

  test("a message that does not fit its schema is refused before it is sent", async () => {
    const edge = await bus("mcp-edge");
    const bad = { account: "DU1234567", extra: 1 } as { account: string };
    await expect(edge.request(RPCS.limits, bad)).rejects.toMatchObject({ code: "SCHEMA_UNSUPPORTED" });
  });

  test("a service that is not among the callers cannot even try", async () => {
    const edge = await bus("mcp-edge");
    expect(() => edge.request(RPCS.approve, {} as never)).toThrow(TypeError);
  });
});

describe("logs", () => {
  test("of sixteen first appends one wins, the others see a conflict", async () => {
    const approval = await bus("approval");
    const params = { account: "DU1234567", proposal: PROPOSAL };
    const fact = { type: "expired/1", proposalId: PROPOSAL, at, deadline: at } as const;
    const tries = Array.from({ length: 16 }, () =>
      approval.append(FACTS.decision, params, fact, { expectedSequence: 0 }),
    );
    const outcomes = (await Promise.all(tries)).map((one) => one.outcome);
    expect(outcomes.filter((one) => one === "appended")).toHaveLength(1);
    expect((await approval.readSubject(FACTS.decision, params)).map((one) => one.body)).toEqual([fact]);
  });

  test("two authors at once, each by the last sequence of the whole order -> one is appended, the other conflicts", async () => {
    const [approval, gate] = [await bus("approval"), await bus("risk-gate")];
    expect(gate.comparesOrders()).toBe(true);
    for (let round = 0; round < 40; round += 1) {
      const letters = [...round.toString(2).padStart(6, "0")].map((digit) => "ab"[Number(digit)]).join("");
      const proposal = `prop_${letters.padStart(26, "c")}`;
      const params = { account: "DU1234567", proposal };
      const simulation = { whatIf: { missing: "x" }, estimate: { missing: "x" } };
      const first = { type: "simulated/1", proposalId: proposal, at, simulation } as const;
      const written = await gate.append(FACTS.proposal, params, first, { expectedSequence: 0 });
      const sequence = written.outcome === "appended" ? written.sequence : 0;
      const expired = { type: "expired/1", proposalId: proposal, at, deadline: at } as const;
      const tries = await Promise.all([
        gate.append(FACTS.proposal, params, first, { expectedSequence: sequence, expectedOrderSequence: sequence }),
        approval.append(FACTS.decision, params, expired, { expectedSequence: 0, expectedOrderSequence: sequence }),
      ]);
      expect(tries.map(({ outcome }) => outcome).sort()).toEqual(["appended", "conflict"]);
    }
  });

  test.each([
    ["2.15.2", true],
    ["2.11.0", true],
    ["3.0.0", true],
    ["2.10.27", false],
    ["2.9.10", false],
    ["unknown", false],
    [undefined, false],
  ])("nats-server %s compares over the logs of an order: %s", (version, can) => {
    expect(comparesOrders(version)).toBe(can);
  });

  test("what is acknowledged is seen by every read after it, over any connection", async () => {
    const [approval, gate] = [await bus("approval"), await bus("risk-gate")];
    const writeAndRead = async (letter: string) => {
      const params = { account: "DU1234567", proposal: `prop_${letter.repeat(26)}` };
      const fact = { type: "expired/1", proposalId: params.proposal, at, deadline: at } as const;
      for (let length = 1, expectedSequence = 0; length <= 10; length += 1) {
        const appended = await approval.append(FACTS.decision, params, fact, { expectedSequence });
        expectedSequence = appended.outcome === "appended" ? appended.sequence : -1;
        const [last, whole] = await Promise.all([
          gate.readLast(FACTS.decision, params),
          gate.readSubject(FACTS.decision, params),
        ]);
        expect([last?.sequence, whole.length]).toEqual([expectedSequence, length]);
      }
    };
    await Promise.all([..."234567"].map(writeAndRead));
  });

  test("a feed hands over what is stored and what comes, each once and in order", async () => {
    const [approval, gate] = [await bus("approval"), await bus("risk-gate")];
    const feed = await OrderFeed.open(gate, clock);
    const seen: number[] = [];
    feed.subscribe((fact) => seen.push(fact.sequence));
    const before = feed.lastSequence();
    expect(seen).toEqual(Array.from({ length: before }, (_, index) => index + 1));
    for (let index = 0; index < 20; index += 1) {
      const proposal = `prop_${String.fromCharCode(98 + index).repeat(26)}`;
      const fact = { type: "expired/1", proposalId: proposal, at, deadline: at } as const;
      await approval.append(FACTS.decision, { account: "DU1234567", proposal }, fact, { expectedSequence: 0 });
    }
    await expect.poll(() => feed.lastSequence()).toBe(before + 20);
    expect(seen).toEqual(Array.from({ length: before + 20 }, (_, index) => index + 1));
    feed.close();
  });
});

describe("the kill switch and the claim", () => {
  const params = (name: string) => ({ account: "DU1234567", proposal: `prop_${name.repeat(26)}` });
  const body = (name: string) =>
    ({
      type: "claim/1",
      proposalId: `prop_${name.repeat(26)}`,
      ticketHash: HASH,
      writerEpoch: 1,
      purpose: "send",
      at,
    }) as const;
  const set = async (level: "ACTIVE" | "HALTED") => {
    const admin = await bus("admin-api");
    const last = await admin.readLast(FACTS.kill, { scope: "global" });
    return admin.append(FACTS.kill, { scope: "global" }, setting(level), { expectedSequence: last?.sequence ?? 0 });
  };

  test("never set -> HALTED, and no claim", async () => {
    const gateway = await bus("broker-gateway");
    const view = await ControlView.open(gateway, clock);
    expect(view.level({})).toMatchObject({ level: "HALTED" });
    expect(await claim(gateway, view, params("a"), body("a"), {})).toMatchObject({ outcome: "halted" });
    view.close();
  });

  test("ACTIVE -> one claim for each order; a second try finds the first", async () => {
    await set("ACTIVE");
    const gateway = await bus("broker-gateway");
    const view = await ControlView.open(gateway, clock);
    expect(await claim(gateway, view, params("b"), body("b"), {})).toMatchObject({ outcome: "claimed" });
    expect(await claim(gateway, view, params("b"), body("b"), {})).toMatchObject({ outcome: "alreadyClaimed" });
    view.close();
  });

  test("a view that has not heard of HALTED yet cannot claim: the server refuses its sequence", async () => {
    await set("ACTIVE");
    const gateway = await bus("broker-gateway");
    const view = await ControlView.open(gateway, clock);
    view.close();
    await set("HALTED");
    expect(view.level({}).level).toBe("ACTIVE");
    expect(await claim(gateway, view, params("c"), body("c"), {})).toMatchObject({ outcome: "halted" });
    expect(await gateway.readLast(FACTS.claim, params("c"))).toBeUndefined();
  });

  test("NATS goes away -> a read that waits ends, the view is HALTED at once, and comes back with it", async () => {
    await set("ACTIVE");
    const gateway = await bus("broker-gateway");
    const view = await ControlView.open(gateway, clock);
    expect(view.level({}).level).toBe("ACTIVE");
    const [edge, gate] = [await bus("mcp-edge"), await bus("risk-gate")];
    const asked = new Promise<void>((heard) => {
      gate.serve(RPCS.getProposal, () => {
        heard();
        return new Promise(() => undefined);
      });
    });
    await gate.ping();
    const reading = edge.request(RPCS.getProposal, { proposalId: PROPOSAL, agent: null }, { timeoutMs: 60_000 });
    const ended = expect(reading).rejects.toMatchObject({ code: "BUS_UNAVAILABLE", effect: "none" });
    await asked;
    await nats.kill("SIGKILL");
    await ended;
    await expect.poll(() => view.level({}).level).toBe("HALTED");
    const pending = gateway.append(FACTS.claim, params("d"), body("d"), { expectedSequence: 0 });
    await expect(pending).rejects.toMatchObject({ code: "BUS_UNAVAILABLE" });
    await nats.restart();
    await expect.poll(() => view.level({}).level).toBe("ACTIVE");
    view.close();
  });
});
