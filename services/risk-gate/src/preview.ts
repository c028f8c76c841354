import { denied, ok } from "@countersign/contracts/denial";
import type { OrderTerms } from "@countersign/contracts/order";
import { combinationRefusal } from "@countersign/contracts/order-check";
import type { RPCS } from "@countersign/contracts/subjects";
import type * as z from "zod";
import { simulationOf } from "./costs/estimate.ts";
import type { Deps } from "./deps.ts";
import { alternativesTo } from "./explain/alternatives.ts";
import { roundedTerms } from "./facts/round-terms.ts";
import { tooLarge } from "./facts/too-large.ts";
import { haltedRefusal } from "./halted.ts";
import { judge } from "./judge.ts";

type Request = z.output<typeof RPCS.preview.request>;
type Reply = z.input<typeof RPCS.preview.reply>;

/** What a proposal of these terms would cost, change and meet of rules now. Nothing of it is recorded. */
export async function preview(deps: Deps, request: Request): Promise<Reply> {
  const { agent, terms: asked, rounding, notional = null } = request;
  const { control, gatherer, inForce } = deps;
  const refusal = combinationRefusal(asked);
  if (refusal !== undefined) return denied(refusal.code, refusal.message, { field: refusal.field });
  const halted = haltedRefusal(control, { agent, terms: asked });
  if (halted !== undefined) return halted;
  const described = await gatherer.instruments(asked);
  if (described.outcome === "denied") return described;
  const terms = roundedTerms(asked, described.value, rounding);
  const beyond = tooLarge(terms, described.value);
  if (beyond !== undefined) return denied("INVALID_ARGUMENT", beyond, { field: "quantity" });
  const facts = await gatherer.gather(terms, agent, { whatIf: "fresh", claim: { notional } });
  const verdict = judge(terms, facts, inForce);
  const twinsOf = (one: OrderTerms) => deps.history.twinsOf({ terms: one });
  const alternatives = alternativesTo(terms, facts, { inForce, verdict, twinsOf }) ?? null;
  return ok({ simulation: simulationOf(terms, facts, deps.pricing(terms.account)), verdict, alternatives });
}
