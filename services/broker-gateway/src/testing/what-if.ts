import type { Bus } from "@countersign/bus/bus";
import { Fault } from "@countersign/contracts/denial";
import type { OrderTerms } from "@countersign/contracts/order";
import { RPCS } from "@countersign/contracts/subjects";

/** The broker's what-if of an order, as the gate asks for it among its facts; rejects with the fault of that part. */
export async function askWhatIf(gate: Bus, terms: OrderTerms) {
  const ask = { whatIf: true, openOrders: false, positionsHeld: null };
  const reply = await gate.request(RPCS.brokerFacts, { terms, ask });
  if (reply.outcome !== "ok" || reply.value.whatIf === null) throw new Error(JSON.stringify(reply));
  const { whatIf } = reply.value;
  if (whatIf.outcome === "fault") throw new Fault(whatIf.fault.code, whatIf.fault.message, whatIf.fault);
  return whatIf;
}
