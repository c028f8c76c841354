import type { ProposalView } from "@countersign/contracts/proposal-view";
import { call } from "./admin-client.ts";
import { CommandError, EXIT, type ExitCode } from "./exit-codes.ts";
import { proposalLine, proposalText } from "./format.ts";
import type { Settings } from "./settings.ts";
import { plain, print, printJson, typedAnswer } from "./terminal.ts";

export interface CommandInput {
  readonly settings: Settings;
  /** Words after the command's name. */
  readonly words: readonly string[];
  readonly flags: {
    json?: boolean;
    yes?: boolean;
    local?: boolean;
    reason?: string;
    code?: string;
    quantity?: string;
    limit?: string;
    scope?: string;
    state?: string;
    cursor?: string;
    cancel?: string;
    rounds?: string;
    keep?: string;
    against?: string;
    key?: string;
    days?: string;
    out?: string;
    inputs?: string;
    confirm?: string[];
  };
}

export const show = (input: CommandInput, value: object, text: string) =>
  input.flags.json ? printJson(value) : print(text);

export function needed(value: string | undefined, what: string): string {
  if (value === undefined || value === "") throw new CommandError(EXIT.usage, `${what} is missing`);
  return value;
}

export async function proposals(input: CommandInput): Promise<ExitCode> {
  const { state, cursor } = input.flags;
  const query = new URLSearchParams({ ...(state !== undefined && { state }), ...(cursor !== undefined && { cursor }) });
  const path = `/api/v1/proposals${query.size === 0 ? "" : `?${query}`}`;
  const answer: { items: ProposalView[]; nextCursor: string | null } = await call(input.settings, "GET", path);
  const lines = answer.items.length === 0 ? ["no proposals"] : answer.items.map(proposalLine);
  // A list that ends without a word is taken for the whole.
  if (answer.nextCursor !== null) lines.push(`older ones are left out: --cursor ${answer.nextCursor}`);
  show(input, answer, lines.join("\n"));
  return EXIT.ok;
}

type ShownProposal = ProposalView & {
  readonly approval: {
    readonly keys: "session" | "passkey";
    readonly page: string | null;
    readonly confirm: { rule: string; message: string }[];
  };
};

async function fetchProposal(input: CommandInput): Promise<ShownProposal> {
  const id = needed(input.words[0], "the proposal's id");
  return call(input.settings, "GET", `/api/v1/proposals/${encodeURIComponent(id)}`);
}

export async function showProposal(input: CommandInput): Promise<ExitCode> {
  const view = await fetchProposal(input);
  show(input, view, proposalText(view));
  return EXIT.ok;
}

/** Shows the ticket, asks, and approves exactly what was shown: the hash of that ticket goes along. */
export async function approve(input: CommandInput): Promise<ExitCode> {
  const view = await fetchProposal(input);
  if (!input.flags.json) print(proposalText(view));
  if (view.ticketHash === null) throw new CommandError(EXIT.denied, "PROPOSAL_NOT_PENDING: it has no ticket yet");
  demandNoPasskey(view);
  demandConfirmed(input, view);
  if (!input.flags.yes && !(await confirmed(view))) throw new CommandError(EXIT.denied, "not approved");
  const body = {
    ticketHash: view.ticketHash,
    ...(input.flags.reason === undefined ? {} : { reason: input.flags.reason }),
    ...(input.flags.confirm === undefined ? {} : { confirm: input.flags.confirm }),
  };
  const answer = await call(input.settings, "POST", `/api/v1/proposals/${view.proposalId}/approve`, body);
  const { submission } = answer;
  const signed =
    submission.outcome === "awaitsSecond"
      ? `signed: another person must sign until ${submission.until}; nothing is sent yet`
      : `approved: ${answer.state}, submission ${submission.outcome}`;
  show(input, answer, signed);
  return EXIT.ok;
}

/** A passkey is in a person's device, and only a browser can ask it. */
function demandNoPasskey({ approval: { keys, page } }: ShownProposal): void {
  if (keys !== "passkey") return;
  const where = page === null ? "no page is set up for it (COUNTERSIGN_APPROVAL_ORIGIN)" : `open ${page}`;
  throw new CommandError(EXIT.denied, `PASSKEY_REQUIRED: this ticket is signed with a passkey; ${where}`);
}

/** Nothing is signed without the names that it will be refused without. `--yes` does not stand for them. */
function demandConfirmed({ flags }: CommandInput, { approval }: ShownProposal): void {
  const missing = approval.confirm.filter(({ rule }) => !flags.confirm?.includes(rule));
  if (missing.length === 0) return;
  const lines = missing.map(({ rule, message }) => `  --confirm ${rule}   ${plain(message)}`);
  throw new CommandError(EXIT.denied, `CONFIRMATION_REQUIRED: a soft limit is exceeded; say so\n${lines.join("\n")}`);
}

/** The person types verb, quantity and symbol; Enter alone approves nothing. */
async function confirmed(view: ProposalView): Promise<boolean> {
  if (!process.stdin.isTTY) throw new CommandError(EXIT.usage, "no terminal to ask on; --yes approves without asking");
  const wanted = `${view.terms.side} ${view.terms.quantity} ${view.ticket?.instrument.symbol ?? ""}`;
  const typed = await typedAnswer(`\nType "${plain(wanted)}" to approve: `, process.stdin, process.stderr);
  return typed?.trim() === wanted;
}

export async function reject(input: CommandInput): Promise<ExitCode> {
  const id = needed(input.words[0], "the proposal's id");
  const reason = needed(input.flags.reason, "--reason");
  const answer = await call(input.settings, "POST", `/api/v1/proposals/${encodeURIComponent(id)}/reject`, {
    reason,
    ...(input.flags.code !== undefined && { code: input.flags.code }),
  });
  show(input, answer, `rejected: ${answer.state}`);
  return EXIT.ok;
}

/** Settles an order of which nobody knows, or which the broker contradicts, by what the broker shows now. */
export async function close(input: CommandInput): Promise<ExitCode> {
  const id = needed(input.words[0], "the proposal's id");
  const reason = needed(input.flags.reason, "--reason");
  const answer = await call(input.settings, "POST", `/api/v1/orders/${encodeURIComponent(id)}/close`, { reason });
  show(input, answer, answer.closed ? `closed: ${answer.state}` : `asked; another person must agree: ${answer.state}`);
  return EXIT.ok;
}

/** Asks for less of what waits now, and shows the new ticket. It approves nothing. */
export async function reduce(input: CommandInput): Promise<ExitCode> {
  const { quantity, limit: limitPrice } = input.flags;
  const reason = needed(input.flags.reason, "--reason");
  if (quantity === undefined && limitPrice === undefined)
    throw new CommandError(EXIT.usage, "--quantity or --limit is missing");
  const { proposalId, ticketHash } = await fetchProposal(input);
  if (ticketHash === null) throw new CommandError(EXIT.denied, "PROPOSAL_NOT_PENDING: it has no ticket yet");
  const size = { ...(quantity !== undefined && { quantity }), ...(limitPrice !== undefined && { limitPrice }) };
  const view = await call(input.settings, "POST", `/api/v1/proposals/${proposalId}/reduce`, {
    ...{ ticketHash, reason },
    ...size,
  });
  show(input, view, proposalText(view));
  return EXIT.ok;
}
