import { cpSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { RPCS } from "@countersign/contracts/subjects";
import { covers } from "@countersign/testing/covers";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { World } from "../test-support.ts";
import { eventually } from "../testing/eventually.ts";
import { GatewayProcess } from "../testing/gateway-process.ts";

const CONFIG = join(import.meta.dirname, "../../../../config");

let world: World;
const processes = new Set<GatewayProcess>();
beforeAll(async () => {
  world = await World.open();
  cpSync(CONFIG, world.folder.path, { recursive: true });
  const shorter = readFileSync(join(CONFIG, "broker-gateway.yaml"), "utf8")
    .replace("leaseMs: 3000", "leaseMs: 1000")
    .replace("clientIdTakenMs: 15000", "clientIdTakenMs: 300");
  writeFileSync(join(world.folder.path, "broker-gateway.yaml"), shorter);
});
afterAll(async () => {
  for (const one of processes) await one.end("SIGKILL");
  await world?.close();
});

function startProcess(): GatewayProcess {
  const started = new GatewayProcess(world, world.folder.path);
  processes.add(started);
  return started;
}

const READY = '"ready":true';
const STANDS_BY = "standing by";

async function status() {
  const reply = await world.risk.request(RPCS.brokerStatus, {}, { timeoutMs: 500 });
  if (reply.outcome !== "ok") throw new Error(reply.denial.message);
  return reply.value;
}

function upWithEpoch(epoch: number) {
  return eventually(async () => {
    const now = await status().catch(() => undefined);
    return now?.link === "up" && now.hold === null && now.writerEpoch === epoch ? now : undefined;
  });
}

/** Who holds the lease after the test before; each test starts the next one beside it. */
let holder: GatewayProcess;
let epoch = 0;

async function standby(): Promise<GatewayProcess> {
  const started = startProcess();
  await started.says(STANDS_BY);
  expect(started.said(READY)).toBe(false);
  return started;
}

/** The one that stood by holds the lease now, and its link is up. */
async function succeeds(successor: GatewayProcess): Promise<void> {
  await successor.says(READY);
  epoch += 1;
  await upWithEpoch(epoch);
  holder = successor;
}

beforeAll(async () => {
  holder = startProcess();
  await holder.says(READY);
  epoch = (await status()).writerEpoch ?? 0;
  await upWithEpoch(epoch);
});

describe("two gateways, one after the other replaced", () => {
  test("one works and one stands by; killed, the first is replaced, with the next epoch and an order from there", async () => {
    const next = await standby();
    expect(((await world.simulator.control("GET", "/stats")) as { clientIds: number[] }).clientIds).toEqual([17]);
    await holder.end("SIGKILL");
    await succeeds(next);
    const { approval, proposal } = await world.approved();
    expect(await world.submit(approval)).toBe("sent");
    const [intent] = await world.execLogWith(proposal, "filled/1");
    expect(intent).toMatchObject({ type: "intent/1", writerEpoch: epoch });
  });

  test("stopped in an orderly way, it hands over", async () => {
    const next = await standby();
    const before = holder;
    await before.end("SIGTERM");
    expect(await before.exited).toBe(0);
    await succeeds(next);
  });

  test("frozen and woken again, it finds itself replaced and exits; meanwhile its successor only reads", async () => {
    covers("code/326", "field/client-id-stuck");
    const next = await standby();
    const frozen = holder;
    frozen.signal("SIGSTOP");
    await next.says(READY);
    const waiting = await eventually(async () => {
      const now = await status().catch(() => undefined);
      return now?.conditions.some(({ code }) => code === "CLIENT_ID_IN_USE") ? now : undefined;
    }, 20_000);
    expect(waiting).toMatchObject({ clientId: 17, hold: { code: "BROKER_READ_ONLY" } });
    frozen.signal("SIGCONT");
    expect(await frozen.exited).toBe(70);
    await succeeds(next);
    const { approval } = await world.approved();
    expect(await world.submit(approval)).toBe("sent");
  });
});
