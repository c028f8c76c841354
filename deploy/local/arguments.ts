import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { REPOSITORY_FOLDER } from "./repository.ts";

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
}

export class UsageError extends Error {
  override readonly name = "UsageError";
}

const USAGE = `usage: npm start -- [--json] [--data-dir DIR] [--port-base N] [--config-dir DIR]
                    [--calendar open|real] [--seed N] [--log-level debug|info|warn|error]`;

export function readArguments(argv: readonly string[]): StartArguments {
  const values = parse(argv);
  const portBase = Number(values["port-base"]);
  if (!/^[0-9]{1,5}$/.test(values["port-base"]) || portBase > 65_530)
    throw new UsageError(`no port: ${values["port-base"]}\n${USAGE}`);
  if (!["open", "real"].includes(values.calendar)) throw new UsageError(`no calendar: ${values.calendar}\n${USAGE}`);
  return {
    json: values.json,
    dataDir: resolve(values["data-dir"]),
    portBase,
    configDir: resolve(values["config-dir"]),
    calendar: values.calendar,
    seed: values.seed,
    logLevel: values["log-level"],
  };
}

function parse(argv: readonly string[]) {
  try {
    return parseArgs({
      args: [...argv],
      options: {
        json: { type: "boolean", default: false },
        "data-dir": { type: "string", default: join(REPOSITORY_FOLDER, ".data") },
        "port-base": { type: "string", default: "7410" },
        "config-dir": { type: "string", default: join(REPOSITORY_FOLDER, "config") },
        calendar: { type: "string", default: "open" },
        seed: { type: "string", default: "7" },
        "log-level": { type: "string", default: "warn" },
      },
    }).values;
  } catch (cause) {
    throw new UsageError(`${cause instanceof Error ? cause.message : cause}\n${USAGE}`, { cause });
  }
}
