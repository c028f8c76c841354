import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { repeatedOption } from "@countersign/config/repeated-option";
import { REPOSITORY_FOLDER } from "./repository.ts";

/** A paper account at a TWS or an IB Gateway of one's own. */
export interface PaperAccount {
  readonly twsHost: string;
  readonly twsPort: number;
  /** As IB names it, such as DU1234567. */
  readonly account: string;
}

export interface StartArguments {
  /** Print one line of JSON when everything is ready. */
  readonly json: boolean;
  /** Keys, stores and state; made on the first start. */
  readonly dataDir: string;
  /** First of six consecutive ports; 0: free ports. */
  readonly portBase: number;
  /** Folder of the YAML files. */
  readonly configDir: string;
  /** open: the simulated world trades at any hour; real: by the exchanges' calendars. */
  readonly calendar: string;
  readonly seed: string;
  readonly logLevel: string;
  /** undefined: simulator mode, with the embedded paper broker. */
  readonly paper: PaperAccount | undefined;
}

export class UsageError extends Error {
  override readonly name = "UsageError";
}

const LOG_LEVELS: readonly string[] = ["debug", "info", "warn", "error"];
const USAGE = `usage: npm start -- [--json] [--data-dir DIR] [--port-base N] [--config-dir DIR]
                    [--calendar open|real] [--seed N] [--log-level debug|info|warn|error]
       npm start -- --mode paper --tws HOST:PORT --account ID --data-dir DIR --config-dir DIR [--json] [--port-base N]
                    [--log-level debug|info|warn|error]`;

export function readArguments(argv: readonly string[]): StartArguments {
  const given = parse(argv);
  // An unset variable of a script: the folder would be the one in which it runs, with keys beside the sources.
  for (const [name, value] of Object.entries(given))
    if (value === "") throw new UsageError(`--${name} is empty\n${USAGE}`);
  const values = { ...DEFAULTS, ...given };
  const portBase = Number(values["port-base"]);
  if (!/^[0-9]{1,5}$/.test(values["port-base"]) || portBase > 65_530)
    throw new UsageError(`no port: ${values["port-base"]}\n${USAGE}`);
  if (!["open", "real"].includes(values.calendar)) throw new UsageError(`no calendar: ${values.calendar}\n${USAGE}`);
  if (!LOG_LEVELS.includes(values["log-level"])) throw new UsageError(`no log level: ${values["log-level"]}\n${USAGE}`);
  return {
    json: values.json,
    dataDir: resolve(values["data-dir"]),
    portBase,
    configDir: resolve(values["config-dir"]),
    calendar: values.calendar,
    seed: values.seed,
    logLevel: values["log-level"],
    paper: paperAccount(given),
  };
}

/** Gives the settings back when their configuration is there; asked before any folder is made. */
export function withConfiguration(settings: StartArguments): StartArguments {
  if (existsSync(join(settings.configDir, "risk-policy.yaml"))) return settings;
  throw new UsageError(`no folder of a configuration: ${settings.configDir} has no risk-policy.yaml\n${USAGE}`);
}

/** What the embedded simulator is started with where nothing is said. */
const DEFAULTS = {
  json: false,
  "data-dir": join(REPOSITORY_FOLDER, ".data"),
  "port-base": "7410",
  "config-dir": join(REPOSITORY_FOLDER, "config"),
  calendar: "open",
  seed: "7",
  "log-level": "warn",
};

/** Keys, records and limits of a real account are named by a person: nothing here has a default. */
const PAPER_NEEDS = ["tws", "account", "data-dir", "config-dir"] as const;

function paperAccount(given: ReturnType<typeof parse>): PaperAccount | undefined {
  const refuse = (why: string): never => {
    throw new UsageError(`${why}\n${USAGE}`);
  };
  const { mode = "simulator", tws = "", account = "" } = given;
  if (mode === "simulator")
    return tws === "" && account === "" ? undefined : refuse("--tws and --account need --mode paper");
  if (mode !== "paper") return refuse(`no mode that can be started here: ${mode}`);
  const missing = PAPER_NEEDS.filter((name) => given[name] === undefined);
  if (missing.length > 0) return refuse(`--mode paper also needs --${missing.join(", --")}`);
  if (given.calendar !== undefined || given.seed !== undefined)
    return refuse("--calendar and --seed are the simulator's");
  const [, twsHost, port] = /^(.+):([0-9]{1,5})$/.exec(tws) ?? [];
  if (twsHost === undefined || Number(port) < 1 || Number(port) > 65_535) return refuse(`no HOST:PORT: ${tws}`);
  if (!/^D[UF][A-Z]?[0-9]{4,12}$/.test(account)) return refuse(`no paper account (DU or DF and a number): ${account}`);
  return { twsHost, twsPort: Number(port), account };
}

function parse(argv: readonly string[]) {
  try {
    const { values, tokens } = parseArgs({
      args: [...argv],
      tokens: true,
      options: {
        json: { type: "boolean" },
        "data-dir": { type: "string" },
        "port-base": { type: "string" },
        "config-dir": { type: "string" },
        calendar: { type: "string" },
        seed: { type: "string" },
        "log-level": { type: "string" },
        mode: { type: "string" },
        tws: { type: "string" },
        account: { type: "string" },
      },
    });
    const repeated = repeatedOption(tokens);
    if (repeated !== undefined) throw new Error(`--${repeated} is given twice`);
    return values;
  } catch (cause) {
    throw new UsageError(`${cause instanceof Error ? cause.message : cause}\n${USAGE}`, { cause });
  }
}
