import { spawn } from "node:child_process";
import { userInfo } from "node:os";
import { join } from "node:path";
import { type KillLatch, latchFileIn, stopFileReason, writeLatch } from "@countersign/config/kill-latch";
import { call, URGENT_MS } from "./admin-client.ts";
import { type CommandInput, needed, show } from "./commands.ts";
import { CommandError, EXIT, type ExitCode } from "./exit-codes.ts";
import { print, printJson, warn } from "./terminal.ts";

const ROOT = join(import.meta.dirname, "../../..");

/** `kill <level>`, and what goes with it. */
export async function kill(input: CommandInput): Promise<ExitCode> {
  const word = needed(input.words[0], "the level (ACTIVE, REDUCE_ONLY or HALTED), status, reset, report or drill");
  const commands: Record<string, (input: CommandInput) => Promise<ExitCode>> = { status, reset, report };
  const command = Object.hasOwn(commands, word) ? commands[word] : undefined;
  if (command !== undefined) return command(input);
  const level = word.toUpperCase();
  const reason = needed(input.flags.reason, "--reason");
  const cancelOrders = input.flags.cancel;
  const body = { scope: input.flags.scope ?? "global", level, reason, ...(cancelOrders && { cancelOrders }) };
  const answer: Changed = await set(input, body);
  const { effective, reason: why, notice } = answer;
  // Who lets go must not believe that it goes on while something else still stops it.
  const stricter = body.scope === "global" && effective !== level ? `; ${effective} counts: ${why}` : "";
  show(input, answer, `kill switch ${body.scope}: ${level}${stricter}`);
  // Set all the same; beside the answer, so that a script that reads only that is warned as well.
  if (typeof notice === "string") warn(notice);
  return EXIT.ok;
}

/** Whoever stops everything must not wait long for who does not answer, and must hear of what needs no answer. */
async function set({ settings }: CommandInput, body: { level: string }): Promise<Changed> {
  const stops = body.level === "HALTED";
  try {
    return await call(settings, "PUT", "/api/v1/kill-switch", body, stops ? URGENT_MS : undefined);
  } catch (error) {
    if (!stops || !(error instanceof CommandError) || error.exitCode !== EXIT.unavailable) throw error;
    const beside = "beside the gateway, `countersign kill HALTED --local --reason R` needs nothing that answers";
    throw new CommandError(error.exitCode, `${error.message}\n${beside}`);
  }
}

interface Changed extends State {
  /** What speaks for a misspelt scope. */
  readonly notice: string | null;
}

interface State {
  readonly effective: string;
  readonly reason: string;
  readonly settings: readonly { scope: string; level: string; reason: string }[];
  readonly trips: readonly { key: string; level: string; reason: string }[];
}

async function status(input: CommandInput): Promise<ExitCode> {
  const state: State = await call(input.settings, "GET", "/api/v1/kill-switch");
  const settings = state.settings.map(({ scope, level, reason }) => `  set      ${scope}: ${level} (${reason})`);
  const trips = state.trips.map(({ key, level, reason }) => `  tripped  ${key}: ${level} (${reason})`);
  show(input, state, [`${state.effective}: ${state.reason}`, ...settings, ...trips].join("\n"));
  return EXIT.ok;
}

async function reset(input: CommandInput): Promise<ExitCode> {
  const key = needed(input.words[1], "what tripped, as `kill status` shows it");
  const reason = needed(input.flags.reason, "--reason");
  const answer: State = await call(input.settings, "POST", "/api/v1/kill-switch/trips/reset", { key, reason });
  show(input, answer, `reset ${key}; the kill switch is ${answer.effective}`);
  return EXIT.ok;
}

async function report(input: CommandInput): Promise<ExitCode> {
  const answer = await call(input.settings, "GET", "/api/v1/kill-switch/reports");
  printJson(answer, input.flags.json ? 0 : 2);
  return EXIT.ok;
}

/** Beside the gateway, with nothing else there: the latch file, which a reset of its trip takes away again. */
export function killLocally({ words, flags, dataDir }: Omit<CommandInput, "settings"> & { dataDir: string }): ExitCode {
  if (words[0]?.toUpperCase() !== "HALTED") throw new CommandError(EXIT.usage, "only HALTED can be set with --local");
  const reason = needed(flags.reason, "--reason");
  const { cancel } = flags;
  if (cancel !== undefined && cancel !== "own" && cancel !== "all")
    throw new CommandError(EXIT.usage, "--cancel own|all");
  const file = latchFileIn(dataDir);
  const latch: KillLatch = {
    type: "countersign.kill-latch/1",
    id: crypto.randomUUID(),
    source: "command",
    sequence: 0,
    by: userInfo().username,
    reason: reason.slice(0, 500),
    cancelOrders: cancel ?? null,
    at: new Intl.DateTimeFormat("sv-SE", LATCH_TIME).format().replace(" ", "T").replace(",", ".").concat("Z"),
  };
  writeLatch(file, latch);
  print(`${stopFileReason(file) ?? "NOT LATCHED"}: the gateway of this folder sends nothing`);
  return EXIT.ok;
}

/** UTC to the millisecond; this process has no clock passed in. */
const LATCH_TIME = {
  timeZone: "UTC",
  ...({ year: "numeric", month: "2-digit", day: "2-digit" } as const),
  ...({ hour: "2-digit", minute: "2-digit", second: "2-digit", fractionalSecondDigits: 3, hourCycle: "h23" } as const),
} satisfies Intl.DateTimeFormatOptions;

/** The drill of the repository, on the system of this data folder. It refuses in live mode. */
export async function killDrill({
  flags,
  dataDir,
}: Omit<CommandInput, "settings"> & { dataDir: string }): Promise<ExitCode> {
  const rounds = flags.rounds ?? "20";
  // A drill of no rounds measures nothing and fails at nothing.
  if (!/^[1-9][0-9]{0,3}$/.test(rounds)) throw new CommandError(EXIT.usage, "--rounds is a number from 1 to 9999");
  const args = [join(ROOT, "tests/drill/main.ts"), "--data-dir", dataDir, "--rounds", rounds];
  const child = spawn(process.execPath, args, { stdio: "inherit", cwd: ROOT });
  const code = await new Promise<number | null>((done) => child.once("exit", done));
  return code === 0 ? EXIT.ok : EXIT.denied;
}
