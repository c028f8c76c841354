import type { Broadcast } from "./contract-kinds.ts";
import { LinesBroadcast, Tick } from "./messages/md-streams.v1.ts";

/** The part of the table of subjects with what streams: core NATS, latest wins, may be lost. */
export const MARKET_FEEDS = {
  lines: {
    kind: "broadcast",
    subject: "feed.v1.lines",
    text: "What changed on the lines of market data at the broker",
    schema: "feed.lines/1",
    body: LinesBroadcast,
    publisher: "broker-gateway-core",
    readers: ["market-data"],
  },
  tick: {
    kind: "broadcast",
    subject: "md.v1.tick.{conid}",
    text: "The market of one instrument as it streams",
    schema: "md.tick/1",
    body: Tick,
    publisher: "market-data",
    readers: ["mcp-edge", "admin-core", "risk-gate"],
  },
} as const satisfies Record<string, Broadcast>;
