import { ok } from "@countersign/contracts/denial";
import { RPCS } from "@countersign/contracts/subjects";
import * as z from "zod";
import { Account } from "./inputs.ts";
import { defineTool } from "./tool.ts";

const LimitOut = z.strictObject({
  rule: z.string(),
  description: z.string(),
  limit: z.string().nullable(),
  unit: z.string(),
});

export const getRiskLimits = defineTool({
  name: "get_risk_limits",
  title: "Get the risk limits",
  kind: "read",
  description:
    "The limits of the risk policy in force for an account. An order outside them is denied; no tool changes them.",
  input: z.strictObject({ account: Account }),
  output: z.strictObject({ account: z.string(), policy_hash: z.string(), limits: z.array(LimitOut) }),
  async run({ account }, { callId, deps }) {
    const reply = await deps.backend.request(RPCS.limits, { account }, { correlationId: callId });
    if (reply.outcome === "denied") return reply;
    return ok({ account, policy_hash: reply.value.policyHash, limits: reply.value.limits });
  },
});
