import { ReopenedSession } from "@countersign/contracts/messages/edge-usage.v1";
import { PrincipalId, statedText } from "@countersign/contracts/primitives";
import { RPCS } from "@countersign/contracts/subjects";
import * as z from "zod";
import { expectOk } from "../problem.ts";
import { defineRoute } from "../route.ts";

export const reopenSession = defineRoute({
  method: "post",
  path: "/api/v1/agents/{id}/session/reopen",
  id: "reopenSession",
  summary: "Let an agent go on whose session has ended; what it has called stays counted",
  scope: "kill:loosen",
  params: z.strictObject({ id: PrincipalId }),
  body: z.strictObject({ reason: statedText(500) }),
  response: ReopenedSession,
  async handle({ params, body, operator, services }) {
    const request = { agent: params.id, operator: operator.id, reason: body.reason };
    return expectOk(await services.backend.request(RPCS.reopenSession, request));
  },
});
