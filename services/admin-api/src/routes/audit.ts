import { AuditKind } from "@countersign/contracts/audit";
import { ListAuditReply, VerifyAuditReply } from "@countersign/contracts/messages/audit.v1";
import { RPCS } from "@countersign/contracts/subjects";
import * as z from "zod";
import { expectOk } from "../problem.ts";
import { defineRoute } from "../route.ts";

export const listAudit = defineRoute({
  method: "get",
  path: "/api/v1/audit",
  id: "listAudit",
  summary: "Records of the audit, in order",
  scope: "read",
  query: z.strictObject({
    after: z.coerce.number().int().min(0).optional().describe("Records with a sequence above this; default 0"),
    limit: z.coerce.number().int().min(1).max(200).optional().describe("Default 50"),
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
  response: VerifyAuditReply.options[0].shape.value,
  async handle({ services }) {
    const outcome = expectOk(await services.backend.request(RPCS.verifyAudit, {}));
    services.auditVerified(outcome);
    return outcome;
  },
});
