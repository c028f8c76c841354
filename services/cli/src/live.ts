import { call } from "./admin-client.ts";
import type { CommandInput } from "./commands.ts";
import { CommandError, EXIT, type ExitCode } from "./exit-codes.ts";
import { print, printJson } from "./terminal.ts";

interface Answer {
  readonly mode: string;
  readonly open: boolean;
  readonly gates: readonly { readonly gate: string; readonly ok: boolean | null; readonly evidence: string }[];
}

/** Each gate of live trading with its evidence. Exit code 1 while one of them is shut. */
export async function live(input: CommandInput): Promise<ExitCode> {
  if (input.words[0] !== "status") throw new CommandError(EXIT.usage, "usage: countersign live status");
  const answer: Answer = await call(input.settings, "GET", "/api/v1/live");
  if (input.flags.json) printJson(answer);
  else print(liveText(answer));
  return answer.open ? EXIT.ok : EXIT.denied;
}

/** One line for each gate: open, SHUT, or looked at for each order. */
export function liveText({ mode, open, gates }: Answer): string {
  const width = Math.max(...gates.map(({ gate }) => gate.length));
  const lines = gates.map(({ gate, ok, evidence }) => {
    const word = ok === null ? "each order" : ok ? "open" : "SHUT";
    return `${word.padEnd(10)}  ${gate.padEnd(width)}  ${evidence}`;
  });
  const verdict = open ? "no gate is shut" : "live orders are refused";
  return [...lines, "", `mode ${mode}: ${verdict}`].join("\n");
}
