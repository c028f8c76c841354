import type { Clock, Timer } from "@countersign/clock/clock";
import { ConfigError } from "@countersign/config/config-error";
import { createWireRecorder, type WireRecorder } from "@countersign/wire-record/wire-recorder";
import { Broker, type BrokerDeps } from "./broker/broker.ts";
import { BrokerState, keepRecent } from "./broker/broker-state.ts";
import { claimFolder } from "./broker/folder-claim.ts";
import { createFileStore, createVolatileStore } from "./broker/state-store.ts";
import { startControlServer } from "./control/control-server.ts";
import { Traffic } from "./control/traffic.ts";
import { DataFaults } from "./faults/data-faults.ts";
import { FaultControl } from "./faults/fault-control.ts";
import type { Fault } from "./faults/fault-document.ts";
import { FaultEngine } from "./faults/fault-engine.ts";
import { OrderFaults } from "./faults/order-faults.ts";
import { SessionFaults } from "./faults/session-faults.ts";
import { startFlexServer } from "./flex/flex-server.ts";
import { FlexService } from "./flex/flex-service.ts";
import { readBarFile } from "./market/bar-file.ts";
import { buildBook } from "./market/book.ts";
import { Calendar, type CalendarMode } from "./market/calendar.ts";
import { Market } from "./market/market.ts";
import { BUCKET_MS } from "./market/price-path.ts";
import { createRng } from "./market/rng.ts";
import { Hub } from "./session/hub.ts";
import { TwsServer } from "./session/tws-server.ts";
import type { World } from "./session/world.ts";

export interface SimulatorOptions {
  readonly clock: Clock;
  /** Moves a manual clock; undefined for a real one. */
  readonly advance: ((ms: number) => Promise<void>) | undefined;
  /** 0 = a free port. */
  readonly port: number;
  readonly controlPort: number;
  readonly seed: number;
  readonly calendar: CalendarMode;
  readonly accounts: readonly string[];
  /** Where state outlives the process; undefined = nowhere. */
  readonly dataDir: string | undefined;
  readonly masterClientId: number | undefined;
  /** A file of bars to take prices from; undefined = none. */
  readonly bars?: string | undefined;
  /** Lines of market data that one client may have open; absent = the 100 that every user has. */
  readonly linesMax?: number;
  /** So many stocks besides those of the book; absent = none. */
  readonly madeUpStocks?: number;
  /** In force before the first client can connect; absent = none. */
  readonly faults?: readonly Fault[];
  /** A new file for both directions of the wire; undefined = not recorded. */
  readonly record?: string | undefined;
  /** The Flex Web Service; undefined = there is none. */
  readonly flex?: { readonly port: number; readonly token: string } | undefined;
}

export interface RunningSimulator {
  /** Where the API listens now: a portReset moves it. */
  readonly port: number;
  readonly controlPort: number;
  /** Undefined without the Flex Web Service. */
  readonly flexPort: number | undefined;
  /** What goes wrong, and when. */
  readonly faults: FaultControl;
  stop(): void;
}

const LINES_MAX = 100;
const STARTING_CASH_USD = "100000";
const HISTORY_PUSH_MS = 5_000;
const SCAN_MS = 30_000;
const ACCOUNT_REFRESH_MS = 180_000;

/** Everything connected and listening. */
export async function startSimulator(options: SimulatorOptions): Promise<RunningSimulator> {
  const { clock, masterClientId, advance } = options;
  const engine = new FaultEngine();
  for (const fault of options.faults ?? []) engine.add(fault);
  const { world, release } = await createWorld(options, engine, (event) => hub.tell(event));
  const { market, book, broker, state } = world;
  const sessionFaults = new SessionFaults(engine, clock);
  const traffic = new Traffic(clock);
  let recorder: WireRecorder | undefined;
  const tap = () => recorder?.tap();
  const hub = new Hub({ world: () => world, hooks: sessionFaults, traffic, masterClientId, tap });
  const server = new TwsServer(hub);
  const step = () => {
    broker.step();
    hub.pushQuotes();
  };
  const timers = startTimers(clock, hub, step);
  await server.start(options.port).catch(inUse("--port", options.port));
  if (sessionFaults.refusesConnections()) server.close();
  // Only now: a start that fails for its port leaves no file behind.
  recorder = openRecorder(options.record, clock);
  const faults = new FaultControl({ clock, engine, sessionFaults, hub, server, broker, state, book });
  const clientIds = () => hub.clientIds();
  const flex = options.flex === undefined ? undefined : flexService(world, options.flex.token);
  const control = await startControlServer(
    { traffic, faults, market, book, step, clientIds, port: () => server.port, advance, flex },
    options.controlPort,
  ).catch(inUse("--control-port", options.controlPort));
  const flexPort = options.flex?.port ?? 0;
  const flexServer = flex && (await startFlexServer(flex, flexPort).catch(inUse("--flex-port", flexPort)));
  return {
    get port() {
      return server.port;
    },
    controlPort: control.port,
    flexPort: flexServer?.port,
    faults,
    stop: () =>
      stopAll(timers, [
        control.close,
        () => flexServer?.close(),
        () => server.stop(),
        () => broker.stop(),
        () => recorder?.close(),
        release,
      ]),
  };
}

/** What is there before anybody connects: prices, accounts as they were left, and a broker that tells of its orders. */
async function createWorld(
  options: SimulatorOptions,
  engine: FaultEngine,
  listener: BrokerDeps["listener"],
): Promise<{ world: World; release: () => void }> {
  const { clock, seed, accounts, dataDir } = options;
  const book = buildBook(options.madeUpStocks);
  const calendar = new Calendar(options.calendar);
  const bars = options.bars === undefined ? undefined : readBarFile(options.bars, book);
  const rng = createRng(seed);
  const market = new Market({ clock, rng, book, calendar, bars });
  const release = dataDir === undefined ? () => {} : await claimFolder(dataDir);
  const store = dataDir === undefined ? createVolatileStore() : createFileStore(dataDir, keepRecent(clock.nowMs()));
  const state = new BrokerState({ store, accounts, cashUsd: STARTING_CASH_USD, seed });
  const broker = new Broker({ clock, market, calendar, book, state, listener, hooks: new OrderFaults(engine) });
  const linesMax = options.linesMax ?? LINES_MAX;
  const data = new DataFaults(engine);
  return { world: { linesMax, clock, rng, market, calendar, book, state, broker, data }, release };
}

function startTimers(clock: Clock, hub: Hub, step: () => void): readonly Timer[] {
  return [
    clock.setInterval(step, BUCKET_MS),
    clock.setInterval(() => hub.pushEverySecond(), 1_000),
    clock.setInterval(() => hub.pushHistory(), HISTORY_PUSH_MS),
    clock.setInterval(() => hub.pushScans(), SCAN_MS),
    clock.setInterval(() => hub.refreshAccounts(), ACCOUNT_REFRESH_MS),
  ];
}

function stopAll(timers: readonly Timer[], closers: readonly (() => void)[]): void {
  for (const timer of timers) timer.cancel();
  for (const close of closers) close();
}

function flexService(world: World, token: string): FlexService {
  const source = { state: world.state, valuer: world.broker.valuer, settlementCalendar: new Calendar("real") };
  return new FlexService({ clock: world.clock, token, source });
}

function openRecorder(file: string | undefined, clock: Clock): WireRecorder | undefined {
  if (file === undefined) return undefined;
  try {
    return createWireRecorder({ file, nowMs: () => clock.nowMs() });
  } catch (cause) {
    throw new ConfigError(`--record: ${cause instanceof Error ? cause.message : String(cause)}`);
  }
}

/** A port that is taken is a mistake of the command line, and nothing to print a stack for. */
function inUse(option: string, port: number): (error: unknown) => never {
  return (error) => {
    const code = error instanceof Error && "code" in error ? error.code : undefined;
    if (code === "EADDRINUSE" || code === "EACCES") throw new ConfigError(`${option}: port ${port} is taken (${code})`);
    throw error;
  };
}
