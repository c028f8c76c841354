import type { FaultCode } from "@countersign/contracts/codes";
import { type Denial, denied, Fault } from "@countersign/contracts/denial";
import { orderBehaviourOf, type RequestBehaviour, requestBehaviourOf } from "@countersign/contracts/ib-codes";
import type { BrokerEvent } from "../session/wire.ts";

type ErrorEvent = Extract<BrokerEvent, { kind: "error" }>;

/** TWS answered a question with an error that ends it. */
export class Refusal extends Error {
  readonly code: number;
  readonly behaviour: RequestBehaviour;

  constructor(event: Pick<ErrorEvent, "code" | "text">) {
    super(`TWS ${event.code}: ${event.text}`);
    this.code = event.code;
    this.behaviour = requestBehaviourOf(event.code, event.text);
  }
}

/** What an event means for a question: its end, or undefined when it goes on. */
export function refusal(event: BrokerEvent): { readonly failure: Refusal } | undefined {
  if (event.kind !== "error") return undefined;
  const failure = new Refusal(event);
  return failure.behaviour === "advisory" || failure.behaviour === "ignored" ? undefined : { failure };
}

/** The same for a question that TWS takes for an order: its id is an order id, and so are the codes. */
export function whatIfRefusal(event: BrokerEvent): { readonly failure: Fault } | undefined {
  if (event.kind !== "error" || orderBehaviourOf(event.code, event.text) === "livesOn") return undefined;
  return { failure: new Fault("BROKER_REFUSED", `TWS ${event.code}: ${event.text}`) };
}

/** The answer to whoever asked: a denial when the question was at fault, otherwise a thrown Fault. */
export function answerTo(error: unknown, fault: FaultCode): { outcome: "denied"; denial: Denial } {
  if (!(error instanceof Refusal)) throw error;
  if (error.behaviour === "noInstrument") return denied("UNKNOWN_INSTRUMENT");
  if (error.behaviour === "badArgument") return denied("INVALID_ARGUMENT", error.message.slice(0, 500));
  throw new Fault(error.behaviour === "paced" ? "BUSY" : fault, error.message);
}
