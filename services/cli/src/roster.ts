import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { createSystemClock, utcText } from "@countersign/clock/clock";
import { repeatedOption } from "@countersign/config/repeated-option";
import { readSecretFile } from "@countersign/config/secrets";
import { PrincipalId } from "@countersign/contracts/primitives";
import { RosterApprover, SignedRoster } from "@countersign/contracts/roster";
import { generateKeyPair } from "@countersign/ids/ed25519";
import { canonicalHash } from "@countersign/ids/hash";
import { checkRoster } from "@countersign/roster/check-roster";
import { parseRoots } from "@countersign/roster/roots";
import { formatRoster, signRoster } from "@countersign/roster/sign-roster";
import type * as z from "zod";
import { CommandError, EXIT, type ExitCode } from "./exit-codes.ts";
import { plain, print } from "./terminal.ts";

const HELP = `countersign roster <command>: works on files alone, needs no running system

  new-key NAME --out FILE            a key of a root or a person: private half into FILE (0600), public half printed
  new FILE                           an empty roster, version 1, not signed
  add FILE --entry ENTRY             one more approver or key: ENTRY is a file with {"person", "keys"}; version + 1, signatures gone
  remove FILE --key NAME             takes a key away; version + 1, signatures gone
  sign FILE --key FILE --name ROOT   adds the signature of a root
  show FILE [--roots ID:KEY,...]     who is on it; with roots: whether it counts
`;

const OPTIONS = {
  out: { type: "string" },
  entry: { type: "string" },
  key: { type: "string" },
  name: { type: "string" },
  roots: { type: "string" },
} as const;
type Flags = { readonly [K in keyof typeof OPTIONS]?: string };
const HELP_OPTION = { help: { type: "boolean", short: "h" } } as const;

const VERBS: Readonly<Record<string, (target: string, flags: Flags) => ExitCode>> = {
  "new-key": newKey,
  new: create,
  add,
  remove,
  sign,
  show,
};

/** Makes, signs and reads rosters. The root keys stay on the machine on which this runs. */
export function roster(args: readonly string[]): ExitCode {
  const {
    values: { help, ...values },
    positionals,
  } = parse(args);
  if (help) return say(HELP.trimEnd());
  const [verb = "", target] = positionals;
  const run = Object.hasOwn(VERBS, verb) ? VERBS[verb] : undefined;
  if (run === undefined || target === undefined || positionals.length > 2) throw usage();
  return run(target, values);
}

function newKey(name: string, { out }: Flags): ExitCode {
  const file = needed(out, "--out");
  if (!PrincipalId.safeParse(name).success) throw usage(`${name} is no name of a key`);
  const pair = generateKeyPair();
  // Never over a key that is there.
  written(file, () => writeFileSync(file, pair.privateKeyPem, { mode: 0o600, flag: "wx" }));
  return say(`${name}:${pair.publicKey}`);
}

function create(file: string): ExitCode {
  if (existsSync(file)) throw usage(`${file} is there already`);
  return save(file, {
    roster: { type: "countersign.roster/1", version: 1, issuedAt: now(), approvers: [] },
    signatures: [],
  });
}

function add(file: string, { entry }: Flags): ExitCode {
  const added = readJson(RosterApprover, needed(entry, "--entry"));
  const { approvers } = readJson(SignedRoster, file).roster;
  const known = approvers.find(({ person }) => person === added.person);
  const together = { person: added.person, keys: [...(known?.keys ?? []), ...added.keys] };
  return change(
    file,
    known === undefined ? [...approvers, added] : approvers.map((one) => (one === known ? together : one)),
  );
}

function remove(file: string, { key }: Flags): ExitCode {
  const name = needed(key, "--key");
  const { approvers } = readJson(SignedRoster, file).roster;
  const left = approvers.map(({ person, keys }) => ({ person, keys: keys.filter(({ keyId }) => keyId !== name) }));
  if (left.every(({ keys }, index) => keys.length === approvers[index]?.keys.length))
    throw usage(`${name} is not on it`);
  return change(
    file,
    left.filter(({ keys }) => keys.length > 0),
  );
}

/** Whoever signed the roster before has not signed this one. */
function change(file: string, approvers: RosterApprover[]): ExitCode {
  const { roster: before } = readJson(SignedRoster, file);
  return save(file, { roster: { ...before, version: before.version + 1, issuedAt: now(), approvers }, signatures: [] });
}

function sign(file: string, { key, name }: Flags): ExitCode {
  const root = { keyId: needed(name, "--name"), privateKeyPem: readSecretFile(needed(key, "--key")) };
  return save(file, signRoster(readJson(SignedRoster, file), root));
}

function show(file: string, { roots }: Flags): ExitCode {
  const { roster: content, signatures } = readJson(SignedRoster, file);
  const people = content.approvers.map(({ person, keys }) => {
    return `${person}: ${keys.map(({ keyId, kind }) => `${keyId} (${kind})`).join(", ")}`;
  });
  const signed = signatures.map(({ keyId }) => keyId).join(", ") || "nobody";
  say([`version ${content.version} of ${content.issuedAt}, hash ${canonicalHash(content)}`, ...people].join("\n"));
  say(`signed by ${signed}`);
  if (roots === undefined) return EXIT.ok;
  const checked = checkRoster(readFileSync(file, "utf8"), parseRoots(roots), undefined);
  say(checked.outcome === "accepted" ? "it counts" : `it does NOT count: ${checked.reason}`);
  return checked.outcome === "accepted" ? EXIT.ok : EXIT.verificationFailed;
}

/** Whole or not at all: services read the file whenever it changes. */
function save(file: string, signed: SignedRoster): ExitCode {
  written(file, () => {
    writeFileSync(`${file}.new`, formatRoster(signed), { mode: 0o600, flush: true });
    renameSync(`${file}.new`, file);
  });
  return say(
    `version ${signed.roster.version}, signed by ${signed.signatures.map(({ keyId }) => keyId).join(", ") || "nobody"}`,
  );
}

/** A path that cannot be written is a mistake of the command line. */
function written(file: string, write: () => void): void {
  try {
    write();
  } catch (error) {
    throw new CommandError(EXIT.usage, `${file}: ${messageOf(error)}`);
  }
}

/** Every field that is wrong has a line of its own. */
function readJson<T extends z.ZodType>(schema: T, file: string): z.output<T> {
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(file, "utf8"));
  } catch (error) {
    throw usage(`${file}: ${messageOf(error)}`);
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const lines = parsed.error.issues.map(({ path, message }) => `  ${path.join(".") || "(top)"}: ${message}`);
  throw usage([`${file}:`, ...lines.map(plain)].join("\n"));
}

const messageOf = (error: unknown) => (error instanceof Error ? error.message : String(error));

function parse(args: readonly string[]) {
  try {
    const options = { ...OPTIONS, ...HELP_OPTION };
    const parsed = parseArgs({ args: [...args], options, allowPositionals: true, tokens: true });
    const repeated = repeatedOption(parsed.tokens);
    if (repeated !== undefined) throw new Error(`--${repeated} is given twice`);
    return parsed;
  } catch (error) {
    throw usage(error instanceof Error ? error.message : String(error));
  }
}

const now = () => utcText(createSystemClock().nowMs());

function say(text: string): ExitCode {
  print(text);
  return EXIT.ok;
}

function needed(value: string | undefined, what: string): string {
  if (value === undefined || value === "") throw usage(`${what} is missing`);
  return value;
}

function usage(message?: string): CommandError {
  return new CommandError(EXIT.usage, message === undefined ? HELP : `${message}\n${HELP}`);
}
