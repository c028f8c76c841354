import { parseArgs } from "node:util";
import { readEnvironment } from "@countersign/config/environment";
import { ConfigError } from "@countersign/config/load";
import { requireAccepted } from "./accepted.ts";
import { auditVerify } from "./audit.ts";
import { approve, type CommandInput, close, proposals, reduce, reject, showProposal } from "./commands.ts";
import { decision, decisionOffline } from "./decision.ts";
import { doctor } from "./doctor.ts";
import { CommandError, EXIT, type ExitCode } from "./exit-codes.ts";
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

/** What nobody foresaw must not end with the code of a denial, which is the one that Node would choose. */
function exitOf(error: unknown): ExitCode {
  const isSaid = error instanceof CommandError || error instanceof ConfigError;
  process.stderr.write(`${isSaid ? error.message : error instanceof Error ? error.stack : String(error)}\n`);
  if (!isSaid) return EXIT.unavailable;
  return error instanceof CommandError ? error.exitCode : EXIT.usage;
}

// Who reads the output may go away, as `head` does; what was asked for is done all the same, and its exit code counts.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code !== "EPIPE") throw error;
});
process.exitCode = await main().catch(exitOf);
