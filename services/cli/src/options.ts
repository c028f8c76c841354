import { parseArgs } from "node:util";
import { repeatedOption } from "@countersign/config/repeated-option";
import { CommandError, EXIT } from "./exit-codes.ts";
import { USAGE } from "./usage.ts";

const text = { type: "string" } as const;
const flag = { type: "boolean" } as const;
/** Every flag of the commands that ask the admin API. */
export const OPTIONS = {
  json: flag,
  yes: flag,
  local: flag,
  help: { type: "boolean", short: "h" } as const,
  reason: text,
  code: text,
  quantity: text,
  limit: text,
  scope: text,
  confirm: { type: "string", multiple: true } as const,
  state: text,
  cursor: text,
  cancel: text,
  rounds: text,
  keep: text,
  against: text,
  key: text,
  days: text,
  out: text,
  inputs: text,
  admin: text,
  token: text,
  "data-dir": text,
};

/** The words and flags of a command line. */
export function parse(argv: readonly string[]) {
  try {
    const args = parseArgs({ args: [...argv], options: OPTIONS, allowPositionals: true, tokens: true });
    const repeated = repeatedOption(args.tokens, ["confirm"]);
    if (repeated !== undefined) throw new Error(`--${repeated} is given twice`);
    return args;
  } catch (cause) {
    throw new CommandError(EXIT.usage, `${cause instanceof Error ? cause.message : cause}\n${USAGE}`);
  }
}
