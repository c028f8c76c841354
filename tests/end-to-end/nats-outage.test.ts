import { tempDir } from "@countersign/testing/temp-dir";
import { afterAll, beforeAll, expect, test } from "vitest";
import { configWith } from "./config-with.ts";
import { buyApple, tool } from "./mcp-client.ts";
import { freeze } from "./processes.ts";
import { admin, frames, type System, startSystem, until } from "./system.ts";

const folder = tempDir("countersign-nats-outage-");
let system: System;
beforeAll(async () => {
  // An approval that was interrupted before it was used ends soon.
  const config = configWith(folder.path, {
    "admin-api.yaml": { approvalTtlSeconds: "5" },
    "approval.yaml": { expiryGraceMs: "1000" },
  });
  system = await startSystem({ args: ["--config-dir", config] });
});
afterAll(async () => {
  await system?.stop();
  folder.remove();
});

const READS = ["TIMEOUT", "BUS_UNAVAILABLE"];
const FAULTS = ["OUTCOME_UNKNOWN", "BUS_UNAVAILABLE", "TIMEOUT", "UNAVAILABLE", "AUDIT_UNAVAILABLE", "STORE_REFUSED"];
const WRITES = ["OUTCOME_UNKNOWN", "BUS_UNAVAILABLE"];

interface Pending {
  readonly id: string;
  readonly ticketHash: string;
}

async function propose(key: string): Promise<Pending> {
  const { value } = await tool(system, "propose_order", buyApple({ idempotency_key: key }));
  expect(value.state, JSON.stringify(value)).toBe("PENDING_APPROVAL");
  return { id: value.proposal_id, ticketHash: value.ticket_hash };
}

const approve = ({ id, ticketHash }: Pending) =>
  admin(system, "POST", `/api/v1/proposals/${id}/approve`, { ticketHash });
const halt = (scope: string) =>
  admin(system, "PUT", "/api/v1/kill-switch", { scope, level: "HALTED", reason: "outage" });
const health = () => admin(system, "GET", "/api/v1/health");
/** Every service has said since now that it is well: what was said before the outage counts for nothing. */
async function healthy(): Promise<void> {
  const sinceMs = Date.now();
  await until(
    health,
    ({ body }) =>
      body.ok === true && body.services.every(({ ageMs }: { ageMs: number }) => Date.parse(body.at) - ageMs > sinceMs),
  );
}
const stateOf = async ({ id }: Pending) => (await tool(system, "get_proposal", { proposal_id: id })).value.state;

/** What an agent and an operator do, all at once, while nobody answers; every answer must say so. */
async function everybodyAsks(pending: Pending, name: string): Promise<void> {
  const agent = async (tool_: string, args: Record<string, unknown>) => {
    const { isError, value } = await tool(system, tool_, args);
    return { call: tool_, isError, code: value.error?.code, audit: value.error?.audit_id };
  };
  const operator = async (call: string, asked: ReturnType<typeof admin>) => {
    const { status, type, body } = await asked;
    return { call, isError: status >= 500 && type.includes("problem+json"), code: body.code, effect: body.effect };
  };
  const [writes, reads, report] = await Promise.all([
    Promise.all([
      agent("propose_order", buyApple({ idempotency_key: name })),
      agent("withdraw_proposal", { proposal_id: pending.id, reason: "outage", idempotency_key: name }),
      operator("kill switch", halt("agent.nobody")),
    ]),
    Promise.all([
      agent("get_quote", { conid: 265598 }),
      agent("list_positions", { account: "DU1234567" }),
      agent("list_proposals", {}),
      // Its first step is a read; without an answer nothing is signed.
      operator("approve", approve(pending)),
      operator("orders", admin(system, "GET", "/api/v1/orders")),
    ]),
    health(),
  ]);
  for (const answer of writes) expect(WRITES, JSON.stringify(answer)).toContain(answer.code);
  for (const answer of reads) expect(READS, JSON.stringify(answer)).toContain(answer.code);
  for (const answer of [...writes, ...reads]) expect(answer.isError, JSON.stringify(answer)).toBe(true);
  expect([report.status, report.body.ok, report.body.failing]).toEqual([200, false, "nats"]);
  expect((await admin(system, "GET", "/api/v1/kill-switch")).body).toMatchObject({
    effective: "HALTED",
    confirmed: false,
  });
}

/** Nothing is half done, what was asked for can be asked for again, and the audit has it all. */
async function everythingWorksAgain(pending: Pending, name: string): Promise<void> {
  await healthy();
  const again = await propose(name);
  const listed = (await tool(system, "list_proposals", { limit: 50 })).value.items;
  expect(listed.filter(({ proposal_id }: { proposal_id: string }) => proposal_id === again.id)).toHaveLength(1);
  const before = (await frames(system)).placeOrder ?? 0;
  // The withdrawal that nobody answered may have waited in the server and have come through.
  const state = await stateOf(pending);
  expect(["PENDING_APPROVAL", "WITHDRAWN"]).toContain(state);
  for (const one of state === "PENDING_APPROVAL" ? [pending, again] : [again]) {
    expect((await approve(one)).status).toBe(200);
    await until(
      () => stateOf(one),
      (now) => now === "FILLED",
    );
  }
  expect((await frames(system)).placeOrder).toBe(before + (state === "PENDING_APPROVAL" ? 2 : 1));
  expect((await halt("agent.nobody")).status).toBe(200);
  expect((await admin(system, "POST", "/api/v1/audit/verify")).body.ok).toBe(true);
}

test("NATS stands still -> every call ends with its code in its time; it goes on -> everything works, nothing is lost", async () => {
  const pending = await propose("before-the-stop");
  const pid = system.natsPid();
  await freeze(pid);
  try {
    await everybodyAsks(pending, "frozen");
  } finally {
    process.kill(pid, "SIGCONT");
  }
  await everythingWorksAgain(pending, "frozen");
  // The change that nobody confirmed came through all the same: it is on the record, before the one that was confirmed.
  const { records } = (await admin(system, "GET", "/api/v1/audit?limit=200&kind=kill.changed")).body;
  const bodies = records.map(({ record }: { record: { entry: { body: object } } }) => record.entry.body);
  const told = bodies
    .filter(({ scope }: { scope: string }) => scope === "agent.nobody")
    .map((body: object) => JSON.stringify(body));
  // A record whose acknowledgement was lost is handed in again: twice on the record is better than not at all.
  expect([...new Set<string>(told)].map((body) => JSON.parse(body))).toMatchObject([
    { from: "ACTIVE", to: "HALTED", outcome: "unknown" },
    { from: "HALTED", to: "HALTED" },
  ]);
});

test("NATS dies in the middle of approvals -> every call says so; it is back -> each order was sent once or not at all", async () => {
  const pending = await propose("before-the-end");
  const orders = [];
  for (const index of [0, 1, 2, 3]) orders.push(await propose(`in-the-middle-${index}`));
  const before = (await frames(system)).placeOrder ?? 0;
  const launcher = system.process.pid ?? 0;
  // Whoever would start it again stands still meanwhile.
  await freeze(launcher);
  const approving = [];
  try {
    for (const order of orders) {
      approving.push(approve(order));
      await new Promise((done) => setTimeout(done, 3));
    }
    process.kill(system.natsPid(), "SIGKILL");
    await until(
      () => tool(system, "get_quote", { conid: 265598 }),
      ({ value }) => value.error?.code === "BUS_UNAVAILABLE",
    );
    await everybodyAsks(pending, "dead");
  } finally {
    process.kill(launcher, "SIGCONT");
  }
  for (const { status, body } of await Promise.all(approving)) {
    if (status !== 200) expect(FAULTS, JSON.stringify(body)).toContain(body.code);
  }
  await healthy();
  const settled = ["FILLED", "PENDING_APPROVAL", "EXPIRED", "VOIDED", "KILLED_NOT_SENT"];
  const states = [];
  for (const order of orders) {
    states.push(
      await until(
        () => stateOf(order),
        (state) => settled.includes(state),
        20_000,
      ),
    );
  }
  const sent = states.filter((state) => state === "FILLED").length;
  expect((await frames(system)).placeOrder ?? 0, states.join()).toBe(before + sent);
  await everythingWorksAgain(pending, "dead");
});
