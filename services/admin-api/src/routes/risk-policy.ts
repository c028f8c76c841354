import {
  RiskPolicyActivation,
  RiskPolicyReplay,
  RiskPolicyStatus,
} from "@countersign/contracts/messages/risk-policy.v1";
import { Json, statedText } from "@countersign/contracts/primitives";
import { RPCS } from "@countersign/contracts/subjects";
import { riskPolicyDocument } from "@countersign/roster/risk-policy-file";
import * as z from "zod";
import { expectOk } from "../problem.ts";
import { defineRoute } from "../route.ts";

const Policy = z.record(z.string().max(64), Json).describe("The whole policy, as config/risk-policy.yaml has it");
const REPLAY_MS = 50_000;

export const getRiskPolicy = defineRoute({
  method: "get",
  path: "/api/v1/risk-policy",
  id: "getRiskPolicy",
  summary: "The risk policy in force, who signed it, and what waits for another signature",
  scope: "read",
  response: RiskPolicyStatus,
  handle: async ({ services }) => expectOk(await services.backend.request(RPCS.riskPolicy, {})),
});

export const activateRiskPolicy = defineRoute({
  method: "post",
  path: "/api/v1/risk-policy",
  id: "activateRiskPolicy",
  summary: "Sign a risk policy. What becomes looser is in force when a second person has signed the same one",
  scope: "approve",
  body: z.strictObject({ policy: Policy, reason: statedText(500) }),
  response: RiskPolicyActivation,
  async handle({ body, operator, services }) {
    const document = riskPolicyDocument(services.mode, body.policy);
    const signed = { document, signatures: [services.signer.signDocument(operator.id, document)] };
    const request = { signed, operator: operator.id, reason: body.reason };
    return expectOk(await services.backend.request(RPCS.activateRiskPolicy, request));
  },
});

export const replayRiskPolicy = defineRoute({
  method: "post",
  path: "/api/v1/risk-policy/replay",
  id: "replayRiskPolicy",
  summary: "What a policy would have said to the proposals of the last days; nothing changes",
  scope: "read",
  reads: true,
  body: z.strictObject({ policy: Policy, days: z.int().min(1).max(366) }),
  response: RiskPolicyReplay,
  handle: async ({ body, services }) =>
    expectOk(await services.backend.request(RPCS.replayRiskPolicy, body, { timeoutMs: REPLAY_MS })),
});
