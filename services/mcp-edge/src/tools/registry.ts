import { advertise } from "../wire/advertise.ts";
import { getAccountSummary, listAccounts, listPositions } from "./account-tools.ts";
import { getContract, searchContracts } from "./contract-tools.ts";
import { getProposal } from "./get-proposal.ts";
import { getRiskLimits } from "./get-risk-limits.ts";
import { listProposals } from "./list-proposals.ts";
import { listExecutions, listOrders } from "./order-tools.ts";
import { previewOrder } from "./preview-order.ts";
import { getBars, getQuote } from "./price-tools.ts";
import { proposeCancel } from "./propose-cancel.ts";
import { proposeOrder } from "./propose-order.ts";
import type { Tool } from "./tool.ts";
import { withdrawProposal } from "./withdraw-proposal.ts";

/** All tools, in the order in which they are listed. None of them approves anything, and none ever may. */
export const TOOLS: readonly Tool[] = Object.freeze([
  listAccounts,
  getAccountSummary,
  listPositions,
  listOrders,
  listExecutions,
  searchContracts,
  getContract,
  getQuote,
  getBars,
  getRiskLimits,
  previewOrder,
  proposeOrder,
  proposeCancel,
  listProposals,
  getProposal,
  withdrawProposal,
]);

const BY_NAME: ReadonlyMap<string, Tool> = new Map(TOOLS.map((tool) => [tool.name, tool]));

/** What `tools/list` says of a tool: made once, frozen, the same for every caller and both eras. */
export type Definition = ReturnType<typeof definitionOf>;
function definitionOf(tool: Tool) {
  const { name, title, description, annotations } = tool;
  return {
    name,
    title,
    description,
    inputSchema: { type: "object" as const, ...advertise(tool.input, "input") },
    outputSchema: { type: "object" as const, ...advertise(tool.output, "output") },
    annotations,
  };
}

export const DEFINITIONS: readonly Definition[] = deepFreeze(TOOLS.map(definitionOf));

/** The tools that an agent sees: all, or those its entry names. */
export function isPermitted(agent: { tools?: readonly string[] | undefined }, name: string): boolean {
  return agent.tools === undefined || agent.tools.includes(name);
}

/** undefined: there is no such tool, or not for this agent. */
export function toolOf(agent: { tools?: readonly string[] | undefined }, name: string): Tool | undefined {
  return isPermitted(agent, name) ? BY_NAME.get(name) : undefined;
}

function deepFreeze<T>(value: T): T {
  if (value !== null && typeof value === "object") {
    for (const item of Object.values(value)) deepFreeze(item);
    Object.freeze(value);
  }
  return value;
}
