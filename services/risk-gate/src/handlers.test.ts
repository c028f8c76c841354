import { PreparedReply } from "@countersign/bus/prepared-reply";
import type { Rpc } from "@countersign/contracts/contract-kinds";
import { Fault } from "@countersign/contracts/denial";
import { RPCS } from "@countersign/contracts/subjects";
import { expect, test } from "vitest";
import type { Judged } from "./decisions/taken-down.ts";
import type { Deps } from "./deps.ts";
import { serveRiskGate } from "./handlers.ts";
import { FACTS, IN_FORCE, PRICING, TERMS } from "./test-facts.ts";

type Handler = (body: unknown) => Promise<unknown>;

/** What the gate answers to a ticket, with a recorder of the test's own. */
async function askedFor(record: (judged: Judged) => Promise<void>): Promise<unknown> {
  const handlers = new Map<string, Handler>();
  const deps = {
    bus: { serve: ({ subject }: Rpc, handler: Handler) => void handlers.set(subject, handler) },
    ...{ mode: "simulator", inForce: IN_FORCE, pricing: () => PRICING, recorder: { record } },
    control: { level: () => ({ level: "ACTIVE", reason: "" }) },
    orders: { waitFor: async () => true },
    gatherer: { gather: async () => FACTS },
  } as unknown as Deps;
  serveRiskGate(deps);
  const ticket = { mode: "simulator", agent: FACTS.agent, terms: TERMS, proposalId: `prop_${"a".repeat(26)}` };
  const answer = await handlers.get(RPCS.verdict.subject)?.({ ticket, afterSequence: 0 });
  return answer instanceof PreparedReply ? JSON.parse(answer.textAt(0)) : answer;
}

test("the verdict before a send is answered only when its facts are on record", async () => {
  const recorded: Judged[] = [];
  const stored = Promise.withResolvers<void>();
  let answered = false;
  const asking = askedFor((judged) => {
    recorded.push(judged);
    return stored.promise;
  });
  void asking.finally(() => {
    answered = true;
  });
  // Everything that does not wait for the record is done by then.
  await new Promise((done) => setImmediate(done));
  expect([recorded.length, answered]).toEqual([1, false]);
  stored.resolve();
  expect(await asking).toMatchObject({ outcome: "ok", value: { verdict: recorded[0]?.verdict } });
  expect(recorded[0]).toMatchObject({ terms: TERMS, facts: FACTS, policy: IN_FORCE.policy });
});

test("facts that cannot be put on record -> a fault, and no verdict", async () => {
  const refused = new Fault("STORE_REFUSED", "full");
  await expect(askedFor(() => Promise.reject(refused))).rejects.toBe(refused);
});
