import { call } from "../admin-client.ts";
import { type CommandInput, needed, show } from "../commands.ts";
import { CommandError, EXIT, type ExitCode } from "../exit-codes.ts";
import { fileError, readNamed, writeNew } from "../files.ts";
import { warn } from "../terminal.ts";
import { auditCheck } from "./check.ts";
import { auditExport } from "./export.ts";
import { auditProve, checkProof } from "./proof.ts";

const WORDS = `usage: countersign audit verify [--keep FILE] [--against FILE] | export DIR
       | check DIR [--key KEY] [--against FILE] | prove DIR PROPOSAL|NUMBER [--out DIR] | check FILE.tlog-proof --key KEY`;

/** What asks the running system. `check` and `prove` do not: they are for who has an export and nothing else. */
export async function audit(input: CommandInput): Promise<ExitCode> {
  if (input.words[0] === "verify") return auditVerify(input);
  if (input.words[0] === "export") return auditExport(input);
  throw new CommandError(EXIT.usage, WORDS);
}

/** Undefined: the words ask for something else. */
export function auditOffline(words: readonly string[], flags: CommandInput["flags"]): ExitCode | undefined {
  if (words[0] === "prove") return auditProve(words, flags);
  if (words[0] !== "check") return undefined;
  const what = needed(words[1], "the folder of an export, or a proof");
  return what.endsWith(".tlog-proof") ? checkProof(what, flags) : auditCheck(what, flags);
}

/**
 * Has the whole record recomputed. `--keep` writes the newest signed checkpoint to a file, for a place that this system does
 * not write; `--against` compares with one that was kept before.
 */
async function auditVerify(input: CommandInput): Promise<ExitCode> {
  const { keep, against } = input.flags;
  const answer =
    against === undefined
      ? await call(input.settings, "POST", "/api/v1/audit/verify")
      : await call(input.settings, "POST", "/api/v1/audit/verify-checkpoint", { against: checkpointIn(against) });
  const findings = (answer.findings ?? []).map((finding: string) => `\n  ${finding}`).join("");
  const compared = `${answer.checkpoints} checkpoints${against === undefined ? "" : ` and ${against}`}`;
  const told = `${answer.ok ? "ok" : "NOT OK"}: ${answer.size} records, root ${answer.root}, ${compared}`;
  // What was found is told first: a file that cannot be written must not hide it.
  show(input, answer, `${told}${findings}`);
  if (!answer.ok) {
    if (keep !== undefined) warn(`${keep} is not written: a record that does not verify is no witness`);
    return EXIT.verificationFailed;
  }
  if (keep !== undefined) keepIn(keep, answer.checkpoint);
  return EXIT.ok;
}

function checkpointIn(file: string): unknown {
  const text = readNamed(file);
  try {
    return JSON.parse(text);
  } catch (error) {
    throw fileError(EXIT.usage, file, error);
  }
}

/** Never over another one: an older checkpoint is the better witness. */
function keepIn(file: string, checkpoint: unknown): void {
  if (checkpoint === null) throw new CommandError(EXIT.denied, "there is no checkpoint yet");
  // Nothing in it is secret, and it is to be kept by others.
  writeNew(file, `${JSON.stringify(checkpoint)}\n`, 0o644);
}
