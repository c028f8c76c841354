import { AutoMode } from "@countersign/contracts/auto-approval";
import { AutoStatus } from "@countersign/contracts/messages/auto-approval.v1";
import { freeText, Sha256Hex } from "@countersign/contracts/primitives";
import { RPCS } from "@countersign/contracts/subjects";
import * as z from "zod";
import { deny, expectOk, requireStated } from "../problem.ts";
import { defineRoute } from "../route.ts";

export const getAutoApproval = defineRoute({
  method: "get",
  path: "/api/v1/auto-approval",
  id: "getAutoApproval",
  summary: "The standing policy: mode, document with its signers and expiry, and what it used in 24 hours",
  scope: "read",
  response: AutoStatus,
  handle: async ({ services }) => expectOk(await services.backend.request(RPCS.autoStatus, {})),
});

export const setAutoApproval = defineRoute({
  method: "put",
  path: "/api/v1/auto-approval",
  id: "setAutoApproval",
  summary: "Turn the standing policy on, to shadow, or off. Anything but off needs the scope kill:loosen",
  scope: "kill:tighten",
  body: z.strictObject({
    mode: AutoMode,
    reason: freeText(500),
    policyHash: Sha256Hex.nullable().describe("Hash of the policy that is meant; null exactly with off"),
  }),
  response: AutoStatus,
  async handle({ body, operator, services }) {
    if (body.mode !== "off" && !operator.scopes.includes("kill:loosen"))
      deny("FORBIDDEN", "Turning the standing policy on needs the scope kill:loosen.");
    if (body.mode !== "off") requireStated(body.reason);
    return expectOk(await services.backend.request(RPCS.setAutoMode, { ...body, operator: operator.id }));
  },
});
