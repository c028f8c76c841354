/** What of the gateway's insides the simulation builds on, named in one place. */

export type { Base, Beside } from "../../services/broker-gateway/src/connect-orders.ts";
export type { WriterPorts } from "../../services/broker-gateway/src/open-writer.ts";
export type { Connection } from "../../services/broker-gateway/src/session/connection.ts";
export type { ConnectionHandlers } from "../../services/broker-gateway/src/session/ib-connection.ts";
export type {
  BrokerEvent,
  OrderToSend,
  WireContract,
  WireExecution,
  WireOrder,
} from "../../services/broker-gateway/src/session/wire.ts";
export type { StandingPolicy } from "../../services/broker-gateway/src/submit/verify-policy.ts";
