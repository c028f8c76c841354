import type { Clock, Timer } from "@countersign/clock/clock";
import { Broker } from "./broker/broker.ts";
import { BrokerState, keepRecent } from "./broker/broker-state.ts";
import { createFileStore, createVolatileStore } from "./broker/state-store.ts";
import { startControlServer } from "./control/control-server.ts";
import { Traffic } from "./control/traffic.ts";
import { FaultControl } from "./faults/fault-control.ts";
import { FaultEngine } from "./faults/fault-engine.ts";
import { OrderFaults } from "./faults/order-faults.ts";
import { SessionFaults } from "./faults/session-faults.ts";
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
}

export interface RunningSimulator {
  readonly port: number;
  readonly controlPort: number;
  /** What goes wrong, and when. */
  readonly faults: FaultControl;
  stop(): void;
}

const STARTING_CASH_USD = "100000";
const HISTORY_PUSH_MS = 5_000;
const ACCOUNT_REFRESH_MS = 180_000;

/** Everything connected and listening. */
export async function startSimulator(options: SimulatorOptions): Promise<RunningSimulator> {
  const { clock } = options;
  const book = buildBook();
  const calendar = new Calendar(options.calendar);
  const market = new Market({ clock, rng: createRng(options.seed), book, calendar });
  const store =
    options.dataDir === undefined ? createVolatileStore() : createFileStore(options.dataDir, keepRecent(clock.nowMs()));
  const state = new BrokerState({ store, accounts: options.accounts, cashUsd: STARTING_CASH_USD, seed: options.seed });
  const engine = new FaultEngine();
  const sessionFaults = new SessionFaults(engine);
  const traffic = new Traffic(clock);
  const hub = new Hub({ world: () => world, hooks: sessionFaults, traffic, masterClientId: options.masterClientId });
  const broker = new Broker({
    clock,
    market,
    calendar,
    book,
    state,
    listener: (event) => hub.tell(event),
    hooks: new OrderFaults(engine),
  });
  const world: World = { clock, market, calendar, book, state, broker };
  const server = new TwsServer(hub);
  const step = () => {
    broker.step();
    hub.pushQuotes();
  };
  const timers = [
    clock.setInterval(step, BUCKET_MS),
    clock.setInterval(() => hub.pushEverySecond(), 1_000),
    clock.setInterval(() => hub.pushHistory(), HISTORY_PUSH_MS),
    clock.setInterval(() => hub.refreshAccounts(), ACCOUNT_REFRESH_MS),
  ];
  const port = await server.start(options.port);
  const faults = new FaultControl({ clock, engine, sessionFaults, hub, server, broker, state, book });
  const { advance } = options;
  const clientIds = () => hub.clientIds();
  const control = await startControlServer(
    { traffic, faults, market, book, step, clientIds, advance },
    options.controlPort,
  );
  return {
    port,
    controlPort: control.port,
    faults,
    stop: () => stopAll(timers, [control.close, () => server.stop(), () => broker.stop()]),
  };
}

function stopAll(timers: readonly Timer[], closers: readonly (() => void)[]): void {
  for (const timer of timers) timer.cancel();
  for (const close of closers) close();
}
