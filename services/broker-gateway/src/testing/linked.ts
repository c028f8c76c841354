import { createSystemClock } from "@countersign/clock/clock";
import { systemRandom } from "@countersign/ids/random";
import { createLogger } from "@countersign/log/logger";
import type { ReadDeps } from "../reads/reader.ts";
import { connectTws } from "../session/connection.ts";
import { Link } from "../session/link.ts";
import { RateLimiter } from "../session/rate-limiter.ts";
import { Requests } from "../session/requests.ts";
import type { BrokerEvent } from "../session/wire.ts";
import { eventually } from "./eventually.ts";

export interface Linked extends ReadDeps {
  readonly limiter: RateLimiter;
  readonly lost: string[];
  stop(): void;
}

/** The session of the gateway, up, against whatever listens on the port; `onEvent` hears everything besides. */
export async function linked(port: number, onEvent: (event: BrokerEvent) => void = () => undefined): Promise<Linked> {
  const clock = createSystemClock();
  const log = createLogger({ service: "broker-gateway", level: "silent" });
  const limiter = new RateLimiter(clock, { perSecond: 45, reservedForOrders: 5 });
  const settings = {
    connectDeadlineMs: 3_000,
    silenceMaxMs: 5_000,
    backOffMs: [20],
    clientIdTakenMs: 400,
    windows: [],
    recording: undefined,
  };
  const target = { clientIds: { orders: 17, fallback: 18 }, acceptsAccount: () => true };
  const outside = { random: systemRandom, connect: connectTws({ host: "127.0.0.1", port }) };
  const link = new Link(
    { clock, log, limiter, writer: { leaseHeld: () => true, orderIdsLeft: () => true }, ...outside },
    { ...target, ...settings },
  );
  const requests = new Requests({ clock, link, limiter });
  const lost: string[] = [];
  link.start({
    onEvent: (event) => {
      requests.dispatch(event);
      onEvent(event);
    },
    onReconcile: (epoch) => link.markUp(epoch),
    onLost: (reason) => {
      lost.push(reason);
      requests.failAll(reason);
    },
    onFault: () => undefined,
    onFarm: () => undefined,
  });
  await eventually(() => (link.state === "up" ? true : undefined));
  return { clock, log, link, limiter, requests, lost, stop: () => link.stop() };
}
