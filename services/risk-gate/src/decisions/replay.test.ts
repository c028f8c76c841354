import { utcText } from "@countersign/clock/clock";
import { FACTS as CONTRACTS } from "@countersign/contracts/subjects";
import { canonicalHash } from "@countersign/ids/hash";
import { describe, expect, test } from "vitest";
import { judge } from "../judge.ts";
import { RiskPolicy } from "../policy.ts";
import { FACTS, POLICY, TERMS } from "../test-facts.ts";
import { DecisionFile, decisionFile, verify } from "./decision-file.ts";
import { RecordError, readDecision, wholeValue } from "./read-record.ts";
import { DecisionReader } from "./reader.ts";
import { DecisionRecorder } from "./recorder.ts";
import { takeDown } from "./taken-down.ts";
import { randomFacts, randomTerms, Seeded } from "./test-random.ts";
import { replayRandom } from "./test-replay.ts";
import { MemoryStream } from "./test-store.ts";

const PROPOSAL = `prop_${"a".repeat(26)}`;
const IN_FORCE = { policy: POLICY, hash: canonicalHash(POLICY) };

function book(size: number) {
  const position = (index: number) => ({
    ...{ account: "DU1234567", conid: index + 1, symbol: `S${index}`, secType: "STK", currency: "USD" },
    ...{ quantity: String(index), averageCost: "12.34" },
  });
  return Array.from({ length: size }, (_, index) => position(index));
}

async function recorded(positions = book(1_000)) {
  const stream = new MemoryStream();
  const held = { ...FACTS.positions, value: positions } as typeof FACTS.positions;
  const facts = { ...FACTS, proposalId: PROPOSAL, positions: held };
  const verdict = judge(TERMS, facts, IN_FORCE);
  const recorder = new DecisionRecorder(stream.asBus());
  const record = () => recorder.record({ proposalId: PROPOSAL, terms: TERMS, facts, verdict, policy: POLICY });
  await record();
  return { stream, facts, verdict, record };
}

async function readBack(stream: MemoryStream) {
  const reader = new DecisionReader(stream.asBus());
  const [fact] = await reader.recordsOf("DU1234567", PROPOSAL);
  if (fact === undefined) throw new Error("no record");
  return reader.read(fact);
}

/** The same value with the keys of every object the other way round. */
function backwards<T>(value: T): T {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(backwards) as T;
  const entries = Object.entries(value).map(([name, item]) => [name, backwards(item)] as const);
  return Object.fromEntries(entries.reverse()) as T;
}

describe("decisions on record", () => {
  test("150 random ones, passed and denied, are read back and judged to the same bytes", async () => {
    const { decisions, passed, different } = await replayRandom(150, 7);
    expect(different).toEqual([]);
    expect(decisions).toBe(150);
    expect(passed).toBeGreaterThan(5);
    expect(passed).toBeLessThan(145);
  });
  test("the order of keys, which no hash sees, changes no byte of a verdict", () => {
    const random = new Seeded(11);
    const turned = { policy: RiskPolicy.parse(backwards(POLICY)), hash: IN_FORCE.hash };
    for (let count = 0; count < 40; count += 1) {
      const [terms, facts] = [randomTerms(random), randomFacts(random)];
      const verdict = judge(backwards(terms), backwards(facts), turned);
      expect(canonicalHash(verdict)).toBe(canonicalHash(judge(terms, facts, IN_FORCE)));
    }
  });
  test("a book of 1,000 positions fits, and is stored once for all verdicts that name it", async () => {
    const { stream, facts, record } = await recorded();
    const before = stream.messages.length;
    await record();
    expect(stream.messages.length).toBe(before + 1);
    expect(Math.max(...stream.messages.map(({ text }) => text.length))).toBeLessThan(180 * 1024);
    const read = await readBack(stream);
    expect(read.facts).toEqual(facts);
    expect(read.policy).toEqual(POLICY);
  });
  test("a small value that many verdicts name is stored once after the eighth, and each of them is read back whole", async () => {
    const { stream, facts, record } = await recorded(book(3));
    const sizes: number[] = [];
    for (let count = 1; count < 12; count += 1) {
      const before = stream.messages.length;
      await record();
      sizes.push(stream.messages.length - before);
    }
    const [, again = 0, ...others] = sizes.slice(6);
    expect(sizes.slice(0, 7)).toEqual(Array(7).fill(1));
    expect(again).toBeGreaterThan(1);
    expect(others).toEqual([1, 1, 1]);
    const records = stream.messages.filter(({ subject }) => subject.startsWith("judged.v1.verdict."));
    expect(records.at(-1)?.text.length).toBeLessThan((records[0]?.text.length ?? 0) * 0.75);
    const reader = new DecisionReader(stream.asBus());
    for (const fact of await reader.recordsOf("DU1234567", PROPOSAL))
      expect((await reader.read(fact)).facts).toEqual(facts);
  });
  test("another process that stores the same value at the same time adds nothing to it", async () => {
    const { stream, facts, verdict } = await recorded();
    const other = new DecisionRecorder(stream.asBus());
    const values = () => stream.messages.filter(({ subject }) => subject.startsWith("judged.v1.value.")).length;
    const before = values();
    await other.record({ proposalId: PROPOSAL, terms: TERMS, facts, verdict, policy: POLICY });
    expect(values()).toBe(before);
  });
  test("a value of which the last piece never came -> the next writer adds it", async () => {
    const { stream, facts, verdict } = await recorded();
    const values = stream.messages.filter(({ subject }) => subject.startsWith("judged.v1.value."));
    const cut = new MemoryStream();
    for (const { subject, text } of values.slice(0, -1))
      await cut.append(CONTRACTS.judgedValue, { hash: subject.split(".").at(-1) ?? "" }, JSON.parse(text), {});
    await new DecisionRecorder(cut.asBus()).record({
      proposalId: PROPOSAL,
      terms: TERMS,
      facts,
      verdict,
      policy: POLICY,
    });
    expect((await readBack(cut)).facts).toEqual(facts);
  });
});

test("decisions of a stretch of time are found without reading all that is older", async () => {
  const stream = new MemoryStream();
  const recorder = new DecisionRecorder(stream.asBus());
  const atOf = (minutes: number) => utcText(Date.UTC(2026, 10, 1) + minutes * 60_000);
  for (let minutes = 0; minutes < 2_000; minutes += 10) {
    const facts = { ...FACTS, at: atOf(minutes) };
    const verdict = judge(TERMS, facts, IN_FORCE);
    await recorder.record({ proposalId: PROPOSAL, terms: TERMS, facts, verdict, policy: POLICY });
  }
  let reads = 0;
  const { readText } = stream;
  stream.readText = (fact, sequence) => {
    reads += 1;
    return readText.call(stream, fact, sequence);
  };
  const found: string[] = [];
  for await (const { fact } of new DecisionReader(stream.asBus()).between(atOf(1_900), atOf(1_950)))
    found.push(fact.at);
  expect(found).toEqual([1_900, 1_910, 1_920, 1_930, 1_940].map(atOf));
  expect(reads).toBeLessThan(120);
});

describe("a decision taken apart", () => {
  const apart = async () => {
    const { stream, verdict } = await recorded(book(3));
    const file = decisionFile(await readBack(stream), verdict);
    return { text: file, parsed: DecisionFile.parse(JSON.parse(file)) };
  };
  const check = (text: string) => {
    const file = DecisionFile.parse(JSON.parse(text));
    return verify({ ...file, facts: file.facts as unknown as typeof FACTS }, file.verdict).findings;
  };
  test("verifies by itself", async () => {
    const { text } = await apart();
    expect(check(text)).toEqual([]);
  });
  test("shown for another proposal -> found", async () => {
    const { text } = await apart();
    const other = `prop_${"b".repeat(26)}`;
    const shown = text.replace(/("proposalId":)"[^"]+"(,"terms")/, `$1"${other}"$2`);
    expect(shown).not.toBe(text);
    expect(check(shown)).toEqual([{ what: "inputs", message: `the record is of another proposal: ${PROPOSAL}` }]);
    const everywhere = check(text.replaceAll(PROPOSAL, other)).map(({ message }) => message);
    expect(everywhere[0]).toBe("terms or facts are not those that were judged");
  });
  test("without one of its facts -> found, and nothing is thrown", async () => {
    const { parsed } = await apart();
    const without = (name: string) => {
      const { [name]: _, ...facts } = parsed.facts;
      return check(JSON.stringify({ ...parsed, facts }));
    };
    const messages = ["quote", "summary", "book", "session", "at"].map((name) => without(name)[0]?.message);
    expect(messages).toEqual(Array(5).fill("terms or facts are not those that were judged"));
  });
  test("of an older version, which has no proposal in its facts -> holds, and says so", async () => {
    const verdict = judge(TERMS, FACTS, IN_FORCE);
    const { fact } = takeDown({ proposalId: PROPOSAL, terms: TERMS, facts: FACTS, verdict, policy: POLICY });
    const found = verify({ ...fact, terms: TERMS, facts: FACTS, policy: POLICY }, verdict);
    expect(found).toMatchObject({ findings: [], namesProposal: false });
  });
  test("any digit changed anywhere in it is found", async () => {
    const { text } = await apart();
    const digits = [...text.matchAll(/[1-8]/g)].map(({ index }) => index);
    for (let at = 0; at < digits.length; at += Math.ceil(digits.length / 60)) {
      const index = digits[at] ?? 0;
      const changed = `${text.slice(0, index)}9${text.slice(index + 1)}`;
      if (isOutside(text, index)) continue;
      expect(caught(changed), text.slice(index - 30, index + 10)).toBe(true);
    }
  });
  function caught(text: string): boolean {
    try {
      return check(text).length > 0;
    } catch {
      return true;
    }
  }
  /** By which code: in no hash here. */
  function isOutside(text: string, index: number): boolean {
    const from = text.search(/[{,]"engine":"/);
    return index >= from && index <= text.indexOf('"', text.indexOf('":"', from) + 3);
  }
});

describe("a record that was changed", () => {
  test("one byte of a stored value -> RecordError", async () => {
    const { stream } = await recorded();
    const reader = new DecisionReader(stream.asBus());
    const [fact] = await reader.recordsOf("DU1234567", PROPOSAL);
    if (fact === undefined) throw new Error("no record");
    await expect(readDecision(fact, async () => wholeValue("0".repeat(64), []))).rejects.toThrow(RecordError);
    const at = stream.messages.findIndex(({ subject }) => subject.startsWith("judged.v1.value."));
    const message = stream.messages[at];
    if (message === undefined) throw new Error("no value");
    const piece = JSON.parse(message.text) as { data: string };
    const flipped = piece.data.replace(/.(?=.{40}$)/, (one) => (one === "A" ? "B" : "A"));
    stream.messages[at] = { ...message, text: JSON.stringify({ ...piece, data: flipped }) };
    await expect(readBack(stream)).rejects.toThrow();
  });
  test("a fact that was exchanged inside a record -> the hash of the inputs tells", () => {
    const verdict = judge(TERMS, FACTS, IN_FORCE);
    const { fact } = takeDown({ proposalId: PROPOSAL, terms: TERMS, facts: FACTS, verdict, policy: POLICY });
    const other = { ...FACTS, rate: { ...FACTS.rate, value: "2" } as typeof FACTS.rate };
    const found = verify({ ...fact, terms: TERMS, facts: other, policy: POLICY }).findings;
    expect(found.map(({ what }) => what)).toContain("inputs");
  });
});
