import { readFileSync } from "node:fs";
import type { Facts } from "../facts/fact.ts";
import { DecisionFile, verify } from "./decision-file.ts";

/** Verifies a decision that was exported, offline. Exit 0: it holds; 1: it does not; 2: it is no decision. */
const EXIT = { ok: 0, broken: 1, usage: 2 } as const;

function run(argv: readonly string[]): number {
  const [path, ...options] = argv;
  if (path === undefined) return say(EXIT.usage, "usage: verify <file> [--json]");
  let file: DecisionFile;
  try {
    file = DecisionFile.parse(JSON.parse(readFileSync(path, "utf8")));
  } catch (error) {
    return say(EXIT.usage, `${path} is no recorded decision: ${error instanceof Error ? error.message : error}`);
  }
  const recorded = { ...file, facts: file.facts as unknown as Facts };
  const { findings, sameEngine, namesProposal } = verify(recorded, file.verdict);
  const { proposalId, at, inputsHash, policyHash, verdictHash } = file;
  const ok = findings.length === 0;
  const result = { ok, proposalId, at, inputsHash, policyHash, verdictHash, sameEngine, namesProposal, findings };
  if (options.includes("--json")) return say(ok ? EXIT.ok : EXIT.broken, JSON.stringify(result));
  const code = sameEngine ? "the code that judged then" : "other code than the one that judged then";
  const lines = [
    `${ok ? "ok" : "NOT OK"}: ${proposalId} at ${at}, judged again with ${code}`,
    ...findings.map(({ what, message }) => `  ${what}: ${message}`),
    ...(namesProposal
      ? []
      : ["  of which proposal it is stands in no hash here: compare the verdict with the audit's"]),
    `  inputs ${inputsHash}\n  policy ${policyHash}\n  verdict ${verdictHash}`,
  ];
  return say(ok ? EXIT.ok : EXIT.broken, lines.join("\n"));
}

function say(code: number, text: string): number {
  process.stdout.write(`${text}\n`);
  return code;
}

process.exitCode = run(process.argv.slice(2));
