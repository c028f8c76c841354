import { connectBus } from "@countersign/bus/bus";
import { createSystemClock, utcText } from "@countersign/clock/clock";
import { BROKER_READS } from "@countersign/contracts/broker-reads";
import { ok } from "@countersign/contracts/denial";
import { MARKET_FEEDS } from "@countersign/contracts/market-feeds";
import type { LineUpdate, LineValue } from "@countersign/contracts/messages/md-streams.v1";
import { createLogger } from "@countersign/log/logger";

/**
 * A process of its own in the place of the gateway, with its key: it publishes changes of lines at a steady rate, more
 * than a TWS would send. Each bid is the moment in which it left, in ms since the epoch.
 */

export interface FeederCommand {
  /** Changes in a second, over all lines together. */
  readonly rate: number;
  /** Changes in one message. */
  readonly batch: number;
}

const PERIOD_MS = 10;
const FEED = "bench-feed";
const [url = "", keysDir = "", count = "0"] = process.argv.slice(2);
const conids = Array.from({ length: Number(count) }, (_, index) => index + 1);
const clock = createSystemClock();
const log = createLogger({ service: "bench", level: "error" });
const bus = await connectBus({ url, keysDir, clock, log, service: "bench", users: ["broker-gateway-core"] });
const sequences = new Map(conids.map((conid) => [conid, 0]));
let command: FeederCommand = { rate: 0, batch: 1 };
let owed = 0;
let turn = 0;
let sent = 0;
let messages = 0;
let resend = new Set(conids);

bus.serve(BROKER_READS.lines, async ({ epoch, resend: wanted }) => {
  resend = new Set([...resend, ...wanted]);
  return ok({ feed: FEED, epoch, linesMax: 1_000, lines: [] });
});

const known = (value: string): LineValue => {
  return { state: "known", value, unit: "USD", dataType: "live", flags: [], asOf: null };
};
const still = known("100.02");

function update(conid: number): LineUpdate {
  const sequence = (sequences.get(conid) ?? 0) + 1;
  sequences.set(conid, sequence);
  const whole = resend.delete(conid);
  const bid = known((performance.timeOrigin + performance.now()).toFixed(3));
  const rest = { ask: still, last: still, close: still, bidSize: still, askSize: still, volume: still };
  return {
    ...{ conid, currency: "USD", sequence, whole, state: "running", code: null, why: null },
    ...{ dataType: "live", asOf: utcText(clock.nowMs()), source: "tws", flags: [] },
    values: whole ? { bid, ...rest } : { bid },
  };
}

let lastMs = performance.now();
setInterval(() => {
  const nowMs = performance.now();
  owed += ((nowMs - lastMs) * command.rate) / 1_000;
  lastMs = nowMs;
  while (owed >= command.batch && command.rate > 0) {
    owed -= command.batch;
    const updates = Array.from({ length: command.batch }, () => {
      turn += 1;
      return update(conids[turn % conids.length] ?? 1);
    });
    bus.broadcast(MARKET_FEEDS.lines, { feed: FEED, updates });
    sent += updates.length;
    messages += 1;
  }
}, PERIOD_MS);

process.on("message", (message: FeederCommand | "report") => {
  if (message === "report") process.send?.({ sent, messages });
  else command = message;
});
process.send?.("ready");
