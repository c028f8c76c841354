import { RPCS } from "@countersign/contracts/subjects";
import type { Backend } from "./backend.ts";

/** The switch has moved already: what is only said about it must not keep the answer. */
const WAIT_MS = 1_000;

/**
 * What makes it likely that a scope of the kill switch is misspelt, so that nobody believes to have stopped an agent that
 * goes on. It is set all the same: what is not known here yet may come. Null: nothing speaks for a mistake.
 */
export async function killNotice(backend: Backend, scope: string): Promise<string | null> {
  const [kind, ...rest] = scope.split(".");
  const name = rest.join(".");
  try {
    if (kind === "account") return await accountNotice(backend, name);
    return kind === "agent" ? await agentNotice(backend, name) : null;
  } catch {
    return `Whether there is such an ${kind} cannot be said now.`;
  }
}

async function accountNotice(backend: Backend, account: string): Promise<string | null> {
  const reply = await backend.request(RPCS.accounts, {}, { timeoutMs: WAIT_MS });
  if (reply.outcome === "denied") return "Whether there is such an account cannot be said now.";
  const { accounts } = reply.value;
  return accounts.includes(account) ? null : `The broker has no account ${account}, but ${accounts.join(", ")}.`;
}

async function agentNotice(backend: Backend, agent: string): Promise<string | null> {
  const question = { agent, accounts: null, states: null, limit: 1, cursor: null };
  const reply = await backend.request(RPCS.listProposals, question, { timeoutMs: WAIT_MS });
  if (reply.outcome === "denied") return "Whether there is such an agent cannot be said now.";
  return reply.value.items.length > 0 ? null : `No agent ${agent} has ever proposed anything.`;
}
