import { AuditKind } from "@countersign/contracts/audit";
import { SignedCheckpoint } from "@countersign/contracts/audit-checkpoint";
import { AuditHeadReply, ListAuditReply, VerifyAuditReply } from "@countersign/contracts/messages/audit.v1";
import { RPCS } from "@countersign/contracts/subjects";
import * as z from "zod";
import { expectOk } from "../problem.ts";
import { defineRoute, wholeNumber } from "../route.ts";
import type { Services } from "../services.ts";

export const listAudit = defineRoute({
  method: "get",
  path: "/api/v1/audit",
  id: "listAudit",
  summary: "Records of the audit, in order",
  scope: "read",
  reads: true,
  query: z.strictObject({
    after: wholeNumber(0).optional().describe("Records with a sequence above this; default 0"),
    limit: wholeNumber(1, 200).optional().describe("Default 50"),
    kind: AuditKind.optional(),
    correlationId: z.string().min(1).max(64).optional().describe("A proposal id, for the story of one order"),
  }),
  response: ListAuditReply.options[0].shape.value,
  async handle({ query, services }) {
    const request = {
      after: query.after ?? 0,
      limit: query.limit ?? 50,
      kinds: query.kind === undefined ? null : [query.kind],
      correlationId: query.correlationId ?? null,
    };
    return expectOk(await services.backend.request(RPCS.listAudit, request));
  },
});

export const verifyAudit = defineRoute({
  method: "post",
  path: "/api/v1/audit/verify",
  id: "verifyAudit",
  summary: "Recompute the whole chain and its tree",
  scope: "read",
  reads: true,
  response: VerifyAuditReply.options[0].shape.value,
  handle: ({ services }) => verified(services, null),
});

export const verifyCheckpoint = defineRoute({
  method: "post",
  path: "/api/v1/audit/verify-checkpoint",
  id: "verifyCheckpoint",
  summary: "The same, and compare with a signed checkpoint that was kept elsewhere",
  scope: "read",
  reads: true,
  body: z.strictObject({ against: SignedCheckpoint }),
  response: VerifyAuditReply.options[0].shape.value,
  handle: ({ body, services }) => verified(services, body.against),
});

export const auditHead = defineRoute({
  method: "post",
  path: "/api/v1/audit/head",
  id: "auditHead",
  summary: "Sign what the record is now, for an export that others can verify",
  scope: "read",
  reads: true,
  response: AuditHeadReply.options[0].shape.value,
  handle: async ({ services }) => expectOk(await services.backend.request(RPCS.auditHead, {})),
});

async function verified(services: Services, against: SignedCheckpoint | null) {
  const outcome = expectOk(await services.backend.request(RPCS.verifyAudit, { against }));
  // What somebody brings may be forged; only what the writer itself signed and holds stops everything.
  if (against === null) services.auditVerified(outcome);
  return outcome;
}
