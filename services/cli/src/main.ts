import { readEnvironment } from "@countersign/config/environment";
import { requireAccepted } from "./accepted.ts";
import type { CommandInput } from "./commands.ts";
import type { ExitCode } from "./exit-codes.ts";
import { exitOf, finishUnread } from "./exits.ts";
import { parse } from "./options.ts";
import { dataDirIn, readSettings, readStdioSettings } from "./settings.ts";
import { usage } from "./usage.ts";

type Command = (input: CommandInput) => Promise<ExitCode>;

/** What an operator does; each command reads its own modules, and no other's. */
const COMMANDS: Readonly<Record<string, () => Promise<Command>>> = {
  proposals: async () => (await import("./commands.ts")).proposals,
  show: async () => (await import("./commands.ts")).showProposal,
  approve: async () => (await import("./commands.ts")).approve,
  reject: async () => (await import("./commands.ts")).reject,
  reduce: async () => (await import("./commands.ts")).reduce,
  close: async () => (await import("./commands.ts")).close,
  kill: async () => (await import("./kill.ts")).kill,
  audit: async () => (await import("./audit-log/audit.ts")).audit,
  policy: async () => (await import("./risk-policy.ts")).riskPolicy,
  "policy-approval": async () => (await import("./policy-approval.ts")).policyApproval,
  decision: async () => (await import("./decision.ts")).decision,
  doctor: async () => (await import("./doctor.ts")).doctor,
  live: async () => (await import("./live.ts")).live,
  session: async () => (await import("./session.ts")).session,
};

async function main(): Promise<ExitCode> {
  // Its options are its own.
  if (process.argv[2] === "tws-simulator")
    return (await import("./tws-simulator.ts")).twsSimulator(process.argv.slice(3));
  if (process.argv[2] === "roster") return (await import("./roster.ts")).roster(process.argv.slice(3));
  const { values, positionals } = parse(process.argv.slice(2));
  const [name = "", ...words] = positionals;
  const { admin, token, "data-dir": dataDir, help, ...flags } = values;
  const where = { ...(admin && { admin }), ...(token && { token }), ...(dataDir && { dataDir }) };
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (help || (command === undefined && name !== "mcp")) return usage(help);
  requireAccepted(name, words, values);
  const offline = await offlineOf(name, words, flags);
  if (offline !== undefined) return offline;
  const sources = { flags: where, environment: readEnvironment(process.env) };
  if (name === "kill" && (flags.local || words[0] === "drill")) {
    const beside = { words, flags, dataDir: dataDirIn(sources) };
    const { killDrill, killLocally } = await import("./kill.ts");
    return flags.local ? killLocally(beside) : killDrill(beside);
  }
  if (command === undefined) return (await import("./mcp.ts")).mcp(readStdioSettings(sources));
  const settings = readSettings(sources);
  return (await command())({ settings, words, flags });
}

async function offlineOf(
  name: string,
  words: readonly string[],
  flags: CommandInput["flags"],
): Promise<ExitCode | undefined> {
  if (name === "policy") return (await import("./risk-policy.ts")).riskPolicyOffline(words, flags.json === true);
  if (name === "audit") return (await import("./audit-log/audit.ts")).auditOffline(words, flags);
  if (name === "decision") return (await import("./decision.ts")).decisionOffline(words, flags);
  return name === "policy-approval" ? (await import("./policy-approval.ts")).policyOffline(words) : undefined;
}

finishUnread(process.stdout);
finishUnread(process.stderr);
process.exitCode = await main().catch(exitOf);
