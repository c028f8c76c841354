import { departed } from "@countersign/bus/departed";
import { PreparedReply } from "@countersign/bus/prepared-reply";
import { denied, Fault, ok } from "@countersign/contracts/denial";
import { RPCS } from "@countersign/contracts/subjects";
import type * as z from "zod";
import { simulationOf } from "./costs/estimate.ts";
import type { Deps } from "./deps.ts";
import { haltedRefusal } from "./halted.ts";
import { judge } from "./judge.ts";

type Request = z.output<typeof RPCS.verdict.request>;

/** How long a verdict waits for the orders that it must count; shorter than its callers wait for the verdict. */
const VIEW_WAIT_MS = 1_200;

/** The verdict on a ticket now, for the gateway in the moment before the send; its facts are on record before it is answered. */
export async function freshVerdict(deps: Deps, { ticket, afterSequence }: Request) {
  const { control, gatherer, inForce, orders } = deps;
  if (ticket.mode !== deps.mode)
    return denied("APPROVAL_INVALID", `the ticket is of mode ${ticket.mode}, this is ${deps.mode}`);
  const halted = haltedRefusal(control, ticket);
  if (halted !== undefined) return halted;
  // Without what the orders before it reserve, a limit would be judged as if they were not there.
  if (!(await orders.waitFor(afterSequence, { clock: deps.clock, timeoutMs: VIEW_WAIT_MS })))
    throw new Fault("UNAVAILABLE", "the gate does not know the orders up to there yet");
  const { proposalId, terms, agent, modifies } = ticket;
  const facts = await gatherer.gather(terms, agent, { whatIf: "recent", proposalId, modifies });
  const verdict = judge(terms, facts, inForce);
  // It goes into the log of the order, and nothing goes there before its facts are on record.
  const recorded = deps.recorder.record({ proposalId, terms, facts, verdict, policy: inForce.policy });
  // Whoever waits for it below hears of a failure; the simulation and the answer are made while the store writes.
  recorded.catch(() => undefined);
  await departed();
  const simulation = simulationOf(terms, facts, deps.pricing(terms.account));
  const reply = PreparedReply.fixed(RPCS.verdict, ok({ verdict, simulation }));
  await recorded;
  return reply;
}
