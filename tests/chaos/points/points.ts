import type { State } from "@countersign/contracts/life";
import type { NatsMessage } from "../relay/nats-messages.ts";
import { ASKS, isAsk, isOurOrder, isSaid, SAYS, type TwsFrame } from "../relay/tws-frames.ts";
import { type Action, acknowledged, claims, fact, framed, type Instant, publishing } from "./instants.ts";

export interface Expected {
  /** Where the order comes to rest. */
  readonly rests: readonly State[];
  /** How often it arrived at the broker's socket; "as told": exactly when the state says that it did, at most once when that is UNKNOWN. */
  readonly sent: 0 | 1 | "as told";
}

/** One instant of the table in docs/chaos.md, with what must come of it for each action. */
export interface CrashPoint {
  readonly cp: number;
  readonly at: Instant;
  /** fills: bought at the market. rests: the limit is not reached. cancelled: it rests, and is then cancelled. */
  readonly order: "fills" | "rests" | "cancelled";
  /** A document of the simulator's faults that is in force meanwhile. */
  readonly fault?: object;
  readonly expected: Partial<Record<Action, Expected>>;
}

const sentOnce = (...rests: readonly State[]): Expected => ({ rests, sent: 1 });
const neverSent = (...rests: readonly State[]): Expected => ({ rests, sent: 0 });
const told = (...rests: readonly State[]): Expected => ({ rests, sent: "as told" });
const all = (expected: Expected) => ({ KILL: expected, STOP: expected, CUT: expected });

const rpc =
  (subject: string) =>
  (message: NatsMessage): boolean =>
    message.subject.startsWith(subject);
const asked = (id: string) => (frame: TwsFrame) => isAsk(frame, id);
/** Said once an order has left: a reading of the broker tells of earlier ones all the time. */
const ofThisOrder = (id: string) => {
  let left = false;
  return (frame: TwsFrame): boolean => {
    if (isOurOrder(frame)) left = true;
    const fits = left && isSaid(frame, id);
    if (fits) left = false;
    return fits;
  };
};
/** Alone, or with all that a verdict needs to know of the broker. */
const asksWhatIf = (message: NatsMessage): boolean =>
  ["rpc.v1.broker.what-if", "rpc.v1.broker.order-facts"].includes(message.subject);
const FILLED = sentOnce("FILLED");
/** A gate that could not see the kill switch meanwhile may say no; the agent proposes anew. */
const GATED = { KILL: FILLED, STOP: told("FILLED", "RISK_DENIED"), CUT: told("FILLED", "RISK_DENIED") };
const gateway = "broker-gateway";
const REJECT = { action: "rejectOrder", text: "Order rejected - reason:Insufficient margin." };

export const POINTS: readonly CrashPoint[] = [
  {
    cp: 1,
    order: "fills",
    expected: GATED,
    at: publishing("risk-gate", "a proposal is about to be recorded", fact("proposal", "proposed")),
  },
  {
    cp: 2,
    order: "fills",
    expected: GATED,
    at: acknowledged("risk-gate", "a proposal is recorded, the gate has not heard so", fact("proposal", "proposed")),
  },
  {
    cp: 2,
    order: "fills",
    expected: GATED,
    at: acknowledged(
      "mcp-edge",
      "a proposal is recorded and answered, the agent has not heard so",
      rpc("rpc.v1.risk.propose"),
    ),
  },
  {
    cp: 3,
    order: "fills",
    expected: GATED,
    at: publishing("risk-gate", "the what-if is about to be asked for", asksWhatIf),
  },
  {
    cp: 3,
    order: "fills",
    expected: all(told("FILLED", "RISK_DENIED")),
    at: framed("the what-if has reached TWS", (frame) => isAsk(frame, ASKS.placeOrder) && !isOurOrder(frame), "after"),
  },
  {
    cp: 4,
    order: "fills",
    expected: GATED,
    at: publishing("risk-gate", "the verdict is about to be recorded", fact("proposal", "admitted")),
  },
  {
    cp: 5,
    order: "fills",
    expected: all(FILLED),
    at: publishing("approval", "the approval is about to be recorded", fact("decision", "approved")),
  },
  {
    cp: 6,
    order: "fills",
    expected: all(FILLED),
    at: acknowledged("approval", "the approval is recorded, approval has not heard so", fact("decision", "approved")),
  },
  {
    cp: 6,
    order: "fills",
    expected: all(told("FILLED", "EXPIRED")),
    at: publishing("approval", "the approved order is about to be handed to the gateway", rpc("exec.v1.submit.")),
  },
  {
    cp: 7,
    order: "fills",
    expected: all(told("FILLED", "EXPIRED", "KILLED_NOT_SENT")),
    at: publishing(gateway, "the intent is about to be recorded", fact("exec", "intent")),
  },
  {
    cp: 8,
    order: "fills",
    expected: {
      KILL: neverSent("KILLED_NOT_SENT"),
      STOP: told("FILLED", "KILLED_NOT_SENT"),
      CUT: told("FILLED", "KILLED_NOT_SENT"),
    },
    at: acknowledged(gateway, "the intent is recorded, the gateway has not heard so", fact("exec", "intent")),
  },
  {
    cp: 9,
    order: "fills",
    expected: {
      KILL: neverSent("KILLED_NOT_SENT"),
      STOP: told("FILLED", "KILLED_NOT_SENT", "UNKNOWN"),
      CUT: neverSent("KILLED_NOT_SENT"),
    },
    at: publishing(gateway, "the claim is about to be made", claims),
  },
  {
    cp: 10,
    order: "fills",
    expected: {
      KILL: neverSent("UNKNOWN"),
      STOP: told("FILLED", "KILLED_NOT_SENT", "UNKNOWN"),
      CUT: neverSent("UNKNOWN", "KILLED_NOT_SENT"),
    },
    at: acknowledged(gateway, "the claim is won, the gateway has not heard so", claims),
  },
  {
    cp: 11,
    order: "fills",
    expected: { KILL: neverSent("UNKNOWN"), STOP: FILLED, CUT: neverSent("UNKNOWN") },
    at: framed("the order is about to leave through the socket", isOurOrder),
  },
  {
    cp: 12,
    order: "fills",
    expected: { KILL: FILLED },
    at: framed("the order is in the kernel's buffer and arrives 1.5 s later", isOurOrder, "late"),
  },
  {
    cp: 13,
    order: "fills",
    expected: { KILL: neverSent("UNKNOWN"), CUT: neverSent("UNKNOWN") },
    at: framed("half of the order's frame has left", isOurOrder, "half"),
  },
  {
    cp: 14,
    order: "fills",
    expected: all(FILLED),
    at: framed("the order has left, TWS has not answered", isOurOrder, "after"),
  },
  {
    cp: 14,
    order: "rests",
    expected: all(sentOnce("WORKING")),
    at: framed("a resting order has left, TWS has not answered", isOurOrder, "after"),
  },
  {
    cp: 15,
    order: "rests",
    expected: all(sentOnce("WORKING")),
    at: publishing(gateway, "TWS has acknowledged, which is about to be recorded", fact("exec", "acknowledged")),
  },
  {
    cp: 16,
    order: "fills",
    fault: REJECT,
    expected: all(sentOnce("BROKER_REJECTED", "UNKNOWN")),
    at: publishing(gateway, "TWS has rejected, which is about to be recorded", fact("exec", "brokerRejected")),
  },
  {
    cp: 16,
    order: "fills",
    fault: REJECT,
    expected: all(sentOnce("BROKER_REJECTED", "UNKNOWN")),
    at: framed(
      "the rejection is on its way from TWS",
      (frame) => isSaid(frame, SAYS.error) && frame.tokens.includes("201"),
    ),
  },
  {
    cp: 17,
    order: "fills",
    expected: all(FILLED),
    at: publishing(gateway, "TWS has filled, which is about to be recorded", fact("exec", "filled")),
  },
  {
    cp: 17,
    order: "fills",
    expected: all(FILLED),
    at: framed("the execution is on its way from TWS", ofThisOrder(SAYS.execution)),
  },
  {
    cp: 18,
    order: "fills",
    expected: all(FILLED),
    at: acknowledged(gateway, "the fill is recorded, the gateway has not heard so", fact("exec", "filled")),
  },
  {
    cp: 20,
    order: "cancelled",
    expected: all(sentOnce("CANCELLED", "FILLED")),
    at: framed("the cancel has left, TWS has not answered", asked(ASKS.cancelOrder), "after"),
  },
  {
    cp: 20,
    order: "cancelled",
    expected: all(sentOnce("CANCELLED", "WORKING")),
    at: framed("the cancel is about to leave", asked(ASKS.cancelOrder)),
  },
];

export const ACTIONS: readonly Action[] = ["KILL", "STOP", "CUT"];
