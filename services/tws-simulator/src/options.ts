import { isAbsolute, resolve } from "node:path";
import { parseArgs } from "node:util";
import { ConfigError } from "@countersign/config/config-error";
import { repeatedOption } from "@countersign/config/repeated-option";
import { z } from "zod";
import type { Fault } from "./faults/fault-document.ts";
import { readFaultFile, STRICT_PACING } from "./faults/fault-file.ts";

interface Option {
  readonly type: "string" | "boolean";
  readonly default?: string | boolean;
  /** What stands for the value in the help. */
  readonly value?: string;
  readonly help: string;
}

/** The command line, in full: an unknown option is an error. */
const OPTIONS = {
  port: { type: "string", default: "4002", value: "N", help: "API port on the loopback; 0 = a free one" },
  "control-port": { type: "string", default: "0", value: "N", help: "HTTP port for faults, prices and the clock" },
  seed: { type: "string", default: "7", value: "N", help: "the same seed gives the same prices" },
  bars: { type: "string", value: "FILE", help: "prices from the bars of a CSV file where it has any" },
  clock: { type: "string", default: "real", value: "real|manual", help: "manual stands still until it is advanced" },
  start: { type: "string", value: "TIME", help: "where a manual clock starts, such as 2027-01-04T14:00:00Z" },
  calendar: { type: "string", default: "open", value: "open|real", help: "open at any hour, or as the exchanges are" },
  accounts: { type: "string", default: "DU1234567", value: "A,B", help: "paper accounts, DU and digits" },
  "master-client-id": { type: "string", value: "N", help: "the client that hears of every client's orders" },
  record: { type: "string", value: "FILE", help: "both directions of the wire into a new file, accounts replaced" },
  "flex-port": { type: "string", value: "N", help: "Flex Web Service over HTTP; needs --flex-token" },
  "flex-token": { type: "string", value: "DIGITS", help: "the token that its clients have to give" },
  faults: { type: "string", value: "FILE", help: "JSON list of faults that are in force from the start" },
  pacing: { type: "string", default: "off", value: "off|strict", help: "whether too many messages are told off" },
  "data-dir": { type: "string", value: "DIR", help: "keeps orders, ids, executions and accounts over a restart" },
  lines: { type: "string", default: "100", value: "N", help: "lines of market data that one client may have open" },
  stocks: { type: "string", default: "0", value: "N", help: "made-up stocks besides those of the book, for load" },
  json: { type: "boolean", default: false, help: "one line of JSON with the ports when ready" },
  "stop-with-stdin": { type: "boolean", default: false, help: "stops when standard input ends" },
  help: { type: "boolean", default: false, help: "this page" },
} as const satisfies Record<string, Option>;

/** The instant at which a manual clock starts when nobody says: a Monday, before New York opens. */
const MANUAL_START_MS = Date.UTC(2027, 0, 4, 14, 0, 0);

const whole = (max: number) =>
  z
    .string()
    .regex(/^\d{1,10}$/)
    .transform(Number)
    .pipe(z.int().max(max));
const file = z
  .string()
  .min(1)
  .transform((path) => (isAbsolute(path) ? path : resolve(path)));

const schema = z.strictObject({
  port: whole(65_535),
  "control-port": whole(65_535),
  seed: whole(2_147_483_647),
  bars: file.optional(),
  clock: z.enum(["real", "manual"]),
  start: z.iso
    .datetime({ error: "a time is like 2027-01-04T14:00:00Z" })
    .transform((text) => Date.parse(text))
    .optional(),
  calendar: z.enum(["open", "real"]),
  accounts: z
    .string()
    .transform((text) => text.split(","))
    .pipe(
      z
        .array(z.string().regex(/^DU[0-9]{5,9}$/, "a paper account is DU and digits"))
        .min(1)
        .max(16),
    ),
  "master-client-id": whole(2_147_483_647).optional(),
  record: file.optional(),
  "flex-port": whole(65_535).optional(),
  "flex-token": z
    .string()
    .regex(/^[0-9]{6,40}$/, "a token is 6 to 40 digits")
    .optional(),
  faults: file.optional(),
  pacing: z.enum(["off", "strict"]),
  "data-dir": file.optional(),
  lines: whole(10_000),
  stocks: whole(10_000),
  json: z.boolean(),
  "stop-with-stdin": z.boolean(),
  help: z.boolean(),
});

export interface CommandLine {
  readonly port: number;
  readonly controlPort: number;
  readonly seed: number;
  readonly bars: string | undefined;
  readonly clock: "real" | "manual";
  /** Where a manual clock starts, ms since the epoch. */
  readonly startMs: number;
  readonly calendar: "open" | "real";
  readonly accounts: readonly string[];
  readonly masterClientId: number | undefined;
  readonly record: string | undefined;
  readonly flex: { readonly port: number; readonly token: string } | undefined;
  readonly dataDir: string | undefined;
  readonly linesMax: number;
  readonly madeUpStocks: number;
  /** In force before the first client can connect. */
  readonly faults: readonly Fault[];
}

/** Reads the arguments behind the verb. Throws ConfigError that names each wrong one. */
export function readCommandLine(argv: readonly string[]): CommandLine {
  const parsed = schema.safeParse(values(argv));
  if (!parsed.success) {
    throw new ConfigError(parsed.error.issues.map((issue) => `--${issue.path.join(".")}: ${issue.message}`).join("\n"));
  }
  const { port, seed, clock, calendar, accounts, bars, record, "data-dir": dataDir } = parsed.data;
  if (new Set(accounts).size !== accounts.length) throw new ConfigError("--accounts: an account is named twice");
  if (parsed.data.start !== undefined && clock === "real") throw new ConfigError("--start: needs --clock manual");
  const more = { controlPort: parsed.data["control-port"], masterClientId: parsed.data["master-client-id"], dataDir };
  const { lines: linesMax, stocks: madeUpStocks } = parsed.data;
  const startMs = parsed.data.start ?? MANUAL_START_MS;
  const flex = flexOptions(parsed.data["flex-port"], parsed.data["flex-token"]);
  const listed = parsed.data.faults === undefined ? [] : readFaultFile(parsed.data.faults);
  const faults = parsed.data.pacing === "strict" ? [...listed, ...STRICT_PACING] : listed;
  return {
    port,
    seed,
    clock,
    startMs,
    calendar,
    accounts,
    bars,
    record,
    flex,
    faults,
    linesMax,
    madeUpStocks,
    ...more,
  };
}

function flexOptions(port: number | undefined, token: string | undefined): CommandLine["flex"] {
  if (port === undefined && token === undefined) return undefined;
  if (port === undefined || token === undefined) throw new ConfigError("--flex-port and --flex-token: both or neither");
  return { port, token };
}

function values(argv: readonly string[]): object {
  try {
    const { values: given, tokens } = parseArgs({ args: [...argv], options: OPTIONS, strict: true, tokens: true });
    const repeated = repeatedOption(tokens);
    if (repeated !== undefined) throw new Error(`--${repeated} is given twice`);
    return { ...given };
  } catch (error) {
    throw new ConfigError(error instanceof Error ? error.message : String(error));
  }
}

/** One line for each option, with its default. */
export function helpText(): string {
  const rows = Object.entries<Option>(OPTIONS).map(([name, option]) => {
    const usual = typeof option.default === "string" ? ` (${option.default})` : "";
    return `  ${`--${name} ${option.value ?? ""}`.padEnd(26)} ${option.help}${usual}`;
  });
  return `a paper broker that speaks the wire protocol of TWS, on 127.0.0.1\n\n${rows.join("\n")}\n`;
}
