import { canonicalHash, canonicalJson } from "@countersign/ids/hash";
import { judge } from "../judge.ts";
import type { PolicyInForce } from "../policy.ts";
import { POLICY } from "../test-facts.ts";
import { verify } from "./decision-file.ts";
import { DecisionReader } from "./reader.ts";
import { DecisionRecorder } from "./recorder.ts";
import { randomFacts, randomTerms, Seeded } from "./test-random.ts";
import { MemoryStream } from "./test-store.ts";

const IN_FORCE: PolicyInForce = { policy: POLICY, hash: canonicalHash(POLICY) };

export interface Replayed {
  readonly decisions: number;
  readonly passed: number;
  /** Decisions of which something is different when they are read back and judged again. */
  readonly different: readonly string[];
}

/** Judges random orders by random facts, puts each on record, reads all of it back and judges again. */
export async function replayRandom(count: number, seed: number): Promise<Replayed> {
  const stream = new MemoryStream();
  const recorder = new DecisionRecorder(stream.asBus());
  const random = new Seeded(seed);
  const verdicts: string[] = [];
  let passed = 0;
  for (let index = 0; index < count; index += 1) {
    const [terms, facts] = [randomTerms(random), randomFacts(random)];
    const verdict = judge(terms, facts, IN_FORCE);
    if (verdict.outcome === "pass") passed += 1;
    verdicts.push(canonicalJson(verdict));
    await recorder.record({ proposalId: proposalOf(index), terms, facts, verdict, policy: POLICY });
  }
  const reader = new DecisionReader(stream.asBus());
  const different: string[] = [];
  let read = 0;
  for await (const { fact, ...inputs } of reader.between("2026", "2027")) {
    const { findings, verdict } = verify({ ...fact, ...inputs });
    const same = findings.length === 0 && canonicalJson(verdict) === verdicts[read];
    if (!same) different.push(`${fact.proposalId}: ${findings.map(({ message }) => message).join("; ")}`);
    read += 1;
  }
  return { decisions: read, passed, different };
}

const proposalOf = (index: number) =>
  `prop_${index
    .toString(26)
    .replace(/[0-9]/g, (digit) => "qrstuvwxyz"[Number(digit)] ?? "q")
    .padStart(26, "a")}`;
