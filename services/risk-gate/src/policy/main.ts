import { readFileSync } from "node:fs";
import { ConfigError, readYaml } from "@countersign/config/load";
import { isBlock } from "./blocks.ts";
import { checkRiskPolicy } from "./check.ts";
import { comparePolicies, signersNeeded } from "./compare.ts";
import { idleParts } from "./idle-parts.ts";

/** What can be said of risk policies in files, offline. Exit 0: it holds; 1: it does not; 2: no such file or command. */
const EXIT = { ok: 0, faulty: 1, usage: 2 } as const;
const USAGE = "usage: check FILE [--json] | diff BEFORE|- AFTER [--json]; - reads a policy as JSON from standard input";

function run(argv: readonly string[]): number {
  const json = argv.includes("--json");
  const [verb, ...files] = argv.filter((word) => word !== "--json");
  try {
    if (verb === "check" && files.length === 1) return check(files[0] ?? "", json);
    if (verb === "diff" && files.length === 2) return diff(files[0] ?? "", files[1] ?? "", json);
  } catch (error) {
    if (!(error instanceof ConfigError) && !(error instanceof SyntaxError)) throw error;
    return say(EXIT.usage, error.message);
  }
  return say(EXIT.usage, USAGE);
}

function check(file: string, json: boolean): number {
  const checked = checkRiskPolicy(policyIn(file));
  if (checked.outcome === "faulty")
    return say(EXIT.faulty, json ? JSON.stringify({ ok: false, faults: checked.faults }) : checked.faults.join("\n"));
  const { policy, hash } = checked;
  const notes = idleParts(policy);
  const text = [`ok: version ${policy.version}, hash ${hash}`, ...notes.map((note) => `for no order: ${note}`)].join(
    "\n",
  );
  return say(EXIT.ok, json ? JSON.stringify({ ok: true, version: policy.version, hash, notes }) : text);
}

/** What stood before may be a policy of another version of this program; what comes after must hold. */
function diff(before: string, after: string, json: boolean): number {
  const checked = checkRiskPolicy(policyIn(after));
  if (checked.outcome === "faulty") return say(EXIT.faulty, checked.faults.join("\n"));
  const old = policyIn(before);
  if (!isBlock(old)) return say(EXIT.usage, `${before} is no policy`);
  const changes = comparePolicies(old, checked.policy);
  const needed = signersNeeded(changes);
  if (json) return say(EXIT.ok, JSON.stringify({ changes, needed }));
  const lines = changes.map(
    ({ path, effect, before: from, after: to }) =>
      `${effect.padEnd(8)}  ${path}: ${from ?? "(not there)"} -> ${to ?? "(gone)"}`,
  );
  const who = needed === 2 ? "two persons must sign it" : "one person's signature is enough";
  const version = `version ${old.version} -> ${checked.policy.version}`;
  const late = Number(old.version) >= checked.policy.version ? "; the version must be higher" : "";
  return say(EXIT.ok, [...lines, `${version}, changes: ${changes.length}; ${who}${late}`].join("\n"));
}

/** A policy as YAML or JSON, or the one inside of a signed document. */
function policyIn(file: string): unknown {
  const value = file === "-" ? JSON.parse(readFileSync(0, "utf8")) : readYaml(file);
  const document = isBlock(value) && isBlock(value.document) ? value.document : undefined;
  return document === undefined ? value : document.policy;
}

function say(code: number, text: string): number {
  process.stdout.write(`${text}\n`);
  return code;
}

process.exitCode = run(process.argv.slice(2));
