import { call } from "./admin-client.ts";
import { type CommandInput, fetchProposal, needed, show } from "./commands.ts";
import { CommandError, EXIT, type ExitCode } from "./exit-codes.ts";
import { proposalText } from "./format.ts";

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
