import { ok } from "@countersign/contracts/denial";
import type { OrderTerms } from "@countersign/contracts/order";
import { expect, test } from "vitest";
import { changeTarget } from "./change-target.ts";
import type { Deps } from "./deps.ts";
import { leftOf, workingSameSide } from "./facts/exposure.ts";
import type { Facts } from "./facts/fact.ts";
import { partsOf } from "./facts/parts.ts";
import { FACTS, TERMS } from "./test-facts.ts";

const REF = `cs1.${"a".repeat(20)}`;
const LMT = { ...TERMS, orderType: "LMT", limitPrice: "1.00", timeInForce: "DAY" } as OrderTerms;
const ORDER = { orderRef: REF, filledQuantity: "4", drift: [], legs: [] };
const VIEW = {
  proposalId: "prop_a",
  agent: "agent-1",
  account: LMT.account,
  state: "PARTIAL",
  terms: LMT,
  order: ORDER,
};
const ROW = {
  ...{ orderRef: REF, status: "Submitted", quantity: LMT.quantity, filledQuantity: "4" },
  ...{ limitPrice: "1.0", timeInForce: "DAY" },
};
const AS_OF = "2026-11-20T10:00:00.000Z";

interface Situation {
  readonly view?: object;
  readonly order?: object;
  readonly rows?: object[];
  readonly hasChange?: boolean;
  readonly agent?: string;
}

async function target(to: object, { view, order, rows = [ROW], hasChange = false, agent }: Situation = {}) {
  const stored = { ...VIEW, order: { ...ORDER, ...order }, ...view };
  const deps = {
    orders: { get: (id: string) => (id === "prop_a" ? { view: stored } : undefined) },
    live: { hasChange: () => hasChange },
    bus: { request: async () => ok({ asOf: AS_OF, orders: rows }) },
  } as unknown as Deps;
  const terms = { ...LMT, ...to } as OrderTerms;
  const reply = await changeTarget(deps, { proposalId: "prop_a", agent: agent ?? "agent-1", terms });
  return reply.outcome === "ok" ? reply.value : reply.denial.code;
}

test("a change names the order as it is in force and as the broker shows it", async () => {
  expect(await target({ limitPrice: "1.10" })).toEqual({
    proposalId: "prop_a",
    orderRef: REF,
    before: LMT,
    atBroker: {
      asOf: AS_OF,
      status: "Submitted",
      ...{ quantity: LMT.quantity, filledQuantity: "4" },
      limitPrice: "1.0",
      timeInForce: "DAY",
    },
  });
});

test.each<[string, string, object, Situation]>([
  ["that changes nothing", "MODIFY_EMPTY", {}, {}],
  ["of the side", "MODIFY_NOT_ALLOWED", { side: LMT.side === "BUY" ? "SELL" : "BUY" }, {}],
  ["of the account's other order", "PROPOSAL_NOT_FOUND", { account: "DU7654321" }, {}],
  ["of another agent's order", "PROPOSAL_NOT_FOUND", { limitPrice: "1.10" }, { agent: "agent-2" }],
  ["of a filled order", "ORDER_NOT_MODIFIABLE", { limitPrice: "1.10" }, { view: { state: "FILLED" } }],
  ["of an UNKNOWN order", "ORDER_NOT_MODIFIABLE", { limitPrice: "1.10" }, { view: { state: "UNKNOWN" } }],
  [
    "of an order with a change on its way",
    "ORDER_NOT_MODIFIABLE",
    { limitPrice: "1.10" },
    { order: { modifying: "prop_b" } },
  ],
  ["of an order with a change that is proposed", "ORDER_NOT_MODIFIABLE", { limitPrice: "1.10" }, { hasChange: true }],
  ["of a change", "ORDER_NOT_MODIFIABLE", { limitPrice: "1.10" }, { view: { modifies: { proposalId: "prop_c" } } }],
  ["of an order that somebody moved", "ORDER_NOT_MODIFIABLE", { limitPrice: "1.10" }, { order: { drift: [{}] } }],
  ["of an order that the broker does not show", "ORDER_NOT_MODIFIABLE", { limitPrice: "1.10" }, { rows: [] }],
  [
    "of an order of another size there",
    "ORDER_CHANGED",
    { limitPrice: "1.10" },
    { rows: [{ ...ROW, quantity: "9999" }] },
  ],
  ["to no more than is executed", "ORDER_NOT_MODIFIABLE", { quantity: "4" }, {}],
])("a change %s -> %s", async (_name, code, to, situation) => {
  expect(await target(to, situation)).toBe(code);
});

test("the second change is made from the terms of the first", async () => {
  const first = { ...LMT, limitPrice: "1.10" };
  expect(await target({ limitPrice: "1.10" }, { order: { terms: first } })).toBe("MODIFY_EMPTY");
});

test("the order that is changed counts once, with the larger of what the old and the new terms leave", () => {
  const own = { proposalId: "prop_a", conid: LMT.conid, state: "WORKING", side: LMT.side, remaining: "60" };
  const other = { ...own, proposalId: "prop_b", remaining: "5" };
  const facts = {
    ...FACTS,
    ownOrders: { state: "known", value: [own, other], source: "orders", asOf: AS_OF },
    replaces: { proposalId: "prop_a", quantity: "100", filledQuantity: "40" },
  } as unknown as Facts;
  const left = (quantity: string) =>
    partsOf({ ...LMT, quantity } as OrderTerms, facts).map((part) => leftOf(part, facts));
  const [part] = partsOf(LMT, facts);
  expect(part && workingSameSide(part, facts)).toEqual(
    workingSameSide({ conid: LMT.conid ?? 0, side: LMT.side }, {
      ...FACTS,
      ownOrders: { state: "known", value: [other], source: "orders", asOf: AS_OF },
    } as unknown as Facts),
  );
  expect(left("80")).toEqual(left("100"));
  expect(left("120")).not.toEqual(left("100"));
});
