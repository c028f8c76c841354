import type { Mutant } from "./mutants.ts";

const GATEWAY = "services/broker-gateway/src";
const CHANGE_OF = `${GATEWAY}/submit/change-of.ts`;
const SUBMIT = `${GATEWAY}/submit/submit.ts`;

export const CHANGE_MUTANTS: readonly Mutant[] = [
  {
    name: "change sent without its own approval",
    patches: [
      {
        file: SUBMIT,
        from: `if (verified.outcome === "denied") return refuse(deps, ticket, verified);`,
        to: `if (verified.outcome === "denied" && ticket.modifies === undefined) return refuse(deps, ticket, verified);`,
      },
      {
        file: SUBMIT,
        from: "const [logged, judged] = await asked;",
        to: `const [found, judged] = await asked;
  const logged = "denial" in found && ticket.modifies !== undefined
    ? { orderSequence: undefined as unknown as number, approvalHash: ticketHash }
    : found;`,
      },
    ],
  },
  {
    name: "change while another one is open",
    patches: [
      {
        file: CHANGE_OF,
        from: `(order.pending === undefined ? undefined : "another change of it is open")`,
        to: "undefined",
      },
      {
        file: `${GATEWAY}/fold/change.ts`,
        from: "return pending === undefined ? { ...order, pending: { by, terms, sent: sentOf(order.leg, terms) } } : undefined;",
        to: "return { ...order, pending: { by, terms, sent: sentOf(order.leg, terms) } };",
      },
    ],
  },
  {
    name: "change under another order id",
    patches: [
      {
        file: CHANGE_OF,
        from: "...{ orderId, orderRef, account, contract, whatIf: false },",
        to: "...{ orderId: orderId + 1_000, orderRef, account, contract, whatIf: false },",
      },
    ],
  },
  {
    name: "change on its way taken for made",
    patches: [
      {
        file: `${GATEWAY}/fold/change-evidence.ts`,
        from: "if (differencesOf(pending.sent, shown, false).length > 0) return [];",
        to: "",
      },
    ],
  },
  {
    name: "smaller order filled, its change left open",
    patches: [
      {
        file: `${GATEWAY}/fold/change-evidence.ts`,
        from: "if (happenedBeforeTheEnd(order, evidence)) {",
        to: "if (false) {",
      },
    ],
  },
  {
    name: "filled order with an open change left",
    patches: [
      {
        file: `${GATEWAY}/reconcile/settle.ts`,
        from: "if (isWhole() && actor.order.pending === undefined) return;",
        to: "if (isWhole()) return;",
      },
    ],
  },
];
