import type { Checkpoint } from "@countersign/contracts/audit-checkpoint";
import { readCheckpoint } from "@countersign/tlog/checkpoint";
import type { CommandInput } from "../commands.ts";
import { CommandError, EXIT, type ExitCode } from "../exit-codes.ts";
import { readNamed } from "../files.ts";
import { print, printJson } from "../terminal.ts";
import { readFolder } from "./read-folder.ts";

/** Verifies an exported record offline: signature, every record, the chain, the tree, and every file of hashes. */
export function auditCheck(folder: string, flags: CommandInput["flags"]): ExitCode {
  const { key, against } = flags;
  const log = readFolder(folder, {
    verifierKey: key,
    against: against === undefined ? undefined : checkpointIn(against),
  });
  if (typeof log === "string") throw new CommandError(EXIT.verificationFailed, log);
  const { head, verifierKey, findings, firstAt, lastAt } = log;
  const ok = findings.length === 0;
  const summary = { ok, size: head.size, root: head.root, verifierKey, firstAt, lastAt, findings };
  const lines = [
    `${ok ? "ok" : "NOT OK"}: ${head.size} records, root ${head.root}`,
    `from ${firstAt ?? "?"} to ${lastAt ?? "?"}`,
    `signed by ${verifierKey}${key === undefined ? " (the folder says so: compare it with the key that you got elsewhere)" : ""}`,
    ...(ok && against !== undefined ? [`begins with what ${against} was signed over`] : []),
    ...findings.map((finding) => `  ${finding}`),
  ];
  if (flags.json) printJson(summary);
  else print(lines.join("\n"));
  return ok ? EXIT.ok : EXIT.verificationFailed;
}

function checkpointIn(file: string): Checkpoint {
  const signed = readCheckpoint(readNamed(file));
  if (signed === undefined)
    throw new CommandError(
      EXIT.verificationFailed,
      `${file} is no checkpoint, or is not signed by the key that it names`,
    );
  return signed.checkpoint;
}
