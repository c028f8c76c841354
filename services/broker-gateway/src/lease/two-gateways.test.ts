import { type ChildProcess, spawn } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { RPCS } from "@countersign/contracts/subjects";
import { covers } from "@countersign/testing/covers";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { eventually, World } from "../test-support.ts";

const MAIN = join(import.meta.dirname, "../main.ts");
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

/** The gateway as users run it, in a process of its own. */
class GatewayProcess {
  readonly #child: ChildProcess;
  #out = "";
  readonly exited: Promise<number | null>;

  constructor() {
    processes.add(this);
    const dataDir = join(world.folder.path, "data");
    mkdirSync(dataDir, { recursive: true });
    this.#child = spawn(process.execPath, [MAIN, "start", "--json"], {
      stdio: ["ignore", "pipe", "pipe"],
      env: {
        PATH: process.env.PATH ?? "",
        COUNTERSIGN_MODE: "simulator",
        COUNTERSIGN_NATS_URL: world.nats.url,
        COUNTERSIGN_KEYS_DIR: world.nats.keysDir,
        COUNTERSIGN_CONFIG_DIR: world.folder.path,
        COUNTERSIGN_DATA_DIR: dataDir,
        COUNTERSIGN_TWS_HOST: "127.0.0.1",
        COUNTERSIGN_TWS_PORT: String(world.simulator.port),
      },
    });
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream?.setEncoding("utf8").on("data", (text: string) => {
        this.#out = (this.#out + text).slice(-20_000);
      });
    }
    this.exited = new Promise((resolve) => this.#child.once("exit", (code) => resolve(code)));
  }

  says(text: string): Promise<true> {
    return eventually(() => (this.#out.includes(text) ? (true as const) : undefined), 15_000);
  }

  said(text: string): boolean {
    return this.#out.includes(text);
  }

  signal(name: NodeJS.Signals): void {
    this.#child.kill(name);
  }

  async end(name: NodeJS.Signals): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    this.#child.kill("SIGCONT");
    this.#child.kill(name);
    await this.exited;
  }
}

const READY = '"ready":true';
const STANDS_BY = "standing by";

async function status() {
  const reply = await world.risk.request(RPCS.brokerStatus, {});
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
  const holder = new GatewayProcess();
  await holder.says(READY);
  const epoch = (await status()).writerEpoch ?? 0;
  await upWithEpoch(epoch);
  const standby = new GatewayProcess();
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
    });
    expect(waiting).toMatchObject({ clientId: 17, link: "down", hold: { code: "BROKER_UNAVAILABLE" } });
    holder.signal("SIGCONT");
    expect(await holder.exited).toBe(70);
    await upWithEpoch(epoch + 1);
    const { approval } = await world.approved();
    expect(await world.submit(approval)).toBe("sent");
  });
});
