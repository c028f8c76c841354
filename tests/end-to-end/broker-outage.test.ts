import { tempDir } from "@countersign/testing/temp-dir";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { configWith } from "./config-with.ts";
import { buyApple, tool } from "./mcp-client.ts";
import { freeze } from "./processes.ts";
import { admin, frames, pinApple, type System, startSystem, until } from "./system.ts";

const folder = tempDir("countersign-broker-");
let system: System;
/** Proposed first and looked at last: by then it has expired. */
let forgotten: Pending;
beforeAll(async () => {
  const config = configWith(folder.path, {
    "risk-gate.yaml": { proposalTtlSeconds: "15" },
    "admin-api.yaml": { approvalTtlSeconds: "5" },
    "approval.yaml": { expiryGraceMs: "1000" },
  });
  system = await startSystem({ args: ["--config-dir", config] });
  forgotten = await propose();
});
afterAll(async () => {
  await system?.stop();
  folder.remove();
});

beforeEach(async () => {
  await until(mend, (answer) => answer?.ok === true);
  await linkUp();
});

interface Pending {
  readonly id: string;
  readonly ticketHash: string;
}

async function propose(): Promise<Pending> {
  const { value } = await tool(system, "propose_order", buyApple());
  expect(value.state, JSON.stringify(value)).toBe("PENDING_APPROVAL");
  return { id: value.proposal_id, ticketHash: value.ticket_hash };
}

const approve = ({ id, ticketHash }: Pending) =>
  admin(system, "POST", `/api/v1/proposals/${id}/approve`, { ticketHash });
const stateOf = async ({ id }: Pending) => (await tool(system, "get_proposal", { proposal_id: id })).value.state;
const becomes = (pending: Pending, wanted: string) =>
  until(
    () => stateOf(pending),
    (state) => state === wanted,
  );
const health = () => admin(system, "GET", "/api/v1/health");
const linkUp = () => until(health, ({ body }) => body.broker?.link === "up");
const brokerFails = () => until(health, ({ body }) => body.failing === "broker");
const fault = async (body: object) => {
  const answer = await fetch(`${system.twsControl}/faults`, { method: "POST", body: JSON.stringify(body) });
  expect(answer.status).toBe(200);
};
const mend = () => fetch(`${system.twsControl}/faults`, { method: "DELETE" }).catch(() => undefined);
const sent = async () => (await frames(system)).placeOrder ?? 0;

const account = "DU1234567";
/** What only the broker knows; the instrument is one that nobody has asked for before. */
const readsOf = (conid: number): [string, Record<string, unknown>][] => [
  ["list_accounts", {}],
  ["get_account_summary", { account }],
  ["list_positions", { account }],
  ["list_orders", { account }],
  ["list_executions", { account }],
  ["search_contracts", { query: "SAP" }],
  ["get_contract", { conid }],
  ["get_quote", { conid }],
  ["get_bars", { conid, bar_size: "1 day", duration: "1 W" }],
];

/** No read ends as an empty list, no proposal passes, and an approval waits; each says why. */
async function everybodyIsTold(pending: Pending, conid: number): Promise<void> {
  const before = await sent().catch(() => undefined);
  const asked = readsOf(conid).map(async ([name, args]) => ({ name, ...(await tool(system, name, args)) }));
  for (const { name, isError, value } of await Promise.all(asked)) {
    expect([name, isError, value.error?.code]).toEqual([name, true, "BROKER_UNAVAILABLE"]);
  }
  const proposed = (await tool(system, "propose_order", buyApple())).value;
  expect(proposed.state).toBe("RISK_DENIED");
  const codes = proposed.verdict.rules.map(({ code }: { code: string | null }) => code);
  expect(codes).toContain("WHAT_IF_MISSING");
  const orders = await admin(system, "GET", "/api/v1/orders");
  expect([orders.status, orders.body.openAtBroker]).toMatchObject([
    200,
    [{ orders: null, failure: { code: "BROKER_UNAVAILABLE" } }],
  ]);
  const answer = await approve(pending);
  expect([answer.status, answer.body.facts]).toEqual([504, { state: "APPROVED", approved: true }]);
  expect(answer.body.detail).toMatch(/BROKER_UNAVAILABLE.*not sent yet, tried again until/);
  if (before !== undefined) expect(await sent()).toBe(before);
}

/** One more order goes its way, and only that one. */
async function everythingWorksAgain(): Promise<void> {
  await linkUp();
  // A simulator that was started again has forgotten it.
  await pinApple(system.twsControl);
  // The price collar judges by the quote, and the one from before is still young.
  await until(
    () => tool(system, "get_quote", { conid: 265598, max_age_ms: 500 }),
    ({ value }) => [value.bid, value.ask].every((price) => Math.abs(Number(price) - 395) < 1),
  );
  const before = await sent();
  const next = await propose();
  expect((await approve(next)).status).toBe(200);
  await becomes(next, "FILLED");
  expect(await sent()).toBe(before + 1);
  expect((await tool(system, "list_positions", { account })).value.items).not.toEqual([]);
}

test("the broker's process is gone -> every call says so; it is back -> everything works", async () => {
  const pending = await propose();
  const launcher = system.process.pid ?? 0;
  // Whoever would start it again stands still meanwhile.
  await freeze(launcher);
  try {
    process.kill(system.pidOf("tws-simulator"), "SIGKILL");
    await brokerFails();
    await everybodyIsTold(pending, 272093);
    await becomes(pending, "EXPIRED");
  } finally {
    process.kill(launcher, "SIGCONT");
  }
  await everythingWorksAgain();
});

test("the broker refuses connections -> every call says so; it takes them again -> everything works", async () => {
  const pending = await propose();
  await fault({ action: "refuseConnections" });
  await fault({ action: "dropBefore" });
  const cut = await tool(system, "list_executions", { account });
  expect(cut.value.error?.code).toBe("BROKER_UNAVAILABLE");
  await brokerFails();
  await everybodyIsTold(pending, 8314);
  const before = await sent();
  await mend();
  // Sent as soon as it is judged again, or expired before.
  const settled = await until(
    () => stateOf(pending),
    (state) => ["FILLED", "EXPIRED"].includes(state),
  );
  expect(await sent()).toBe(before + (settled === "FILLED" ? 1 : 0));
  await everythingWorksAgain();
});

test("the broker falls silent behind a connection that stays open -> the order is sent once or not, and its state says which", async () => {
  const pending = await propose();
  const before = await sent();
  await fault({ action: "halfOpen", message: "*" });
  const [answer, ...reads] = await Promise.all([
    approve(pending),
    tool(system, "list_executions", { account }),
    tool(system, "get_contract", { conid: 4391 }),
  ]);
  // Written to a line that nobody reads any more, or stopped before it: both are answers.
  if (answer.status !== 200) expect([answer.status, answer.body.code]).toEqual([504, "OUTCOME_UNKNOWN"]);
  for (const { value } of reads) expect(["TIMEOUT", "BROKER_UNAVAILABLE"]).toContain(value.error?.code);
  await brokerFails();
  await mend();
  await linkUp();
  const settled = await until(
    () => stateOf(pending),
    (state) => ["FILLED", "UNKNOWN", "EXPIRED"].includes(state),
  );
  expect(await sent()).toBe(before + (settled === "FILLED" ? 1 : 0));
  const again = await approve(pending);
  expect([again.status, again.body.code]).toEqual([409, "PROPOSAL_NOT_PENDING"]);
  await everythingWorksAgain();
});

test("the broker takes an order and cuts the line before it answers -> found again, filled once", async () => {
  const pending = await propose();
  const before = await sent();
  await fault({ action: "dropAfter", message: "placeOrder", times: 1 });
  const answer = await approve(pending);
  if (answer.status !== 200) expect([answer.status, answer.body.code]).toEqual([504, "OUTCOME_UNKNOWN"]);
  await becomes(pending, "FILLED");
  expect(await sent()).toBe(before + 1);
  await everythingWorksAgain();
});

test("a proposal that expired -> PROPOSAL_EXPIRED, its state says so, and nothing is sent", async () => {
  await becomes(forgotten, "EXPIRED");
  const before = await sent();
  const answer = await approve(forgotten);
  expect([answer.status, answer.body.code]).toEqual([409, "PROPOSAL_EXPIRED"]);
  expect(await stateOf(forgotten)).toBe("EXPIRED");
  expect(await sent()).toBe(before);
  const withdrawn = await tool(system, "withdraw_proposal", {
    proposal_id: forgotten.id,
    reason: "late",
    idempotency_key: "late",
  });
  expect(withdrawn.value.error.code).toBe("PROPOSAL_NOT_PENDING");
  expect((await admin(system, "POST", "/api/v1/audit/verify")).body.ok).toBe(true);
});
