import { readFileSync, writeFileSync } from "node:fs";
import { createSystemClock } from "@countersign/clock/clock";
import { ConfigError, readYaml } from "@countersign/config/load";
import { readSecretFile } from "@countersign/config/secrets";
import { POLICY_DAYS_MAX, type SignedPolicy } from "@countersign/contracts/auto-approval";
import { canonicalHash } from "@countersign/ids/hash";
import { checkPolicy } from "@countersign/roster/policy/check-policy";
import { formatPolicy, readSignable, signPolicy } from "@countersign/roster/policy/sign-policy";
import { parseRoots } from "@countersign/roster/roots";
import { rosterInFile } from "@countersign/roster/roster";
import { seenInMemory } from "@countersign/roster/seen-version";
import * as z from "zod";
import { call } from "./admin-client.ts";
import type { CommandInput } from "./commands.ts";
import { CommandError, EXIT, type ExitCode } from "./exit-codes.ts";
import { statusText } from "./policy-text.ts";
import { print, printJson } from "./terminal.ts";

const PATH = "/api/v1/auto-approval";
const HELP = `usage: countersign policy-approval
  status                                    mode, document, signers, expiry, use of 24 hours
  on|shadow|off --reason R                  turn it on (the document that status shows), to shadow, or off
  show <file>                               the policy in a file, and its hash
  sign <file> <key id> <key.pem> [<out>]    add a signature; without <out> to standard output
  check <file> <roster.json> <roots>        whether it counts now; roots as COUNTERSIGN_ROSTER_ROOTS has them`;

/** What needs no other part of the system; undefined: it is not such a word. */
export function policyOffline(words: readonly string[]): ExitCode | undefined {
  const [verb = "", file = "", second = "", third = "", out] = words;
  const count = { show: 2, sign: 4, check: 4 }[verb];
  if (count === undefined) return undefined;
  if (words.length < count || words.length > count + (verb === "sign" ? 1 : 0))
    throw new CommandError(EXIT.usage, HELP);
  if (verb === "show") return show(file);
  return verb === "sign" ? sign(file, second, third, out) : check(file, second, third);
}

/** What asks the admin API. */
export async function policyApproval(input: CommandInput): Promise<ExitCode> {
  const [verb = ""] = input.words;
  if (verb === "status") return told(input, await call(input.settings, "GET", PATH));
  if (verb !== "on" && verb !== "shadow" && verb !== "off") throw new CommandError(EXIT.usage, HELP);
  const { reason } = input.flags;
  if (reason === undefined || reason === "") throw new CommandError(EXIT.usage, "--reason is missing");
  const policyHash = verb === "off" ? null : await hashThere(input);
  return told(input, await call(input.settings, "PUT", PATH, { mode: verb, reason, policyHash }));
}

/** What is turned on is what lies there now; the answer shows it. */
async function hashThere(input: CommandInput): Promise<string> {
  const { document } = await call(input.settings, "GET", PATH);
  if (document.state === "valid") return document.ref.hash;
  const why = document.state === "none" ? "there is none" : document.reasons.join("; ");
  throw new CommandError(EXIT.denied, `AUTO_APPROVAL_POLICY_INVALID: ${why}`);
}

function told(input: CommandInput, status: Parameters<typeof statusText>[0]): ExitCode {
  if (input.flags.json) printJson(status);
  else print(statusText(status));
  return EXIT.ok;
}

function show(file: string): ExitCode {
  const { policy, signatures } = read(file);
  printJson(policy, 2);
  print(`hash ${canonicalHash(policy)}`);
  print(`signatures: ${signatures.map(({ keyId }) => keyId).join(", ") || "none"} (not checked)`);
  return EXIT.ok;
}

function sign(file: string, keyId: string, keyFile: string, out?: string): ExitCode {
  const text = formatPolicy(signPolicy(read(file), { keyId, privateKeyPem: readSecretFile(keyFile) }));
  if (out === undefined) process.stdout.write(text);
  else writeFileSync(out, text);
  return EXIT.ok;
}

function check(file: string, rosterFile: string, roots: string): ExitCode {
  const roster = rosterInFile({ file: rosterFile, roots: parseRoots(roots), seen: seenInMemory() });
  const nowMs = createSystemClock().nowMs();
  const found = checkPolicy(readFileSync(file, "utf8"), { roster, nowMs, daysMax: POLICY_DAYS_MAX });
  if (found.state === "invalid") {
    print(`NOT VALID: ${found.reasons.join("; ")}`);
    return EXIT.verificationFailed;
  }
  const { policy, ref, signers } = found;
  print(`valid until ${policy.expiresAt}: ${ref.id} version ${policy.version}, hash ${ref.hash}`);
  print(`signed by ${signers.map(({ person, keyId }) => `${person} (${keyId})`).join(" and ")}`);
  return EXIT.ok;
}

/** YAML or JSON, signed or not. */
function read(file: string): SignedPolicy {
  try {
    return readSignable(readYaml(file));
  } catch (error) {
    if (!(error instanceof z.ZodError)) throw error;
    const lines = error.issues.map(({ path, message }) => `  ${path.join(".") || "(top)"}: ${message}`);
    throw new ConfigError(`${file} is no policy:\n${lines.join("\n")}`);
  }
}
