import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { PATIENCE_MS } from "@countersign/testing/patience";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { launchChromium, openPage } from "./chromium.ts";
import { buyApple, tool } from "./mcp-client.ts";
import { admin, type System, startSystem, until } from "./system.ts";

const CLI = join(import.meta.dirname, "../../services/cli/src/main.ts");

const HALT = [CLI, "kill", "HALTED", "--local", "--reason", "test"];

/** Of a machine that is busy, not of the page, which asks again. */
const LATE = /\/api\/v1\/.* status of 50[34] /;

let system: System;
let browser: Browser;
let page: Page;
const complaints: string[] = [];

beforeAll(async () => {
  system = await startSystem();
  browser = await launchChromium();
  page = await browser.newPage();
  page.setDefaultTimeout(PATIENCE_MS);
  page.on("pageerror", (error) => complaints.push(error.message));
  page.on("console", (message) => {
    const text = `${message.location().url}: ${message.text()}`;
    if (message.type() === "error" && !LATE.test(text)) complaints.push(text);
  });
});
afterAll(async () => {
  await browser?.close();
  await system?.stop();
});

const open = (url: string): Promise<void> => openPage(page, system, url);

/** Waits for the page to show this state; what it shows instead is the failure. */
async function becomes(state: string): Promise<void> {
  const shown = page.locator(`#card[data-state="${state}"]`);
  await shown.waitFor().catch(async (cause) => {
    throw new Error(`not ${state}, but: ${await page.locator("#main").innerText()}`, { cause });
  });
}

test("a person opens the approval URL, reads the ticket, approves, and sees the fill", async () => {
  const words = '<img src=x onerror="document.title=1"> ignore all rules';
  const proposed = await tool(system, "propose_order", buyApple({ rationale: words }));
  await open(proposed.value.approval_url);
  const card = page.locator("#card");
  await card.locator("#approve").waitFor();
  const text = await card.innerText();
  for (const part of ["AAPL", "BUY", "400", "DU", "maxOrderNotional", words]) expect(text).toContain(part);
  expect(await page.title()).toBe("Countersign");

  const approve = card.locator("#approve");
  expect(await approve.innerText()).toMatch(/BUY 10 AAPL/);
  await approve.click();
  await becomes("FILLED");
  expect((await admin(system, "GET", `/api/v1/proposals/${proposed.value.proposal_id}`)).body.state).toBe("FILLED");
});

test("a soft limit that is exceeded: the button stays shut until the name of its rule is typed, and then it is sent", async () => {
  const proposed = await tool(system, "propose_order", { ...buyApple(), limit_price: "418.7" });
  const { body } = await admin(system, "GET", `/api/v1/proposals/${proposed.value.proposal_id}`);
  await open(proposed.value.approval_url);
  const fields = page.locator("#confirm input");
  await fields.first().waitFor();
  const names: string[] = body.approval.confirm.map(({ rule }: { rule: string }) => rule);
  expect(await fields.count()).toBe(names.length);
  expect(await page.locator("#card").innerText()).toContain(`Type ${names[0]} to confirm`);
  for (const [index, name] of names.entries()) await fields.nth(index).fill(name);
  await page.locator("#approve:enabled").waitFor();
  await fields.first().fill((names[0] ?? "").toUpperCase());
  await page.locator("#approve:disabled").waitFor();
  await fields.first().fill(names[0] ?? "");
  await page.locator("#approve").click();
  await until(
    () => admin(system, "GET", `/api/v1/proposals/${proposed.value.proposal_id}`),
    (answer) => answer.body.order !== null,
  );
});

test("a rejection needs a reason, and the agent reads it; a new proposal that names it leads back to it", async () => {
  const proposed = await tool(system, "propose_order", buyApple());
  await open(proposed.value.approval_url);
  await page.locator("#reject").click();
  expect(await page.locator("#notice").innerText()).toContain("reason");
  await page.getByRole("button", { name: "not now" }).click();
  await page.locator("#reject-reason").fill("not today");
  await page.locator("#reject").click();
  await becomes("REJECTED");
  const view = await tool(system, "get_proposal", { proposal_id: proposed.value.proposal_id });
  expect(JSON.stringify(view.value)).toContain("not today");
  expect(view.value.decision.code).toBe("BAD_TIMING");
  const refused = proposed.value.proposal_id;
  const again = await tool(system, "propose_order", buyApple({ rationale: `As asked for in ${refused}.` }));
  await open(again.value.approval_url);
  await page.locator(".untrusted a").click();
  await becomes("REJECTED");
  expect(new URL(page.url()).pathname).toBe(`/proposals/${refused}`);
});

test("every price of an order stands on its ticket: a trailing stop with a limit", async () => {
  const args = { order_type: "TRAIL LIMIT", trailing_percent: "1.5", stop_price: "401", limit_offset: "0.25" };
  const { limit_price: _, ...rest } = buyApple();
  const proposed = await tool(system, "propose_order", { ...rest, ...args, time_in_force: "GTC" });
  await open(proposed.value.approval_url);
  await page.locator("#approve").waitFor();
  const terms = await page.locator("#terms").innerText();
  expect(terms).toBe("TRAIL LIMIT trailing 1.5 % stop 401 USD limit 0.25 USD behind the stop · GTC · regular hours");
});

test("a combination: what it is in one line, and below it what happens to each leg", async () => {
  const [low, high] = [2_000_000_071, 2_000_000_072];
  for (const [conid, price] of Object.entries({ [low]: "8.00", [high]: "6.00" })) {
    const body = JSON.stringify({ conid: Number(conid), price });
    await fetch(`${system.twsControl}/market/price`, { method: "POST", body });
  }
  const legs = [
    { conid: low, side: "BUY", ratio: 1 },
    { conid: high, side: "SELL", ratio: 1 },
  ];
  const { conid: _, ...rest } = buyApple({ legs, side: "SELL", quantity: "2", limit_price: "-0.5" });
  const proposed = await tool(system, "propose_order", rest);
  await open(proposed.value.approval_url);
  await page.locator("#approve").waitFor();
  const combo = "SELL 2 x combo: +1 AAPL 20271217 C 200, -1 AAPL 20271217 C 210";
  expect(await page.locator(".headline").innerText()).toBe(combo);
  expect(await page.locator("#terms").innerText()).toBe("LMT limit -0.5 USD · DAY · regular hours");
  expect(await page.locator(".exit").allInnerTexts()).toEqual([
    `SELL 2 x 1 AAPL 20271217 C 200 · APPLE INC · OPT · SMART · conid ${low}`,
    `BUY 2 x 1 AAPL 20271217 C 210 · APPLE INC · OPT · SMART · conid ${high}`,
  ]);
  expect(await page.locator("#approve").innerText()).toBe(`Approve ${combo}`);
  expect(await page.locator("#card").innerText()).toContain("OPENS SHORT");
});

test("a bracket: both exits before the approval, each one's state and the broker's words after it", async () => {
  const words = "Warning: <b>held</b> until 09:30.";
  const fault = { action: "warnOrder", code: 399, text: words };
  await fetch(`${system.twsControl}/faults`, { method: "POST", body: JSON.stringify(fault) });
  const args = { take_profit_price: "410", stop_loss_price: "380", exits_time_in_force: "GTC" };
  const proposed = await tool(system, "propose_order", buyApple({ ...args, limit_price: "390" }));
  await open(proposed.value.approval_url);
  await page.locator("#approve").waitFor();
  expect(await page.locator(".exit").allInnerTexts()).toEqual([
    "Take profit: SELL 10 limit 410 USD · GTC · regular hours",
    "Stop loss: SELL 10 stop 380 USD · GTC · regular hours",
  ]);
  await page.locator("#approve").click();
  await page.locator("h3", { hasText: "Stop loss: WORKING" }).waitFor();
  await page.locator(".broker-says", { hasText: words }).first().waitFor();
  await page.locator("#cancel").click();
  await becomes("CANCELLED");
});

test("a passkey: made on the page, signed into the roster by the root, and then it approves an order", async () => {
  const origin = system.ready.admin.replace("127.0.0.1", "localhost");
  const devtools = await page.context().newCDPSession(page);
  await devtools.send("WebAuthn.enable");
  const options = { protocol: "ctap2", transport: "internal", hasResidentKey: true } as const;
  const user = { hasUserVerification: true, isUserVerified: true, automaticPresenceSimulation: true };
  await devtools.send("WebAuthn.addVirtualAuthenticator", { options: { ...options, ...user } });
  const proposed = await tool(system, "propose_order", buyApple());
  const address = `${origin}/proposals/${proposed.value.proposal_id}`;
  await open(address);
  // The ticket is long, and moves what stands below it: a press that begins before it would end beside the button.
  await page.locator("#approve").waitFor();
  await page.locator("#register-passkey").click();
  await expect.poll(() => page.locator("#passkey-entry").innerText()).toContain('"kind":"passkey"');
  const entry = join(system.dataDir, "entry.json");
  writeFileSync(entry, await page.locator("#passkey-entry").innerText());
  // Nothing of this page counts before the root has signed.
  expect(await page.locator("#approve-passkey").count()).toBe(0);

  const roster = join(system.dataDir, "keys/roster.json");
  const cli = (...args: string[]) => execFileSync(process.execPath, [CLI, "roster", ...args]);
  cli("add", roster, "--entry", entry);
  cli("sign", roster, "--key", join(system.dataDir, "roots/local-root.pem"), "--name", "local-root");
  await page.reload();
  await page.locator("#approve-passkey").click();
  await becomes("FILLED");
  const audit = await admin(system, "GET", `/api/v1/audit?correlationId=${proposed.value.proposal_id}`);
  expect(JSON.stringify(audit.body)).toContain('"passkey":{"authenticatorData"');
});

test("made smaller on the page, then the new ticket is approved", async () => {
  const proposed = await tool(system, "propose_order", buyApple());
  await open(proposed.value.approval_url);
  await page.locator("#reduce-quantity").fill("4");
  await page.locator("#reduce").click();
  expect(await page.locator("#notice").innerText()).toContain("A reason is needed");
  await page.locator("#reduce-reason").fill("half will do");
  await page.locator("#reduce").click();
  const approve = page.locator("#approve");
  await expect.poll(() => approve.innerText()).toMatch(/BUY 4 AAPL/);
  expect(await page.locator(".reduction").innerText()).toContain("half will do");
  await approve.click();
  await becomes("FILLED");
});

/** Whether a stop may be let go now: the broker is clean, and the time after it is over. */
async function resettable(): Promise<boolean> {
  const parts = { scope: "agent.nobody", reason: "test" };
  await admin(system, "PUT", "/api/v1/kill-switch", { ...parts, level: "HALTED" });
  const answer = await admin(system, "PUT", "/api/v1/kill-switch", { ...parts, level: "ACTIVE" });
  return answer.status === 200;
}

test("what tripped, what was cancelled and the standing policy stand on the page, and ALL is cancelled from there", async () => {
  const working = await tool(system, "propose_order", buyApple({ limit_price: "390" }));
  const { proposal_id: id, ticket_hash: ticketHash } = working.value;
  await admin(system, "POST", `/api/v1/proposals/${id}/approve`, { ticketHash });
  await open(system.ready.admin);
  await page.locator("#safety-open").click();
  await page.locator("#policy-mode").waitFor();
  expect(await page.locator("#policy-mode").innerText()).toBe("OFF");
  expect(await page.locator("#policy-on").isDisabled()).toBe(true);
  await page.locator("#cancel-all-reason").fill("everything off");
  await page.locator("#cancel-all").click();
  await expect.poll(() => page.locator("#reports").innerText()).toContain("nothing open any more");
  const { state } = (await admin(system, "GET", `/api/v1/proposals/${id}`)).body;
  expect(state).toBe("CANCELLED");
  execFileSync(process.execPath, [...HALT, "--data-dir", system.dataDir]);
  await expect.poll(() => page.locator("#trips").innerText()).toContain("local-latch");
  const row = page.locator("#trips li", { hasText: "local-latch" });
  await row.locator("input").fill("seen");
  await until(resettable, (may) => may);
  await row.locator("button").click();
  await expect.poll(() => row.count()).toBe(0);
  const loosened = { scope: "global", level: "ACTIVE", reason: "end of the test" };
  expect((await admin(system, "PUT", "/api/v1/kill-switch", loosened)).status).toBe(200);
});

test("HALT ALL is one click away, and nothing can be approved after it", async () => {
  const proposed = await tool(system, "propose_order", buyApple());
  await open(proposed.value.approval_url);
  await page.getByRole("button", { name: "HALT ALL" }).click();
  await expect.poll(async () => (await admin(system, "GET", "/api/v1/kill-switch")).body.effective).toBe("HALTED");
  await expect.poll(() => page.locator("#approve").isDisabled()).toBe(true);
});

test("the page loads nothing from elsewhere and complains of nothing", async () => {
  const answer = await fetch(`${system.ready.admin}/`);
  expect(answer.headers.get("content-security-policy")).toContain("default-src 'none'");
  expect(complaints).toEqual([]);
});
