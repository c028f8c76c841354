import { USERS, type User } from "../accounts.ts";
import type { Fact } from "../contract-kinds.ts";
import { AccountMarks, Claim, KillSetting, Trip, TripReset, WriterEpoch, WriterLease } from "../control.ts";
import { AgentUsage, EdgeUsage } from "../messages/edge-usage.v1.ts";
import { StoredInstrument } from "../messages/md-instruments.v1.ts";
import { PacingHistory } from "../messages/md-pacing.v1.ts";
import { ORDER_READERS } from "./order-facts.ts";
import { fact } from "./row.ts";

const CONTROL_READERS = [...ORDER_READERS, "admin-core"] as const satisfies readonly User[];

const tripOf = (user: (typeof CONTROL_READERS)[number]) =>
  fact({
    subject: `$KV.CONTROL.trip.${USERS[user].service}.{cause}.{scope...}`,
    text: `What ${USERS[user].service} stopped by itself`,
    schema: "control.trip/1",
    body: Trip,
    stream: "KV_CONTROL",
    publisher: user,
    readers: CONTROL_READERS,
  });

/** The control stream. */
export const CONTROL_FACTS = {
  kill: fact({
    subject: "$KV.CONTROL.kill.{scope...}",
    text: "The kill switch of one scope",
    schema: "control.kill/2",
    body: KillSetting,
    stream: "KV_CONTROL",
    publisher: "admin-core",
    readers: CONTROL_READERS,
  }),
  riskGateTrip: tripOf("risk-gate"),
  gatewayTrip: tripOf("broker-gateway-core"),
  adminTrip: tripOf("admin-core"),
  tripReset: fact({
    subject: "$KV.CONTROL.reset.{key...}",
    text: "A person's reset of what a service stopped",
    schema: "control.trip-reset/1",
    body: TripReset,
    stream: "KV_CONTROL",
    publisher: "admin-core",
    readers: CONTROL_READERS,
  }),
  accountMarks: fact({
    subject: "$KV.CONTROL.marks.{account}",
    text: "What an account's losses are held against",
    schema: "control.account-marks/1",
    body: AccountMarks,
    stream: "KV_CONTROL",
    publisher: "risk-gate",
    readers: ["risk-gate"],
  }),
  writer: fact({
    subject: "$KV.CONTROL.writer.broker-gateway",
    text: "The epoch of the one writer to the socket",
    schema: "control.writer/1",
    body: WriterEpoch,
    stream: "KV_CONTROL",
    publisher: "broker-gateway-core",
    readers: CONTROL_READERS,
  }),
  claim: fact({
    subject: "$KV.CONTROL.claim.{account}.{proposal}",
    text: "The claim to send one order",
    schema: "control.claim/1",
    body: Claim,
    stream: "KV_CONTROL",
    publisher: "broker-gateway-core",
    readers: CONTROL_READERS,
  }),
} as const satisfies Record<string, Fact>;

/** What one service keeps for itself over a restart. */
export const KEPT_FACTS = {
  lease: fact({
    subject: "$KV.LEASES.broker-gateway",
    text: "The lease of the one gateway that speaks to TWS",
    schema: "control.lease/1",
    body: WriterLease,
    stream: "KV_LEASES",
    publisher: "broker-gateway-core",
    readers: ["broker-gateway-core"],
  }),
  instrument: fact({
    subject: "$KV.INSTRUMENTS.{conid}",
    text: "An instrument as the broker last described it",
    schema: "md.instrument/1",
    body: StoredInstrument,
    stream: "KV_INSTRUMENTS",
    publisher: "market-data",
    readers: ["market-data"],
  }),
  pacingHistory: fact({
    subject: "$KV.PACING.history",
    text: "Requests of market data that still count at the broker, kept over a restart",
    schema: "md.pacing-history/1",
    body: PacingHistory,
    stream: "KV_PACING",
    publisher: "market-data",
    readers: ["market-data"],
  }),
  agentUsage: fact({
    subject: "$KV.USAGE.agent.{agent}",
    text: "Tool calls and session of one agent, kept over a restart",
    schema: "edge.usage/1",
    body: AgentUsage,
    stream: "KV_USAGE",
    publisher: "mcp-edge-usage",
    readers: ["mcp-edge-usage"],
  }),
  edgeUsage: fact({
    subject: "$KV.USAGE.all",
    text: "Tool calls of all agents together, kept over a restart",
    schema: "edge.usage-of-all/1",
    body: EdgeUsage,
    stream: "KV_USAGE",
    publisher: "mcp-edge-usage",
    readers: ["mcp-edge-usage"],
  }),
} as const satisfies Record<string, Fact>;
