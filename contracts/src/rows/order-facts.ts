import type { User } from "../accounts.ts";
import type { Fact } from "../contract-kinds.ts";
import { DecisionFact } from "../facts/decision-facts.v1.ts";
import { ExecFact } from "../facts/exec-facts.v1.ts";
import { JudgedFact, JudgedValuePiece } from "../facts/judged-facts.v1.ts";
import { AssessedFact, LedgerEntry } from "../facts/policy-facts.v1.ts";
import { ProposalFact } from "../facts/proposal-facts.v1.ts";
import { RiskPolicyEntry } from "../risk-policy.ts";
import { fact } from "./row.ts";

/** Who reads the logs of orders. */
export const ORDER_READERS = ["risk-gate", "approval-core", "broker-gateway-core"] as const satisfies readonly User[];

/** The logs of orders, of what their verdicts were made of, and of policies. */
export const ORDER_FACTS = {
  proposal: fact({
    subject: "order.v1.{account}.{proposal}.proposal",
    text: "The proposal log of an order",
    schema: "order.proposal/1",
    body: ProposalFact,
    stream: "ORDERS",
    publisher: "risk-gate",
    readers: ORDER_READERS,
  }),
  decision: fact({
    subject: "order.v1.{account}.{proposal}.decision",
    text: "The decision log of an order",
    schema: "order.decision/1",
    body: DecisionFact,
    stream: "ORDERS",
    publisher: "approval-core",
    readers: ORDER_READERS,
  }),
  exec: fact({
    subject: "order.v1.{account}.{proposal}.exec",
    text: "The exec log of an order",
    schema: "order.exec/1",
    body: ExecFact,
    stream: "ORDERS",
    publisher: "broker-gateway-core",
    readers: ORDER_READERS,
  }),
  policy: fact({
    subject: "order.v1.{account}.{proposal}.policy",
    text: "What the standing policy made of an order",
    schema: "order.policy/1",
    body: AssessedFact,
    stream: "ORDERS",
    publisher: "approval-core",
    readers: ORDER_READERS,
  }),
  judged: fact({
    subject: "judged.v1.verdict.{account}.{proposal}",
    text: "The facts behind each verdict of an order",
    schema: "judged.verdict/1",
    body: JudgedFact,
    stream: "JUDGED",
    publisher: "risk-gate",
    readers: ["risk-gate"],
  }),
  judgedValue: fact({
    subject: "judged.v1.value.{hash}",
    text: "A large value that verdicts were made of",
    schema: "judged.value/1",
    body: JudgedValuePiece,
    stream: "JUDGED",
    publisher: "risk-gate",
    readers: ["risk-gate"],
  }),
  ledger: fact({
    subject: "policy.v1.ledger",
    text: "The ledger of the standing policy",
    schema: "policy.ledger/1",
    body: LedgerEntry,
    stream: "POLICY",
    publisher: "approval-core",
    readers: ["approval-core"],
  }),
  riskPolicy: fact({
    subject: "policy.v1.risk",
    text: "The risk policies that people have signed, in order",
    schema: "policy.risk/1",
    body: RiskPolicyEntry,
    stream: "POLICY",
    publisher: "risk-gate",
    readers: ["risk-gate"],
  }),
} as const satisfies Record<string, Fact>;
