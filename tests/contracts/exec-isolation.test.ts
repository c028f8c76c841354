import { openPermissionProbe, type PermissionProbe } from "@countersign/bus/permission-probe";
import { USERS, type User } from "@countersign/contracts/accounts";
import { FACTS, REPUBLISH, RPCS, subjectOf } from "@countersign/contracts/subjects";
import { startTestNats, type TestNats } from "@countersign/testing/nats";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

/**
 * Only approval-exec can make anybody write an order. Inside one account the server does not check where an answer goes,
 * so a chosen reply subject gets around permissions; the accounts must stop it. Each trick is first shown to work.
 */

const PARAMS = { account: "DU1234567", proposal: `prop_${"a".repeat(26)}` };
const SUBMIT = subjectOf(RPCS.submit.subject, PARAMS);
const CANCEL = subjectOf(RPCS.cancelAtBroker.subject, PARAMS);
const outsiders = (Object.keys(USERS) as User[]).filter((user) => USERS[user].account !== "EXEC");
const insidersOfCore = outsiders.filter((user) => USERS[user].account === "CORE");
const GET_FIRST = JSON.stringify({ seq: 1 });

let nats: TestNats;
const probes = new Map<User, PermissionProbe>();

async function as(user: User): Promise<PermissionProbe> {
  const known = probes.get(user);
  if (known !== undefined) return known;
  const probe = await openPermissionProbe({ url: nats.url, keysDir: nats.keysDir, user });
  probes.set(user, probe);
  return probe;
}

/** What arrives where orders are written, from now on. */
let arrived: string[][] = [];
const arrivals = async () => {
  await (await as("broker-gateway-exec")).flush();
  return arrived.flat();
};

beforeAll(async () => {
  nats = await startTestNats();
  const gateway = await as("broker-gateway-exec");
  arrived = [await gateway.record(SUBMIT), await gateway.record(CANCEL)];
});
afterAll(async () => {
  await Promise.all([...probes.values()].map((probe) => probe.close()));
  await nats?.stop();
});

const KEYS = {
  ...{ scope: "global", conid: "265598", cause: "drawdown", key: "risk-gate.drawdown.global" },
  ...{ hash: "0".repeat(64), agent: "agent-1" },
};

test("the trap works: what approval-exec sends arrives", async () => {
  const approval = await as("approval-exec");
  await approval.send(SUBMIT, "submit");
  await approval.send(CANCEL, "cancel");
  expect(await arrivals()).toEqual(["submit", "cancel"]);
  for (const texts of arrived) texts.length = 0;
});

describe.each(outsiders)("%s", (user) => {
  test("a message to EXEC -> never arrives", async () => {
    const probe = await as(user);
    for (const subject of [SUBMIT, CANCEL]) await probe.send(subject, "direct");
    expect(await arrivals()).toEqual([]);
  });

  test("any question whose answer is to go to EXEC -> the answer never arrives there", async () => {
    const probe = await as(user);
    const served = Object.values(RPCS).filter((rpc) => (rpc.callers as readonly User[]).includes(user));
    for (const rpc of served) {
      const server = await as(rpc.server);
      await server.record(subjectOf(rpc.subject, PARAMS), "answer");
      await probe.send(subjectOf(rpc.subject, PARAMS), "question", SUBMIT);
      await server.flush();
    }
    for (const stream of ["ORDERS", "KV_CONTROL", "AUDIT"]) {
      await probe.send(`$JS.API.STREAM.MSG.GET.${stream}`, GET_FIRST, SUBMIT);
      await probe.send(`$JS.API.STREAM.INFO.${stream}`, "", CANCEL);
    }
    await probe.send("$JS.API.INFO", "", SUBMIT);
    expect(await arrivals()).toEqual([]);
  });

  test("a fact whose acknowledgement is to go to EXEC -> it never arrives there", async () => {
    const probe = await as(user);
    const own = Object.values(FACTS).filter((fact) => fact.publisher === user && fact.stream !== "AUDIT");
    for (const fact of own) await probe.send(subjectOf(fact.subject, { ...PARAMS, ...KEYS }), "fact", SUBMIT);
    expect(await arrivals()).toEqual([]);
  });
});

test("the same trick does work inside one account, so it is the accounts that stop it", async () => {
  const victim = await (await as("risk-gate")).record(subjectOf(RPCS.limits.subject));
  await (await as("approval-core")).send("$JS.API.STREAM.INFO.ORDERS", "", RPCS.limits.subject);
  await (await as("approval-core")).flush();
  await (await as("risk-gate")).flush();
  expect(victim.join()).toContain("stream_info_response");
});

test("what the server answers is never a fact, so an answer that falls into a log can stop an order, not start one", async () => {
  const probe = await as("broker-gateway-core");
  const inbox = "_INBOX_broker_gateway_core.answers";
  const answers = await probe.record(inbox);
  await probe.send(FACTS.writer.subject, "any", inbox);
  await probe.send("$JS.API.STREAM.MSG.GET.KV_CONTROL", GET_FIRST, inbox);
  await probe.send("$JS.API.STREAM.MSG.GET.KV_CONTROL", "{}", inbox);
  await probe.send("$JS.API.STREAM.INFO.ORDERS", "", inbox);
  await probe.send("$JS.API.INFO", "", inbox);
  await expect.poll(() => answers.length).toBe(5);
  for (const { body } of Object.values(FACTS)) {
    for (const answer of answers) expect(body.safeParse(JSON.parse(answer)).success).toBe(false);
  }
});

test("nobody outside AUDIT can put anything into the audit stream", async () => {
  const writer = await as("audit-writer");
  const record = subjectOf(FACTS.auditRecord.subject, { kind: "forged" });
  const before = await lastSequence(writer);
  for (const user of insidersOfCore) {
    const probe = await as(user);
    await probe.send(record, "forged");
    await probe.send("$JS.API.STREAM.INFO.ORDERS", "", record);
    await probe.send("$JS.API.STREAM.INFO.KV_CONTROL", "", record);
  }
  expect(await lastSequence(writer)).toBe(before);
  await writer.send(record, "own");
  expect(await lastSequence(writer)).toBe(before + 1);
});

async function lastSequence(writer: PermissionProbe): Promise<number> {
  const answers = await writer.record("_INBOX_audit_writer.state");
  await writer.send("$JS.API.STREAM.INFO.AUDIT", "", "_INBOX_audit_writer.state");
  await expect.poll(() => answers.length).toBeGreaterThan(0);
  return (JSON.parse(answers[0] ?? "") as { state: { last_seq: number } }).state.last_seq;
}

test("the republished copies go where they must, and nowhere else", async () => {
  const copies = await (await as("admin-core")).record(REPUBLISH.KV_CONTROL.destination);
  await (await as("broker-gateway-core")).send(FACTS.writer.subject, "epoch");
  await expect.poll(() => copies).toContain("epoch");
  expect(await arrivals()).toEqual([]);
});

test("after all of it, one more message of approval-exec is the only one that arrived", async () => {
  await (await as("approval-exec")).send(SUBMIT, "last");
  await expect.poll(arrivals).toEqual(["last"]);
});
