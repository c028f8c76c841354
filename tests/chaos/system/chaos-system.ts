import { closeSync, mkdirSync, openSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { tempDir } from "@countersign/testing/temp-dir";
import { Child, type ChildSettings } from "../../../deploy/local/child.ts";
import { armOnFirstStart } from "../../../deploy/local/first-arm.ts";
import { choosePorts, type Ports } from "../../../deploy/local/ports.ts";
import type { Prepared } from "../../../deploy/local/prepare-job.ts";
import { runJob } from "../../../deploy/local/run-job.ts";
import { type ServiceProcess, servicesOf } from "../../../deploy/local/services.ts";
import { freeze } from "../../end-to-end/processes.ts";
import { pinApple, type Ready } from "../../end-to-end/system.ts";
import { type NatsMessage, natsSplitter } from "../relay/nats-messages.ts";
import { Relay } from "../relay/relay.ts";
import { type TwsFrame, twsSplitter } from "../relay/tws-frames.ts";
import type { NatsHost } from "./nats-host.ts";
import { startNodes } from "./nats-nodes.ts";
import { quickConfig } from "./quick-config.ts";

export const ACCOUNT = "DU1234567";
const READY_WITHIN_MS = 60_000;

export interface ChaosOptions {
  /** Kept when it is given. */
  readonly dataDir?: string;
  /** Servers of NATS; absent: one. */
  readonly nodes?: 1 | 3;
  /** Environment of one service besides its own. */
  readonly env?: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

/** The real processes of a whole system, each behind a relay of its own; a service that dies is started again at once. */
export class ChaosSystem {
  readonly dataDir: string;
  readonly ready: Ready;
  readonly twsControl: string;
  /** One, or the three of a cluster. */
  readonly nodes: readonly NatsHost[];
  /** Between one service and nats-server. */
  readonly buses: ReadonlyMap<string, Relay<NatsMessage>>;
  /** Between the gateway and the simulator. */
  readonly tws: Relay<TwsFrame>;
  readonly keysDir: string;
  readonly #children: Map<string, Child>;
  readonly #readyPids: Map<string, number>;
  readonly #gateway: ChildSettings;
  readonly #end: () => void;

  private constructor(parts: Parts) {
    this.dataDir = parts.dataDir;
    this.ready = parts.ready;
    this.nodes = parts.nodes;
    this.buses = parts.buses;
    this.tws = parts.tws;
    this.twsControl = `http://127.0.0.1:${parts.ports.twsControl}`;
    this.keysDir = join(parts.dataDir, "keys");
    this.#children = parts.children;
    this.#readyPids = parts.readyPids;
    this.#gateway = parts.gateway;
    this.#end = parts.end;
  }

  static async start(options: ChaosOptions = {}): Promise<ChaosSystem> {
    const folder = options.dataDir === undefined ? tempDir("countersign-chaos-") : undefined;
    const dataDir = options.dataDir ?? folder?.path ?? "";
    mkdirSync(dataDir, { recursive: true, mode: 0o700 });
    const output = openSync(join(dataDir, "services.log"), "a");
    const end = () => {
      closeSync(output);
      folder?.remove();
    };
    const free = await choosePorts(0);
    const configDir = quickConfig(dataDir);
    const prepared = JSON.parse(await runJob("prepare-job.ts", [dataDir, ACCOUNT, configDir])) as Prepared;
    const nodes = await startNodes(dataDir, prepared, options.nodes ?? 1);
    const ports = { ...free, natsMonitor: nodes[0]?.monitorPort ?? 0 };
    const running = () => nodes.find(({ runs }) => runs) ?? nodes[0];
    const readyPids = new Map<string, number>();
    const relayed = await behindRelays(
      servicesIn({ dataDir, configDir }, prepared, ports),
      ports,
      () => running()?.port ?? 0,
    );
    const children = new Map<string, Child>();
    for (const { name, args, env } of relayed.services) {
      const log = (line: string) => {
        const pid = /ready \(pid (\d+)\)/.exec(line)?.[1];
        if (pid !== undefined) readyPids.set(name, Number(pid));
        else readyPids.delete(name);
      };
      children.set(name, new Child({ name, args, env: { ...env, ...options.env?.[name] }, log, output }));
    }
    const [own] = relayed.services.filter(({ name }) => name === "broker-gateway");
    const gateway = { name: "broker-gateway", args: [], env: own?.env ?? {}, log: () => undefined, output };
    const ready = readyOf(ports, prepared, running()?.url ?? "");
    const system = new ChaosSystem({ dataDir, ready, nodes, ...relayed, ports, children, readyPids, gateway, end });
    try {
      await system.#launch(prepared);
    } catch (error) {
      // Nothing must live on alone.
      await system.stop();
      throw error;
    }
    return system;
  }

  async #launch({ tokens, firstStart }: Prepared): Promise<void> {
    await Promise.all([...this.#children.values()].map((child) => child.start()));
    const { admin } = this.ready;
    await armOnFirstStart({ admin, operatorToken: tokens.operatorToken, firstStart, log: () => undefined });
    await pinApple(this.twsControl);
  }

  /** The first server that runs, or the first. */
  get nats(): NatsHost {
    const node = this.nodes.find(({ runs }) => runs) ?? this.nodes[0];
    if (node === undefined) throw new Error("no nats-server");
    return node;
  }

  bus(service: string): Relay<NatsMessage> {
    const relay = this.buses.get(service);
    if (relay === undefined) throw new Error(`${service} is not on the bus`);
    return relay;
  }

  services(): string[] {
    return [...this.#children.keys()];
  }

  pid(service: string): number {
    const pid = this.#children.get(service)?.pid;
    if (pid === undefined) throw new Error(`${service} does not run`);
    return pid;
  }

  /** Gone from one instant to the next; its supervisor starts it again. */
  kill(service: string): void {
    const pid = this.pid(service);
    this.#readyPids.delete(service);
    process.kill(pid, "SIGKILL");
  }

  freeze(service: string): Promise<void> {
    return freeze(this.pid(service));
  }

  thaw(service: string): void {
    process.kill(this.pid(service), "SIGCONT");
  }

  /** A second gateway on another machine: waits until the first one's lease is free. Whoever starts it stops it. */
  standby(): Child {
    const dataDir = join(this.dataDir, "standby");
    mkdirSync(dataDir, { recursive: true, mode: 0o700 });
    return new Child({ ...this.#gateway, env: { ...this.#gateway.env, COUNTERSIGN_DATA_DIR: dataDir } });
  }

  /** Every service runs and has said that it is ready. */
  async allRun(): Promise<void> {
    const deadline = performance.now() + READY_WITHIN_MS;
    const missing = () => this.services().filter((name) => this.#readyPids.get(name) !== this.#children.get(name)?.pid);
    while (missing().length > 0) {
      if (performance.now() > deadline) throw new Error(`not ready: ${missing().join(", ")}`);
      await sleep(20);
    }
  }

  async stop(): Promise<void> {
    for (const name of this.services()) {
      try {
        this.thaw(name);
      } catch {
        // It is not running just now.
      }
    }
    const { "audit-writer": audit, ...others } = Object.fromEntries(this.#children);
    await Promise.all(Object.values(others).map((child) => child.stop()));
    await audit?.stop();
    await Promise.all([...this.buses.values(), this.tws].map((relay) => relay.stop()));
    await Promise.all(this.nodes.map((node) => node.stop()));
    this.#end();
  }
}

interface Parts {
  readonly dataDir: string;
  readonly ready: Ready;
  readonly nodes: readonly NatsHost[];
  readonly buses: Map<string, Relay<NatsMessage>>;
  readonly tws: Relay<TwsFrame>;
  readonly ports: Ports;
  readonly children: Map<string, Child>;
  readonly readyPids: Map<string, number>;
  readonly gateway: ChildSettings;
  readonly end: () => void;
}

type Folders = { readonly dataDir: string; readonly configDir: string };

function servicesIn({ dataDir, configDir }: Folders, prepared: Prepared, ports: Ports): ServiceProcess[] {
  const settings = { json: true, dataDir, portBase: 0, configDir, calendar: "open", seed: "7", paper: undefined };
  const options = { settings: { ...settings, logLevel: "info" }, keysDir: join(dataDir, "keys"), ports };
  return servicesOf({ ...prepared, ...options, natsUrl: "behind a relay", account: ACCOUNT });
}

async function behindRelays(services: readonly ServiceProcess[], ports: Ports, natsPort: () => number) {
  const tws = await new Relay({ target: () => ports.tws, split: twsSplitter }).start();
  const buses = new Map<string, Relay<NatsMessage>>();
  const changed: ServiceProcess[] = [];
  for (const service of services) {
    if (service.env.COUNTERSIGN_NATS_URL === undefined) {
      changed.push(service);
      continue;
    }
    const bus = await new Relay({ target: natsPort, split: natsSplitter }).start();
    buses.set(service.name, bus);
    const env: Record<string, string> = {
      ...service.env,
      COUNTERSIGN_NATS_URL: `nats://127.0.0.1:${bus.port}`,
    };
    if (env.COUNTERSIGN_TWS_PORT !== undefined) env.COUNTERSIGN_TWS_PORT = String(tws.port);
    changed.push({ ...service, env });
  }
  return { services: changed, buses, tws };
}

function readyOf(ports: Ports, { tokens }: Prepared, nats: string): Ready {
  return {
    ready: true,
    mode: "simulator",
    mcp: `http://127.0.0.1:${ports.mcp}/mcp`,
    admin: `http://127.0.0.1:${ports.admin}`,
    nats,
    tws: `127.0.0.1:${ports.tws}`,
    ...tokens,
  };
}
