import { CommandError, EXIT } from "./exit-codes.ts";
import type { OPTIONS } from "./options.ts";

type Flag = keyof typeof OPTIONS;
interface Accepted {
  /** At most so many words after the command's name. */
  readonly words: number;
  readonly flags: readonly Flag[];
}

/** Where the system is, and how the answer looks: every command takes these. */
const COMMON: readonly Flag[] = ["json", "help", "admin", "token", "data-dir"];

/** What each command takes besides; one with a second word goes before the one without. */
const ACCEPTED: Readonly<Record<string, Accepted>> = {
  proposals: { words: 0, flags: ["state", "cursor"] },
  show: { words: 1, flags: [] },
  approve: { words: 1, flags: ["reason", "yes", "confirm"] },
  reject: { words: 1, flags: ["reason", "code"] },
  reduce: { words: 1, flags: ["reason", "quantity", "limit"] },
  close: { words: 1, flags: ["reason"] },
  kill: { words: 1, flags: ["reason", "scope", "cancel", "local"] },
  "kill status": { words: 1, flags: [] },
  "kill report": { words: 1, flags: [] },
  "kill reset": { words: 2, flags: ["reason"] },
  "kill drill": { words: 1, flags: ["rounds"] },
  session: { words: 2, flags: ["reason"] },
  audit: { words: 1, flags: ["keep", "against"] },
  "audit export": { words: 2, flags: [] },
  "audit check": { words: 2, flags: ["key", "against"] },
  "audit prove": { words: 3, flags: ["key", "out"] },
  // These count the words of each of their verbs themselves.
  policy: { words: 6, flags: ["reason", "days"] },
  "policy-approval": { words: 6, flags: ["reason"] },
  "policy-approval status": { words: 1, flags: [] },
  "policy-approval on": { words: 1, flags: ["reason"] },
  "policy-approval shadow": { words: 1, flags: ["reason"] },
  "policy-approval off": { words: 1, flags: ["reason"] },
  "decision verify": { words: 2, flags: [] },
  decision: { words: 2, flags: ["out", "inputs"] },
  live: { words: 1, flags: [] },
  doctor: { words: 0, flags: [] },
  mcp: { words: 0, flags: [] },
};

/**
 * Refuses what the command would pass over. `kill ACTIVE account.X` without `--scope` would let everything go, and
 * `approve ID --quantity 1` would approve the whole order: who wrote it meant something else.
 */
export function requireAccepted(
  name: string,
  words: readonly string[],
  values: Readonly<Record<string, unknown>>,
): void {
  const accepted = ACCEPTED[`${name} ${words[0]}`] ?? ACCEPTED[name];
  if (accepted === undefined) throw new TypeError(`nothing is said of what ${name} takes`);
  const extra = words[accepted.words];
  if (extra !== undefined) throw new CommandError(EXIT.usage, `${name} does not take the word ${extra}`);
  const known: readonly string[] = [...COMMON, ...accepted.flags];
  for (const [flag, value] of Object.entries(values)) {
    if (!known.includes(flag)) throw new CommandError(EXIT.usage, `${name} does not take --${flag}`);
    // An unset variable of a script would else stand for what is meant when the flag is left out.
    if (value === "" || (Array.isArray(value) && value.includes("")))
      throw new CommandError(EXIT.usage, `--${flag} is empty`);
  }
}
