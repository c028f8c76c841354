import { call } from "./admin-client.ts";
import { type CommandInput, needed, show } from "./commands.ts";
import { CommandError, EXIT, type ExitCode } from "./exit-codes.ts";

/** `session reopen <agent>`: lets an agent go on whose session has ended. */
export async function session(input: CommandInput): Promise<ExitCode> {
  const [verb, agent] = input.words;
  if (verb !== "reopen") throw new CommandError(EXIT.usage, "session reopen <agent> --reason R");
  const id = encodeURIComponent(needed(agent, "the agent's id"));
  const reason = needed(input.flags.reason, "--reason");
  const answer = await call(input.settings, "POST", `/api/v1/agents/${id}/session/reopen`, { reason });
  show(input, answer, `reopened: the session of ${answer.agent} on ${answer.date} ends at ${answer.endsAt}`);
  return EXIT.ok;
}
