import { PATIENCE_MS } from "@countersign/testing/patience";
import type { Browser, Page, Route } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { launchChromium, openPage } from "./chromium.ts";
import { buyApple, tool } from "./mcp-client.ts";
import { admin, type System, startSystem, until } from "./system.ts";

const API = "**/api/**";
/** Longer than the pause between two rounds of questions of the page. */
const ROUNDS_MS = 2_500;
/** So long the page waits for the answer to a stop. */
const HALT_ANSWER_MS = 10_000;

/** Clicks in the page, and notes whether the button was open each time it was touched until it left the page. */
const CLICK_AND_WATCH = `(async () => {
  const button = document.getElementById("approve");
  const open = [];
  new MutationObserver(() => open.push(!button.disabled)).observe(button, { attributes: true });
  button.click();
  while (button.isConnected) await new Promise((done) => setTimeout(done, 20));
  return open;
})()`;

/** Whether the button for the smaller ticket is open in the moment in which it appears. */
const WATCH_SMALLER = `new Promise((done) => {
  const look = () => {
    const button = document.getElementById("approve");
    if (button?.textContent.includes("BUY 4 AAPL")) done(!button.disabled);
    else requestAnimationFrame(look);
  };
  look();
})`;

let system: System;
let browser: Browser;
let page: Page;

beforeAll(async () => {
  system = await startSystem();
  browser = await launchChromium();
  page = await browser.newPage();
  page.setDefaultTimeout(PATIENCE_MS);
});
afterAll(async () => {
  await browser?.close();
  await system?.stop();
});

/** A proposal that waits, on the screen. */
async function waiting(changes: Record<string, unknown> = {}): Promise<string> {
  const { value } = await tool(system, "propose_order", buyApple({ limit_price: "390", ...changes }));
  await openPage(page, system, value.approval_url);
  await page.locator("#approve:enabled").waitFor();
  return value.proposal_id;
}

const notice = () => page.locator("#notice").innerText();
const approve = (body: object, id: string) => admin(system, "POST", `/api/v1/proposals/${id}/approve`, body);

test("without an answer nothing can be approved, the page says that it is old, and both end with the next answer", async () => {
  await waiting();
  await page.route(API, (route) => route.abort());
  await page.locator("#approve:disabled").waitFor();
  expect(await page.locator("#connection").innerText()).toContain("The admin API does not answer. What is shown is as");
  expect(await page.locator("#health").innerText()).toBe("State not known");
  await page.unroute(API);
  await page.locator("#approve:enabled").waitFor();
  await expect.poll(() => page.locator("#connection").innerText()).toBe("");
  expect(await page.locator("#health").innerText()).not.toBe("State not known");
});

test("a server that is silent, and refuses nothing: the page counts as old all the same", async () => {
  await waiting();
  const silence = () => new Promise<void>(() => undefined);
  await page.route(API, silence);
  await page.locator("#approve:disabled").waitFor();
  await expect.poll(() => page.locator("#connection").innerText()).toContain("Nothing can be approved");
  await page.unroute(API, silence);
});

test("a rejection and a cancel without an answer: the page does not claim an outcome, and each can be done again", async () => {
  const id = await waiting();
  const once = (route: Route) => route.abort();
  await page.route("**/reject", once, { times: 1 });
  await page.locator("#reject-reason").fill("not today");
  await page.locator("#reject").click();
  await expect.poll(notice).toContain("it is not known whether it was done");
  await page.locator("#reject:enabled").waitFor();
  const { ticketHash } = (await admin(system, "GET", `/api/v1/proposals/${id}`)).body;
  await approve({ ticketHash }, id);
  await page.locator('#card[data-state="WORKING"]').waitFor();
  await page.route("**/cancel", once, { times: 1 });
  await page.locator("#cancel").click();
  await expect.poll(notice).toContain("it is not known whether it was done");
  await page.locator("#cancel").click();
  await page.locator('#card[data-state="CANCELLED"]').waitFor();
  expect(await notice()).toBe("");
});

test("after the click the button stays shut until the page shows what came of it", async () => {
  const id = await waiting();
  const slow = async (route: Route) => {
    await new Promise((done) => setTimeout(done, 1_000));
    await route.continue();
  };
  await page.route(`**/api/v1/proposals/${id}`, slow);
  const seen = await page.evaluate<boolean[]>(CLICK_AND_WATCH);
  expect(seen.length).toBeGreaterThan(0);
  expect(seen).not.toContain(true);
  await page.unroute(`**/api/v1/proposals/${id}`, slow);
  await page.locator("#cancel").click();
});

test("a ticket that somebody else makes smaller is a new one: it too must be looked at before it can be approved", async () => {
  const id = await waiting();
  const { ticketHash } = (await admin(system, "GET", `/api/v1/proposals/${id}`)).body;
  const watching = page.evaluate<boolean>(WATCH_SMALLER);
  await admin(system, "POST", `/api/v1/proposals/${id}/reduce`, { ticketHash, quantity: "4", reason: "less" });
  expect(await watching).toBe(false);
  await page.locator("#approve:enabled", { hasText: "BUY 4 AAPL" }).waitFor();
});

test("a stop shuts the button and says so, and what is being typed stays", async () => {
  await waiting();
  await page.locator("#reject-reason").fill("half of a reas");
  const stop = (level: string) => ({ scope: "agent.agent", level, reason: "test" });
  await admin(system, "PUT", "/api/v1/kill-switch", stop("HALTED"));
  await page.locator("#approve:disabled").waitFor();
  await page.locator("#obstacle", { hasText: "The kill switch is HALTED" }).waitFor();
  await until(
    () => admin(system, "PUT", "/api/v1/kill-switch", stop("ACTIVE")),
    ({ status }) => status === 200,
  );
  await page.locator("#approve:enabled").waitFor();
  expect(await page.locator("#obstacle").innerText()).toBe("");
  expect(await page.locator("#reject-reason").inputValue()).toBe("half of a reas");
  await page.locator("#reject").click();
  await page.locator('#card[data-state="REJECTED"]').waitFor();
});

test("the list has what expires first at the top, also when it stands on the last page of the server's list", async () => {
  const first = await waiting();
  await waiting();
  await waiting();
  const onePerPage = (route: Route) => route.continue({ url: route.request().url().replace("limit=100", "limit=1") });
  await page.route("**/api/v1/proposals?*", onePerPage);
  const items = (await admin(system, "GET", "/api/v1/proposals?state=PENDING_APPROVAL&limit=100")).body.items;
  await page.waitForTimeout(ROUNDS_MS);
  const shown = page.locator("ul.proposals a");
  expect(await shown.count()).toBe(items.length);
  const oldest = items.at(-1).proposalId;
  expect(await shown.first().getAttribute("href")).toBe(`/proposals/${oldest}`);
  expect(items.map((one: { proposalId: string }) => one.proposalId)).toContain(first);
  await page.unroute("**/api/v1/proposals?*", onePerPage);
});

test("the keyboard stays where it is and a long press counts, while the page is read anew", async () => {
  await waiting();
  const link = page.locator("ul.proposals a").last();
  await link.focus();
  await page.waitForTimeout(ROUNDS_MS);
  expect(await page.locator(":focus").getAttribute("href")).toBe(await link.getAttribute("href"));
  await page.locator("#safety-open").hover();
  await page.mouse.down();
  await page.waitForTimeout(ROUNDS_MS);
  await page.mouse.up();
  await page.locator("#policy-mode").waitFor();
});

test("HALT ALL against a server that is silent: said at once that it is not done yet, and then how to stop without it", async () => {
  await openPage(page, system, system.ready.admin);
  await page.locator(".halt:enabled").first().waitFor();
  const silence = (route: Route) =>
    route.request().method() === "PUT" ? new Promise<void>(() => undefined) : route.fallback();
  await page.route("**/kill-switch", silence);
  await page.getByRole("button", { name: "HALT ALL" }).click();
  expect(await notice()).toBe("HALTED for global is being set…");
  await expect.poll(notice, { timeout: 2 * HALT_ANSWER_MS }).toContain("countersign kill HALTED --local");
  expect((await admin(system, "GET", "/api/v1/kill-switch")).body.effective).toBe("ACTIVE");
  await page.unroute("**/kill-switch", silence);
});

test("a symbol with a letter that only looks right shows it by its number, and words from right to left turn nothing round", async () => {
  const id = await waiting();
  const forged = async (route: Route) => {
    const answer = await route.fetch();
    const text = (await answer.text())
      .replaceAll('"AAPL"', '"\u0410APL\u3164"')
      .replace('"APPLE INC"', '"\u05d0\u05d1 1 INC"');
    await route.fulfill({ response: answer, body: text });
  };
  await page.route(`**/api/v1/proposals/${id}`, forged);
  await page.locator("#approve", { hasText: "BUY 10 [U+0410]APL[U+3164]" }).waitFor();
  expect(await page.locator(".band bdi").innerText()).toBe("\u05d0\u05d1 1 INC");
  await page.unroute(`**/api/v1/proposals/${id}`, forged);
});

test("an address of no proposal says so, and the others are there all the same", async () => {
  await page.goto(`${system.ready.admin}/proposals/prop_${"a".repeat(26)}`);
  await page.locator("#card", { hasText: "There is no such proposal." }).waitFor();
  expect(await page.locator("#connection").innerText()).toBe("");
  await page.locator("ul.proposals a").first().click();
  await page.locator("#approve:enabled").waitFor();
});

test("on a phone nothing of a ticket lies outside the screen", async () => {
  await page.setViewportSize({ width: 360, height: 740 });
  await waiting();
  expect(await page.evaluate("document.documentElement.scrollWidth")).toBe(360);
  await page.setViewportSize({ width: 1280, height: 800 });
});

test("a token that no request can carry, and one of an agent: both are not accepted, and the page says so", async () => {
  const other = await browser.newPage();
  await other.goto(system.ready.admin);
  for (const token of ["\u043a\u043b\u044e\u0447", "", system.ready.agentToken]) {
    await other.locator("#token").fill(token);
    await other.locator("#token").press("Enter");
    await other.locator("#notice", { hasText: "This token is not accepted." }).waitFor();
    await other.locator("#token:focus").waitFor();
    await other.waitForTimeout(ROUNDS_MS);
    expect(await other.locator("#notice").innerText()).toBe("This token is not accepted.");
    expect(await other.locator("#connection").innerText()).toBe("");
  }
  await other.close();
});

test("who signs out takes all along: no stop, no policy and no proposal stays, also when an answer comes late", async () => {
  await openPage(page, system, system.ready.admin);
  await page.locator("#safety-open").waitFor();
  if (!(await page.locator("#policy-mode").isVisible())) await page.locator("#safety-open").click();
  await page.locator("#policy-mode").waitFor();
  await page.getByRole("button", { name: "Sign out" }).click();
  await page.waitForTimeout(ROUNDS_MS);
  const text = (await page.locator("body").innerText()).replace(/\s+/g, " ").trim();
  expect(text).toBe("Countersign Sign in Paste your operator token. It stays in this tab only. Sign in");
});
