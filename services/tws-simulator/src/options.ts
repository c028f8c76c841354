import { isAbsolute, resolve } from "node:path";
import { parseArgs } from "node:util";
import { ConfigError } from "@countersign/config/load";
import { z } from "zod";

/** The command line, in full: an unknown option is an error. */
const OPTIONS = {
  port: { type: "string", default: "4002" },
  "control-port": { type: "string", default: "0" },
  seed: { type: "string", default: "7" },
  clock: { type: "string", default: "real" },
  calendar: { type: "string", default: "open" },
  accounts: { type: "string", default: "DU1234567" },
  "master-client-id": { type: "string" },
  "data-dir": { type: "string" },
  json: { type: "boolean", default: false },
  "stop-with-stdin": { type: "boolean", default: false },
} as const;

const whole = (max: number) =>
  z
    .string()
    .regex(/^\d{1,10}$/)
    .transform(Number)
    .pipe(z.int().max(max));

const schema = z.strictObject({
  port: whole(65_535),
  "control-port": whole(65_535),
  seed: whole(2_147_483_647),
  clock: z.enum(["real", "manual"]),
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
  "data-dir": z.string().min(1).optional(),
  json: z.boolean(),
  "stop-with-stdin": z.boolean(),
});

export interface CommandLine {
  readonly port: number;
  readonly controlPort: number;
  readonly seed: number;
  readonly clock: "real" | "manual";
  readonly calendar: "open" | "real";
  readonly accounts: readonly string[];
  readonly masterClientId: number | undefined;
  readonly dataDir: string | undefined;
}

/** Reads the arguments behind the verb. Throws ConfigError that names each wrong one. */
export function readCommandLine(argv: readonly string[]): CommandLine {
  const parsed = schema.safeParse(values(argv));
  if (!parsed.success) {
    throw new ConfigError(parsed.error.issues.map((issue) => `--${issue.path.join(".")}: ${issue.message}`).join("\n"));
  }
  const { port, seed, clock, calendar, accounts, "data-dir": directory } = parsed.data;
  if (new Set(accounts).size !== accounts.length) throw new ConfigError("--accounts: an account is named twice");
  const dataDir = directory === undefined || isAbsolute(directory) ? directory : resolve(directory);
  const more = { controlPort: parsed.data["control-port"], masterClientId: parsed.data["master-client-id"], dataDir };
  return { port, seed, clock, calendar, accounts, ...more };
}

function values(argv: readonly string[]): object {
  try {
    return { ...parseArgs({ args: [...argv], options: OPTIONS, strict: true }).values };
  } catch (error) {
    throw new ConfigError(error instanceof Error ? error.message : String(error));
  }
}
