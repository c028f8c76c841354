import { parseUtcText } from "@countersign/clock/clock";
import { conidsOf } from "@countersign/contracts/combo";
import { KillLevel } from "@countersign/contracts/control";
import { demandOfTicket } from "@countersign/contracts/demand";
import { Submission } from "@countersign/contracts/messages/approval.v1";
import { CONFIRMATIONS_MAX, RuleName } from "@countersign/contracts/order";
import { AccountId, freeText, PrincipalId, ProposalId, Sha256Hex, statedText } from "@countersign/contracts/primitives";
import { ProposalView, StateSchema } from "@countersign/contracts/proposal-view";
import { RejectCode } from "@countersign/contracts/reject-codes";
import { RPCS } from "@countersign/contracts/subjects";
import { confirmationsOf } from "@countersign/orders/confirmations";
import * as z from "zod";
import { approveProposal } from "../approve.ts";
import { obstacleFor } from "../obstacle.ts";
import { expectOk } from "../problem.ts";
import { defineRoute, wholeNumber } from "../route.ts";

export const ById = z.strictObject({ id: ProposalId });
const Reason = z.strictObject({ reason: statedText(500) });
/** A stop is not refused for its words. */
const StopReason = z.strictObject({ reason: freeText(500) });

export const listProposals = defineRoute({
  method: "get",
  path: "/api/v1/proposals",
  id: "listProposals",
  summary: "Proposals, newest first",
  scope: "read",
  query: z.strictObject({
    state: z
      .string()
      .max(400)
      .transform((text) => text.split(","))
      .pipe(z.array(StateSchema).min(1).max(22))
      .optional()
      .describe("One state, or several with commas"),
    account: AccountId.optional(),
    agent: PrincipalId.optional(),
    limit: wholeNumber(1, 100).optional().describe("Default 25"),
    cursor: z.string().min(1).max(64).optional(),
  }),
  response: z.strictObject({ items: z.array(ProposalView), nextCursor: z.string().nullable() }),
  async handle({ query, services }) {
    const reply = await services.backend.request(RPCS.listProposals, {
      agent: query.agent ?? null,
      accounts: query.account === undefined ? null : [query.account],
      states: query.state ?? null,
      limit: query.limit ?? 25,
      cursor: query.cursor ?? null,
    });
    return expectOk(reply);
  },
});

const ApprovalFacts = z.strictObject({
  approvable: z.boolean(),
  obstacle: z.string().nullable().describe("Why who asks cannot approve it now"),
  killSwitch: z.strictObject({ level: KillLevel, reason: z.string() }),
  expiresInMs: z.int().describe("Until no approval is accepted; negative: over"),
  people: z.union([z.literal(1), z.literal(2)]).describe("How many must sign"),
  keys: z.enum(["session", "passkey"]).describe("With what"),
  passkey: z.boolean().describe("Whether the operator who asks has a passkey that counts"),
  page: z.string().nullable().describe("Where a browser can sign with a passkey; null: passkeys are not set up"),
  confirm: z
    .array(z.strictObject({ rule: RuleName, message: z.string() }))
    .max(CONFIRMATIONS_MAX)
    .describe("Soft limits that the order exceeds, the most severe first: an approval must name each rule"),
});

/** What every way of approving says besides the ticket's hash. */
export const ApproveBody = z.strictObject({
  ticketHash: Sha256Hex,
  reason: statedText(500).optional(),
  confirm: z
    .array(RuleName)
    .max(CONFIRMATIONS_MAX)
    .optional()
    .describe("The rules whose soft limit is exceeded, typed by the person"),
});

export const getProposal = defineRoute({
  method: "get",
  path: "/api/v1/proposals/{id}",
  id: "getProposal",
  summary: "One proposal with its ticket, verdict, decision and order, and what stands in the way of an approval",
  scope: "read",
  params: ById,
  response: ProposalView.extend({ approval: ApprovalFacts }),
  async handle({ params, operator, services }) {
    const request = { proposalId: params.id, agent: null };
    const view = expectOk(await services.backend.request(RPCS.getProposal, request, { correlationId: params.id }));
    const { account, agent, terms } = view;
    const killSwitch = services.killLevel({ account, agent, conids: conidsOf(terms) });
    const nowMs = services.clock.nowMs();
    const expiresInMs = Math.round(parseUtcText(view.expiresAt) - nowMs);
    const { approvals: people, keys } = demandOfTicket(view.ticket ?? {});
    const passkey = services.passkeys.has(operator.id);
    const page = services.passkeys.pageOf(params.id);
    const obstacle = obstacleFor(services, operator, { view, keys, killLevel: killSwitch.level, nowMs });
    const asking = confirmationsOf(view.verdict ?? { rules: [] });
    const confirm = asking.slice(0, CONFIRMATIONS_MAX).map(({ rule, message }) => ({ rule, message }));
    return {
      ...view,
      approval: {
        ...{ approvable: obstacle === null, obstacle, killSwitch, expiresInMs },
        ...{ people, keys, passkey, page, confirm },
      },
    };
  },
});

export const ApproveAnswer = z.strictObject({
  proposalId: ProposalId,
  state: StateSchema,
  ticketHash: Sha256Hex,
  submission: Submission,
});

export const approve = defineRoute({
  method: "post",
  path: "/api/v1/proposals/{id}/approve",
  id: "approveProposal",
  summary:
    "Countersign the ticket with this hash. 200 means sent, or that a second person must sign: submission says which",
  scope: "approve",
  params: ById,
  body: ApproveBody,
  response: ApproveAnswer,
  handle({ params, body, operator, services }) {
    const { ticketHash, reason = null, confirm: confirmed = [] } = body;
    const given = { proposalId: params.id, ticketHash, approver: operator.id, reason, confirmed };
    return approveProposal(services, given);
  },
});

export const reject = defineRoute({
  method: "post",
  path: "/api/v1/proposals/{id}/reject",
  id: "rejectProposal",
  summary: "Refuse a proposal for good; the agent reads the reason",
  scope: "approve",
  params: ById,
  body: Reason.extend({ code: RejectCode.optional().describe("Default OTHER") }),
  response: z.strictObject({ proposalId: ProposalId, state: StateSchema }),
  async handle({ params, body, operator, services }) {
    const { reason, code = "OTHER" } = body;
    const request = { proposalId: params.id, operator: operator.id, reason, code };
    return expectOk(await services.backend.request(RPCS.reject, request, { correlationId: params.id }));
  },
});

export const closeOrder = defineRoute({
  method: "post",
  path: "/api/v1/orders/{id}/close",
  id: "closeOrder",
  summary: "Settle an UNKNOWN or DISPUTED order by what the broker shows, or twice has not shown",
  scope: "approve",
  params: ById,
  body: Reason,
  response: z.strictObject({
    proposalId: ProposalId,
    state: StateSchema,
    closed: z.boolean().describe("false: another person must agree"),
  }),
  async handle({ params, body, operator, services }) {
    const request = { proposalId: params.id, operator: operator.id, reason: body.reason };
    return expectOk(await services.backend.request(RPCS.close, request, { correlationId: params.id }));
  },
});

export const cancelOrder = defineRoute({
  method: "post",
  path: "/api/v1/orders/{id}/cancel",
  id: "cancelOrder",
  summary: "Cancel the approved order of this proposal, at the broker or before it is sent; no kill level stops it",
  scope: "cancel",
  stops: true,
  params: ById,
  body: StopReason,
  response: z.strictObject({
    proposalId: ProposalId,
    state: StateSchema,
    orderRef: z.string().nullable().describe("null: it was never sent, and never will be"),
  }),
  async handle({ params, body, operator, services }) {
    const actor = { kind: "operator" as const, id: operator.id };
    const request = { proposalId: params.id, actor, reason: body.reason };
    return expectOk(await services.backend.request(RPCS.cancel, request, { correlationId: params.id }));
  },
});
