import { ApprovalStatement, PasskeyAssertion } from "@countersign/contracts/order";
import { PrincipalId } from "@countersign/contracts/primitives";
import { RosterApprover } from "@countersign/contracts/roster";
import * as z from "zod";
import { passApproval, ticketToApprove } from "../approve.ts";
import { defineRoute } from "../route.ts";
import { ApproveAnswer, ApproveBody, ById } from "./proposals.ts";

const binary = (max: number) =>
  z
    .string()
    .min(1)
    .max(max)
    .regex(/^[A-Za-z0-9_-]+$/)
    .describe("Base64url");
const Challenge = binary(128);

export const passkeyQuestion = defineRoute({
  method: "post",
  path: "/api/v1/proposals/{id}/passkey-question",
  id: "askForPasskey",
  summary: "What a passkey must sign to countersign the ticket with this hash; good for one answer",
  scope: "approve",
  params: ById,
  body: ApproveBody,
  response: z.strictObject({
    challenge: Challenge.describe("SHA-256 of the canonical JSON of the statement"),
    statement: ApprovalStatement,
    origin: z.string().describe("The page must have this origin"),
    rpId: z.string(),
    credentialIds: z.array(z.string()),
    timeoutMs: z.int(),
  }),
  async handle({ params, body, operator, services }) {
    const { ticketHash, reason = null, confirm: confirmed = [] } = body;
    const given = { proposalId: params.id, ticketHash };
    const ticket = await ticketToApprove(services.backend, given);
    return services.passkeys.question({ ticket, ticketHash, approver: operator.id, reason, confirmed });
  },
});

export const passkeyApprove = defineRoute({
  method: "post",
  path: "/api/v1/proposals/{id}/approve-with-passkey",
  id: "approveWithPasskey",
  summary: "Countersign with a passkey; the answer is that of approve",
  scope: "approve",
  params: ById,
  body: z.strictObject({ challenge: Challenge, passkey: PasskeyAssertion }),
  response: ApproveAnswer,
  handle({ params, body, operator, services }) {
    const approval = services.passkeys.answer(operator.id, body.challenge, body.passkey);
    return passApproval(services.backend, params.id, approval);
  },
});

export const passkeyRegistration = defineRoute({
  method: "post",
  path: "/api/v1/passkeys/question",
  id: "askForRegistration",
  summary: "What a browser is asked in order to make a passkey for the operator who asks",
  scope: "approve",
  response: z.strictObject({ origin: z.string(), options: z.looseObject({ challenge: z.string() }) }),
  handle: ({ operator, services }) => services.passkeys.registration(operator.id),
});

export const passkeyRegister = defineRoute({
  method: "post",
  path: "/api/v1/passkeys/entry",
  id: "makeRosterEntry",
  summary: "The new passkey as an entry for the roster; it counts once the roots have signed a roster with it",
  scope: "approve",
  body: z.strictObject({
    name: PrincipalId.describe("The key's name on the roster"),
    challenge: Challenge,
    response: z.strictObject({ id: binary(1_364), clientDataJSON: binary(4_096), attestationObject: binary(16_384) }),
  }),
  response: RosterApprover,
  handle: ({ body, operator, services }) => services.passkeys.register(operator.id, body),
});
