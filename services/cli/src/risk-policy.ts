import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { ConfigError, readYaml } from "@countersign/config/load";
import { readSecretFile } from "@countersign/config/secrets";
import type {
  RiskPolicyActivation,
  RiskPolicyReplay,
  RiskPolicyStatus,
} from "@countersign/contracts/messages/risk-policy.v1";
import { Mode } from "@countersign/contracts/mode";
import { RiskPolicyDocument, SignedRiskPolicy } from "@countersign/contracts/risk-policy";
import { formatRiskPolicy, riskPolicyDocument, signRiskPolicy } from "@countersign/roster/risk-policy-file";
import { call } from "./admin-client.ts";
import type { CommandInput } from "./commands.ts";
import { CommandError, EXIT, type ExitCode } from "./exit-codes.ts";
import { replayExit, replayText } from "./policy-replay.ts";
import { plainJson, plainLines, print, printJson } from "./terminal.ts";

const PATH = "/api/v1/risk-policy";
const OFFLINE = join(import.meta.dirname, "../../risk-gate/src/policy/main.ts");
const HELP = `usage: countersign policy
  check <file>                       whether it holds: one line for each fault; needs no running system
  diff <file> [<before>]             what becomes looser or stricter than what is in force (or than a file), and who must sign
  show                               what is in force, who signed it, and what waits for a second person
  activate <file> --reason R         sign it; what becomes looser is in force when another person has signed the same
  replay <file> [--days N]           what it would have said to the proposals of the last N days (7)
  sign <mode> <file> <key id> <key.pem> [<out>]
                                     a signature in a file, as the gate takes it from its keys folder at a start`;

/** What needs no other part of the system; undefined: it is not such a word. */
export function riskPolicyOffline(words: readonly string[], json: boolean): ExitCode | undefined {
  const [verb, ...rest] = words;
  if (verb === "check" && rest.length === 1) return offline([verb, ...rest], json);
  if (verb === "diff" && rest.length === 2) return offline([verb, rest[1] ?? "", rest[0] ?? ""], json);
  if (verb === "sign" && (rest.length === 4 || rest.length === 5)) return sign(rest);
  return undefined;
}

/** What asks the admin API. */
export async function riskPolicy(input: CommandInput): Promise<ExitCode> {
  const { words, flags, settings } = input;
  const [verb, file] = words;
  if (verb === "show" && words.length === 1) return shown(input, await call(settings, "GET", PATH), statusText);
  if (file === undefined || words.length !== 2) throw new CommandError(EXIT.usage, HELP);
  if (verb === "diff") {
    const { inForce }: RiskPolicyStatus = await call(settings, "GET", PATH);
    return offline([verb, "-", file], flags.json === true, JSON.stringify(inForce.policy));
  }
  if (verb === "replay") {
    const days = Number(flags.days ?? "7");
    const answer: RiskPolicyReplay = await call(settings, "POST", `${PATH}/replay`, { policy: policyIn(file), days });
    shown(input, answer, replayText);
    return replayExit(answer);
  }
  if (verb !== "activate") throw new CommandError(EXIT.usage, HELP);
  if (flags.reason === undefined || flags.reason === "") throw new CommandError(EXIT.usage, "--reason is missing");
  const body = { policy: policyIn(file), reason: flags.reason };
  return shown(input, await call(settings, "POST", PATH, body), activationText);
}

/** The gate's own words about its rules: no other program knows them. */
function offline(args: readonly string[], json: boolean, input?: string): ExitCode {
  const answer = spawnSync(process.execPath, [OFFLINE, ...args, ...(json ? ["--json"] : [])], {
    ...(input !== undefined && { input }),
    encoding: "utf8",
    env: {
      PATH: process.env.PATH ?? "",
      HOME: process.env.HOME ?? "",
      NODE_COMPILE_CACHE: join(import.meta.dirname, "../../../.cache/node-compile"),
    },
  });
  process.stdout.write(json ? plainJson(answer.stdout) : plainLines(answer.stdout));
  process.stderr.write(plainLines(answer.stderr));
  return ([EXIT.ok, EXIT.denied, EXIT.usage] as const).find((code) => code === answer.status) ?? EXIT.unavailable;
}

function sign([mode, file = "", keyId = "", keyFile = "", out]: readonly string[]): ExitCode {
  const parsed = Mode.safeParse(mode);
  if (!parsed.success) throw new CommandError(EXIT.usage, `${mode} is no mode`);
  const value = readYaml(file);
  const before = SignedRiskPolicy.safeParse(value);
  const unsigned = { document: riskPolicyDocument(parsed.data, policyIn(file)), signatures: [] };
  const signed = before.success ? before.data : unsigned;
  if (signed.document.mode !== parsed.data)
    throw new CommandError(EXIT.usage, `${file} is for ${signed.document.mode}`);
  const text = formatRiskPolicy(signRiskPolicy(signed, { keyId, privateKeyPem: readSecretFile(keyFile) }));
  if (out === undefined) process.stdout.write(text);
  else writeFileSync(out, text, { mode: 0o600 });
  return EXIT.ok;
}

function policyIn(file: string): RiskPolicyDocument["policy"] {
  const parsed = RiskPolicyDocument.shape.policy.safeParse(readYaml(file));
  if (parsed.success) return parsed.data;
  throw new ConfigError(`${file} is no policy: ${parsed.error.issues[0]?.message}`);
}

function shown<T>({ flags }: CommandInput, answer: T, text: (answer: T) => string): ExitCode {
  if (flags.json) printJson(answer);
  else print(text(answer));
  return EXIT.ok;
}

function statusText({ inForce, waiting }: RiskPolicyStatus): string {
  const one = ({
    version,
    hash,
    signers,
    at,
    reason,
  }: RiskPolicyStatus["inForce"] | NonNullable<RiskPolicyStatus["waiting"]>) =>
    `version ${version}, hash ${hash}\n  signed by ${signers.join(" and ")} at ${at}: ${reason}`;
  const lines = [`in force: ${one(inForce)}`];
  if (waiting !== null)
    lines.push(`waits for another person until ${waiting.until}: ${one(waiting)}`, ...changeLines(waiting.changes));
  return lines.join("\n");
}

function activationText({ outcome, version, hash, signers, needed, changes }: RiskPolicyActivation): string {
  const word = outcome === "activated" ? "in force" : `waits: ${signers.length} of ${needed} persons have signed it`;
  return [
    ...changeLines(changes),
    `version ${version}, hash ${hash}, signed by ${signers.join(" and ")}: ${word}`,
  ].join("\n");
}

function changeLines(changes: RiskPolicyActivation["changes"]): string[] {
  return changes.map(
    ({ path, effect, before, after }) =>
      `  ${effect.padEnd(8)}  ${path}: ${before ?? "(not there)"} -> ${after ?? "(gone)"}`,
  );
}
