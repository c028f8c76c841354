import type { Ticket } from "@countersign/contracts/order";
import { FACTS, subjectOf } from "@countersign/contracts/subjects";
import type { Verdict } from "@countersign/contracts/verdict";
import { canonicalHash } from "@countersign/ids/hash";
import { proposalId } from "@countersign/ids/ids";
import { termsInForce } from "../check/changes.ts";
import type { TrueOrder } from "../check/truth.ts";
import type { Host } from "./host.ts";

export const ACCOUNT = "DU1234567";
const HASH = "a".repeat(64);
const TICKET_LIVES_MS = 600_000;
const IDS_MAX = 1_000;

export function verdictOf(host: Host, outcome: "pass" | "deny"): Verdict {
  const code = outcome === "deny" ? ("MAX_ORDER_QUANTITY" as never) : null;
  const none = { code, limit: null, headroom: null, unit: "" };
  // How many people must sign is read from the notional that this rule names.
  const rules = [{ rule: "maxOrderNotional", outcome, ...none, value: "400", message: outcome }];
  const hashes = { policyHash: HASH, inputsHash: HASH };
  return { type: "countersign.verdict/1", outcome, rules, ...hashes, judgedAt: host.now() };
}

export function propose(host: Host, index: number): TrueOrder {
  return admit(host, { agent: `agent-${host.random.below(2)}`, idempotencyKey: `key-${index}`, terms: termsOf(host) });
}

/** A change of an order, with the terms that it has by its log, and as the broker shows it. */
export function proposeChange(host: Host, order: TrueOrder, index: number): TrueOrder {
  const { random } = host;
  const before = termsInForce(order);
  const { proposalId: id, agent } = order.ticket;
  const quantity = String(Math.max(1, Number(before.quantity) + random.pick([-2, -1, 1, 2])));
  const terms = { ...before, quantity } as Ticket["terms"];
  const limited = terms.orderType === "LMT" && random.chance(0.5);
  const limit = limited ? { limitPrice: String(random.between(98, 102)) } : {};
  const limitPrice = "limitPrice" in before ? before.limitPrice : null;
  const atBroker = {
    ...{ asOf: host.now(), status: "Submitted", quantity: before.quantity, filledQuantity: "0" },
    ...{ limitPrice: limitPrice ?? null, timeInForce: before.timeInForce },
  };
  const modifies = { proposalId: id, orderRef: order.orderRef, before, atBroker };
  return admit(host, {
    ...{ agent, idempotencyKey: `key-${id}-${index}`, modifies },
    terms: { ...terms, ...limit } as Ticket["terms"],
  });
}

interface Asked extends Pick<Ticket, "agent" | "terms" | "modifies"> {
  readonly idempotencyKey: string;
}

/** What risk-gate writes until a proposal waits for a person. */
function admit(host: Host, { agent, idempotencyKey, terms, modifies }: Asked): TrueOrder {
  const { random, truth } = host;
  const id = idOf(agent, idempotencyKey);
  const changed = modifies === undefined ? {} : { modifies };
  const ticket: Ticket = {
    ...{ type: "countersign.ticket/1", proposalId: id, mode: "simulator", agent, terms, ...changed },
    instrument: {
      ...{ conid: 265598, symbol: "AAPL", secType: "STK", exchange: "SMART", primaryExchange: "NASDAQ" },
      ...{ currency: "USD", multiplier: "1", longName: "APPLE INC" },
    },
    ...{ verdictHash: HASH, policyHash: HASH, createdAt: host.now(), nonce: random.nonce() },
    expiresAt: host.now(TICKET_LIVES_MS),
  };
  const ticketHash = canonicalHash(ticket);
  const order = truth.add(ticket, ticketHash);
  const at = host.now();
  const asked = { agent, idempotencyKey, contentHash: HASH, terms, rationale: "because", ...changed };
  const missing = { missing: "not simulated" };
  const facts = [
    { type: "proposed/1", proposalId: id, at, mode: "simulator", ...asked, expiresAt: ticket.expiresAt },
    { type: "simulated/1", proposalId: id, at, simulation: { whatIf: missing, estimate: missing } },
    { type: "admitted/1", proposalId: id, at, verdict: verdictOf(host, "pass"), ticket, ticketHash },
  ];
  const subject = subjectOf(FACTS.proposal.subject, { account: ACCOUNT, proposal: id });
  for (const fact of facts) host.append("ORDERS", subject, fact);
  return order;
}

/** Follows from the names, which are the same few in every schedule. */
const IDS = new Map<string, string>();

function idOf(agent: string, idempotencyKey: string): string {
  const name = `${agent} ${idempotencyKey}`;
  const known = IDS.get(name);
  if (known !== undefined) return known;
  const id = proposalId({ account: ACCOUNT, agent, idempotencyKey });
  if (IDS.size < IDS_MAX) IDS.set(name, id);
  return id;
}

function termsOf({ random, swarm }: Host): Ticket["terms"] {
  const side = random.chance(0.5) ? ("BUY" as const) : ("SELL" as const);
  const base = {
    account: ACCOUNT,
    conid: 265598,
    side,
    quantity: String(random.between(1, 4)),
    timeInForce: "DAY" as const,
  };
  const [profit, stop] = side === "BUY" ? ["110", "90"] : ["90", "110"];
  const exits = { takeProfit: { limitPrice: profit }, stopLoss: { stopPrice: stop }, timeInForce: "DAY" as const };
  const whole = swarm.brackets && random.chance(0.8) ? { ...base, exits } : base;
  if (random.chance(swarm.broker.market)) return { ...whole, orderType: "MKT", limitPrice: null };
  return { ...whole, orderType: "LMT", limitPrice: "100" };
}
