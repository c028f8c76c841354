import type { Mutant } from "./mutants.ts";

const APPROVAL = "services/approval/src";

export const APPROVAL_MUTANTS: readonly Mutant[] = [
  {
    name: "approval ended beside an intent",
    patches: [
      {
        file: `${APPROVAL}/submit.ts`,
        from: "{ decision: unsent.sequence, order });",
        to: "{ decision: unsent.sequence });",
      },
    ],
  },
  {
    name: "smaller order may be larger",
    patches: [
      {
        file: "services/risk-gate/src/reduce/smaller-terms.ts",
        from: "if (compare(decimal(quantity), decimal(terms.quantity)) <= 0) return undefined;",
        to: "if (compare(decimal(quantity), decimal(terms.quantity)) <= 9) return undefined;",
      },
    ],
  },
  {
    name: "smaller ticket beside an approval",
    patches: [
      {
        file: "services/risk-gate/src/proposal-log.ts",
        from: "...(orderSequence !== undefined && { expectedOrderSequence: orderSequence }),",
        to: "",
      },
    ],
  },
  {
    name: "approval of the larger ticket recorded",
    patches: [
      {
        file: `${APPROVAL}/check-approval.ts`,
        from: 'if (view.ticketHash !== ticketHash) return no("TICKET_HASH_MISMATCH");',
        to: "",
      },
    ],
  },
  {
    name: "expired although an intent stands",
    patches: [
      { file: `${APPROVAL}/submit.ts`, from: "if (intent !== undefined) return false;", to: "" },
      { file: `${APPROVAL}/submit.ts`, from: "decision: unsent.sequence, order }", to: "decision: unsent.sequence }" },
      { file: `${APPROVAL}/submit.ts`, from: "if (ALREADY_USED.has(denial.code)) return;", to: "" },
    ],
  },
  {
    name: "decision without expected sequence",
    patches: [
      {
        file: `${APPROVAL}/decision-log.ts`,
        from: "const answer = await bus.append(FACTS.decision, params, fact, conditionOf(expected));",
        to: "const answer = await bus.append(FACTS.decision, params, fact, {});",
      },
    ],
  },
  {
    name: "proposer approves",
    patches: [
      {
        file: `${APPROVAL}/check-approval.ts`,
        from: "return proposers.includes(statement.approver) ?",
        to: "return proposers.includes(statement.approver) && false ?",
      },
      {
        file: "libs/roster/src/verify-approvals.ts",
        from: "return all.some(({ statement }) => statement.approver === statement.ticket.agent)",
        to: "return all.length === 0",
      },
    ],
  },
  {
    name: "approval not in the audit",
    patches: [{ file: `${APPROVAL}/approve.ts`, from: `audited: audit.status === "fulfilled",`, to: "audited: true," }],
  },
  {
    name: "approval dropped when the log is late",
    patches: [
      {
        file: `${APPROVAL}/sweeper.ts`,
        from: `if (state === "PENDING_APPROVAL") return deps.unsent.add(proposalId, unsent);`,
        to: "",
      },
    ],
  },
  {
    name: "unsent approvals forgotten at a restart",
    patches: [
      { file: `${APPROVAL}/open.ts`, from: "log.resumed(adoptUnsent(deps, undecided));", to: "" },
      {
        file: `${APPROVAL}/sweeper.ts`,
        from: "const closed = await closeApproved(deps, due.unsent, fact);",
        to: "const closed = true;",
      },
    ],
  },
  {
    name: "records of a dead process lost",
    patches: [
      {
        file: `${APPROVAL}/open.ts`,
        from: `for (const fact of recentFacts(orders, "decision"))`,
        to: `for (const fact of recentFacts(orders, "decision").slice(0, 0))`,
      },
    ],
  },
  {
    name: "second click forgets the first approval",
    patches: [
      {
        file: `${APPROVAL}/unsent-approvals.ts`,
        from: "    this.#inHand.add(proposalId);\n",
        to: "    this.#inHand.add(proposalId);\n    this.#waiting.delete(proposalId);\n",
      },
    ],
  },
  {
    name: "late decision not in the audit",
    patches: [
      {
        file: `${APPROVAL}/sweeper.ts`,
        from: "for (const fact of deps.late.due(deps.clock.monotonicMs())) void deps.outbox.note(againEntry(fact));",
        to: "",
      },
    ],
  },
];
