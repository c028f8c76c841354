import { parseArgs } from "node:util";
import { readEnvironment } from "@countersign/config/environment";
import { requireAccepted } from "./accepted.ts";
import { auditVerify } from "./audit.ts";
import { approve, type CommandInput, close, proposals, reduce, reject, showProposal } from "./commands.ts";
import { decision, decisionOffline } from "./decision.ts";
import { doctor } from "./doctor.ts";
import { CommandError, EXIT, type ExitCode } from "./exit-codes.ts";
import { exitOf, finishUnread } from "./exits.ts";
import { kill, killDrill, killLocally } from "./kill.ts";
import { live } from "./live.ts";
import { mcp } from "./mcp.ts";
import { OPTIONS } from "./options.ts";
import { policyApproval, policyOffline } from "./policy-approval.ts";
import { riskPolicy, riskPolicyOffline } from "./risk-policy.ts";
import { roster } from "./roster.ts";
import { session } from "./session.ts";
import { dataDirIn, readSettings, readStdioSettings } from "./settings.ts";
import { twsSimulator } from "./tws-simulator.ts";
import { USAGE, usage } from "./usage.ts";

/** What an operator does. */
const COMMANDS: Readonly<Record<string, (input: CommandInput) => Promise<ExitCode>>> = {
  proposals,
  show: showProposal,
  approve,
  reject,
  reduce,
  close,
  kill,
  audit: auditVerify,
  policy: riskPolicy,
  "policy-approval": policyApproval,
  decision,
  doctor,
  live,
  session,
};

async function main(): Promise<ExitCode> {
  // Its options are its own.
  if (process.argv[2] === "tws-simulator") return twsSimulator(process.argv.slice(3));
  if (process.argv[2] === "roster") return roster(process.argv.slice(3));
  const { values, positionals } = parse();
  const [name = "", ...words] = positionals;
  const { admin, token, "data-dir": dataDir, help, ...flags } = values;
  const where = { ...(admin && { admin }), ...(token && { token }), ...(dataDir && { dataDir }) };
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (help || (command === undefined && name !== "mcp")) return usage(help);
  requireAccepted(name, words, values);
  const offline = offlineOf(name, words, flags);
  if (offline !== undefined) return offline;
  const sources = { flags: where, environment: readEnvironment(process.env) };
  if (name === "kill" && (flags.local || words[0] === "drill")) {
    const beside = { words, flags, dataDir: dataDirIn(sources) };
    return flags.local ? killLocally(beside) : killDrill(beside);
  }
  if (command === undefined) return mcp(readStdioSettings(sources));
  return command({ settings: readSettings(sources), words, flags });
}

function offlineOf(name: string, words: readonly string[], flags: CommandInput["flags"]): ExitCode | undefined {
  if (name === "policy") return riskPolicyOffline(words, flags.json === true);
  if (name === "decision") return decisionOffline(words, flags);
  return name === "policy-approval" ? policyOffline(words) : undefined;
}

function parse() {
  try {
    return parseArgs({ args: process.argv.slice(2), options: OPTIONS, allowPositionals: true });
  } catch (cause) {
    throw new CommandError(EXIT.usage, `${cause instanceof Error ? cause.message : cause}\n${USAGE}`);
  }
}

finishUnread(process.stdout);
process.exitCode = await main().catch(exitOf);
