import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { RPCS } from "@countersign/contracts/subjects";
import { covers } from "@countersign/testing/covers";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { eventually, World } from "../test-support.ts";
import { GatewayProcess } from "../testing/gateway-process.ts";

const CONFIG = join(import.meta.dirname, "../../../../config/broker-gateway.yaml");

let world: World;
const processes = new Set<GatewayProcess>();
beforeAll(async () => {
  world = await World.open();
  const shorter = readFileSync(CONFIG, "utf8")
    .replace("leaseMs: 3000", "leaseMs: 1000")
    .replace("clientIdTakenMs: 5000", "clientIdTakenMs: 300");
  writeFileSync(join(world.folder.path, "broker-gateway.yaml"), shorter);
});
afterAll(() => world?.close());
afterEach(async () => {
  for (const one of processes) await one.end("SIGKILL");
  processes.clear();
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
    return now?.link === "up" && now.writerEpoch === epoch ? now : undefined;
  }, 20_000);
}

async function holderAndStandby(): Promise<{ holder: GatewayProcess; standby: GatewayProcess; epoch: number }> {
  const holder = startProcess();
  await holder.says(READY);
  const epoch = (await status()).writerEpoch ?? 0;
  await upWithEpoch(epoch);
  const standby = startProcess();
  await standby.says(STANDS_BY);
  return { holder, standby, epoch };
}

describe("two gateways", () => {
  test("one works and one stands by; killed, the first is replaced, with the next epoch and an order from there", async () => {
    const { holder, standby, epoch } = await holderAndStandby();
    expect(standby.said(READY)).toBe(false);
    expect(((await world.simulator.control("GET", "/stats")) as { clientIds: number[] }).clientIds).toEqual([17]);
    await holder.end("SIGKILL");
    await standby.says(READY);
    await upWithEpoch(epoch + 1);
    const { approval, proposal } = await world.approved();
    expect(await world.submit(approval)).toBe("sent");
    const [intent] = await world.execLogWith(proposal, "filled/1");
    expect(intent).toMatchObject({ type: "intent/1", writerEpoch: epoch + 1 });
  });

  test("stopped in an orderly way, the first hands over without waiting for the lease to run out", async () => {
    const { holder, standby, epoch } = await holderAndStandby();
    await holder.end("SIGTERM");
    expect(await holder.exited).toBe(0);
    await standby.says(READY);
    await upWithEpoch(epoch + 1);
  });

  test("frozen and woken again, the first finds itself replaced and exits; meanwhile TWS takes nobody under its id", async () => {
    covers("code/326", "field/client-id-stuck");
    const { holder, standby, epoch } = await holderAndStandby();
    holder.signal("SIGSTOP");
    await standby.says(READY);
    const waiting = await eventually(async () => {
      const now = await status().catch(() => undefined);
      return now?.conditions.some(({ code }) => code === "CLIENT_ID_IN_USE") ? now : undefined;
    }, 20_000);
    expect(waiting).toMatchObject({ clientId: 17, hold: { code: "BROKER_UNAVAILABLE" } });
    holder.signal("SIGCONT");
    expect(await holder.exited).toBe(70);
    await upWithEpoch(epoch + 1);
    const { approval } = await world.approved();
    expect(await world.submit(approval)).toBe("sent");
  });
});
