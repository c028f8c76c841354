import { AccountId, ProposalId } from "@countersign/contracts/primitives";
import type * as z from "zod";
import type { Agent } from "./agents.ts";
import { isPermitted } from "./tools/registry.ts";

const MIME_TYPE = "application/json";

/** What can be read by its address. It is what a tool answers, under the tool's rates, permissions and records. */
export interface ResourceKind {
  readonly uriTemplate: string;
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly tool: string;
  /** The one variable of the address, as the tool calls it. */
  readonly variable: "account" | "proposal_id";
  readonly form: z.ZodType<string>;
  /** What else the tool is given. */
  readonly more: Readonly<Record<string, unknown>>;
}

export const RESOURCE_KINDS: readonly ResourceKind[] = Object.freeze([
  {
    uriTemplate: "ibkr://accounts/{account}/positions",
    name: "account_positions",
    title: "Positions of an account",
    description: "What list_positions answers: the positions that the broker reports.",
    tool: "list_positions",
    variable: "account",
    form: AccountId,
    more: { limit: 100 },
  },
  {
    uriTemplate: "ibkr://accounts/{account}/risk-limits",
    name: "account_risk_limits",
    title: "Risk limits of an account",
    description: "What get_risk_limits answers: the limits of the policy in force.",
    tool: "get_risk_limits",
    variable: "account",
    form: AccountId,
    more: {},
  },
  {
    uriTemplate: "ibkr://proposals/{proposal_id}",
    name: "proposal",
    title: "A proposal",
    description: "What get_proposal answers: one of your proposals with its verdict, decision and order.",
    tool: "get_proposal",
    variable: "proposal_id",
    form: ProposalId,
    more: {},
  },
]);

const kindsOf = (agent: Agent) => RESOURCE_KINDS.filter(({ tool }) => isPermitted(agent, tool));

export function templatesOf(agent: Agent) {
  return kindsOf(agent).map(({ uriTemplate, name, title, description }) => ({
    uriTemplate,
    name,
    title,
    description,
    mimeType: MIME_TYPE,
  }));
}

/** Those that exist without being made first: each account's. Proposals are listed by list_proposals. */
export function resourcesOf(agent: Agent) {
  const perAccount = kindsOf(agent).filter(({ variable }) => variable === "account");
  return agent.accounts.flatMap((account) =>
    perAccount.map(({ uriTemplate, name, title, description }) => ({
      uri: addressOf(uriTemplate, account),
      name: `${name}_${account}`,
      title: `${title} ${account}`,
      description,
      mimeType: MIME_TYPE,
    })),
  );
}

/** Which tool answers for an address and with which arguments; undefined: no address of ours, or not for this agent. */
export function targetOf(agent: Agent, uri: string): { tool: string; args: Record<string, unknown> } | undefined {
  for (const { uriTemplate, tool, variable, form, more } of kindsOf(agent)) {
    const [before = "", after = ""] = uriTemplate.split(/\{\w+\}/);
    const value = form.safeParse(uri.slice(before.length, uri.length - after.length));
    if (value.success && uri === addressOf(uriTemplate, value.data)) {
      return { tool, args: { [variable]: value.data, ...more } };
    }
  }
  return undefined;
}

export function contentsOf(uri: string, text: string) {
  return { contents: [{ uri, mimeType: MIME_TYPE, text }] };
}

function addressOf(uriTemplate: string, value: string): string {
  return uriTemplate.replace(/\{\w+\}/, value);
}
