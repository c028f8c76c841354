import { denied, ok } from "@countersign/contracts/denial";
import { RPCS } from "@countersign/contracts/subjects";
import { DecisionReader } from "./decisions/reader.ts";
import { judgedFile } from "./decisions/serve-file.ts";
import type { Deps } from "./deps.ts";
import { envelope } from "./envelope.ts";
import { freshVerdict } from "./fresh-verdict.ts";
import { limitLines } from "./limit-lines.ts";
import { preview } from "./preview.ts";
import { propose } from "./propose.ts";
import { getProposal, listProposals } from "./queries.ts";
import { reduce } from "./reduce/reduce.ts";

/** What this service answers. */
export const SERVED = [
  RPCS.propose,
  RPCS.reduce,
  RPCS.preview,
  RPCS.verdict,
  RPCS.envelope,
  RPCS.limits,
  RPCS.judgedFile,
  RPCS.getProposal,
  RPCS.listProposals,
] as const;

export function serveRiskGate(deps: Deps): void {
  const { bus, inForce, orders } = deps;
  bus.serve(RPCS.propose, (request) => propose(deps, request));
  bus.serve(RPCS.reduce, (request) => reduce(deps, request));
  bus.serve(RPCS.preview, (request) => preview(deps, request));
  bus.serve(RPCS.verdict, (request) => freshVerdict(deps, request));
  bus.serve(RPCS.envelope, (request) => envelope(deps, request));
  bus.serve(RPCS.limits, async ({ account }) => {
    if (!inForce.policy.accounts.includes(account)) return denied("ACCOUNT_NOT_PERMITTED");
    return ok({ account, policyHash: inForce.hash, limits: limitLines(inForce.policy, { mode: deps.mode, account }) });
  });
  const reader = new DecisionReader(bus);
  bus.serve(RPCS.judgedFile, (request) => judgedFile({ orders, reader }, request));
  bus.serve(RPCS.getProposal, async (request) => getProposal(orders, request));
  bus.serve(RPCS.listProposals, async (request) => listProposals(orders, request));
}
