import { FaultBody } from "@countersign/contracts/denial";
import { EVENTS } from "@countersign/contracts/life";
import { MARKET_FEEDS } from "@countersign/contracts/market-feeds";
import { Heartbeat } from "@countersign/contracts/messages/heartbeat.v1";
import { AUDIT_APPENDS, FACTS, RPCS } from "@countersign/contracts/subjects";
import { verify } from "@countersign/ids/ed25519";
import { canonicalHash, canonicalJson } from "@countersign/ids/hash";
import { orderRef, proposalId } from "@countersign/ids/ids";
import { describe, expect, test } from "vitest";
import type * as z from "zod";
import derived from "./golden/derived.json" with { type: "json" };
import facts from "./golden/facts.json" with { type: "json" };
import messages from "./golden/messages.json" with { type: "json" };

/**
 * One example of every message, as JSON that was written down once. A schema that no longer takes it, or gives it back
 * changed, is a new version of that schema and needs a new name.
 */

const { heartbeat, fault, auditAppend, linesFeed, tick, ...rpcExamples } = messages;
const examples: Record<string, { request: unknown; reply: unknown }> = { ...rpcExamples, auditAppend };
const factExamples: Record<string, { type: string }[]> = facts;
const rpcs = { ...RPCS, auditAppend: AUDIT_APPENDS["mcp-edge"] };

function keeps(schema: z.ZodType, example: unknown): void {
  expect(schema.parse(example)).toEqual(example);
}

test("every contract has an example, and every example has a contract", () => {
  expect(Object.keys(examples).sort()).toEqual(Object.keys(rpcs).sort());
  expect(Object.keys(facts).sort()).toEqual(Object.keys(FACTS).sort());
});

describe.each(Object.entries(rpcs))("%s", (name, rpc) => {
  const example = examples[name];
  test("its request and reply are taken as they are", () => {
    keeps(rpc.request, example?.request);
    keeps(rpc.reply, example?.reply);
  });
  test("one field too many -> refused", () => {
    expect(rpc.request.safeParse({ ...(example?.request as object), extra: 1 }).success).toBe(false);
    expect(rpc.reply.safeParse({ ...(example?.reply as object), extra: 1 }).success).toBe(false);
  });
  test("any field missing -> refused", () => {
    const request = example?.request as Record<string, unknown>;
    for (const field of Object.keys(request)) {
      const { [field]: _, ...rest } = request;
      expect(rpc.request.safeParse(rest).success, field).toBe(false);
    }
  });
});

describe.each(Object.entries(FACTS))("%s", (name, fact) => {
  test.each(factExamples[name] ?? [])("$type is taken as it is", (example) => {
    keeps(fact.body, example);
    expect(fact.body.safeParse({ ...example, extra: 1 }).success).toBe(false);
    expect(fact.body.safeParse({ ...example, type: example.type.replace(/\/1$/, "/2") }).success).toBe(false);
  });
});

test("there is an example of every event that the life of an order knows", () => {
  const types = [...facts.proposal, ...facts.decision, ...facts.exec, ...facts.policy].map(
    ({ type }) => type.split("/")[0],
  );
  expect([...new Set(types)].sort()).toEqual(Object.keys(EVENTS).sort());
});

test("no answer of ours is a fact, so an answer that is sent into a log means nothing there", () => {
  const answers = [...Object.values(examples).map(({ reply }) => reply), fault];
  for (const [name, { body }] of Object.entries(FACTS)) {
    for (const answer of answers) expect(body.safeParse(answer).success, name).toBe(false);
  }
});

test("what streams is taken as it is", () => {
  keeps(MARKET_FEEDS.lines.body, linesFeed);
  keeps(MARKET_FEEDS.tick.body, tick);
});

test("heartbeat and fault are taken as they are", () => {
  keeps(Heartbeat, heartbeat);
  keeps(FaultBody, fault);
});

describe("what is derived from the examples never changes", () => {
  const [proposed, , , admitted] = facts.proposal;
  const approval = facts.decision[0]?.approval;

  test("the proposal's id, from account, agent and idempotency key", () => {
    const { terms, agent = "", idempotencyKey = "" } = proposed ?? {};
    expect(proposalId({ account: terms?.account ?? "", agent, idempotencyKey })).toBe(derived.proposalId);
  });

  test("the ticket's hash, and from it the reference at the broker", () => {
    expect(canonicalHash(admitted?.ticket)).toBe(derived.ticketHash);
    expect(canonicalHash(admitted?.verdict)).toBe(derived.verdictHash);
    expect(orderRef(derived.ticketHash)).toBe(derived.orderRef);
    expect(canonicalHash(approval)).toBe(derived.approvalHash);
  });

  test("the approver's signature still verifies", () => {
    const text = canonicalJson(approval?.statement);
    expect(verify(derived.approverPublicKey, text, approval?.signature ?? "")).toBe(true);
    const other = canonicalJson({ ...approval?.statement, approver: "other" });
    expect(verify(derived.approverPublicKey, other, approval?.signature ?? "")).toBe(false);
  });

  test("the hash of an audit record", () => {
    expect(canonicalHash(facts.auditRecord[0])).toBe(derived.auditRecordHash);
  });
});
