import type { Server } from "node:http";
import { afterEach, expect, test, vi } from "vitest";
import { approve, proposals } from "./commands.ts";
import { MARK, serverThat } from "./testing/api-that-says.ts";

const ID = `prop_${"a".repeat(26)}`;
const PAGE = `http://localhost:4002/proposals/${ID}`;
const UNTIL = "2026-11-20T10:02:00.000Z";
let server: Server;
afterEach(() => server.close());

/** An admin API with one proposal, for whose approval it asks what is given; the signatures that it got are counted. */
async function api(approval: object) {
  const signed: unknown[] = [];
  const submission = { outcome: "awaitsSecond", until: UNTIL };
  const there = await serverThat((request, response) => {
    if (request.method === "POST") signed.push(request.url);
    const view = { proposalId: ID, ticketHash: "a".repeat(64), approval: { confirm: [], page: PAGE, ...approval } };
    response.writeHead(200, MARK);
    response.end(JSON.stringify(request.method === "POST" ? { state: "PENDING_APPROVAL", submission } : view));
  });
  server = there.server;
  const settings = { admin: there.url, operatorToken: "t", nats: undefined };
  const said = vi.spyOn(process.stdout, "write").mockReturnValue(true);
  const done = await approve({ settings, words: [ID], flags: { yes: true, json: true } }).catch((error) => error);
  const text = said.mock.calls.join("");
  said.mockRestore();
  return { done, signed, text };
}

test.each([
  [PAGE, `open ${PAGE}`],
  [null, "no page is set up for it (COUNTERSIGN_APPROVAL_ORIGIN)"],
])(
  "a ticket that needs a passkey is not sent for a signature; told is where one can be given: %s",
  async (page, where) => {
    const { done, signed } = await api({ keys: "passkey", page });
    expect(done).toMatchObject({ exitCode: 1, message: expect.stringContaining("PASSKEY_REQUIRED") });
    expect(done.message).toContain(where);
    expect(signed).toEqual([]);
  },
);

test("the first of two signatures is given, and until when the second must come is told: exit code 0", async () => {
  const { done, signed, text } = await api({ keys: "session" });
  expect([done, signed.length]).toEqual([0, 1]);
  expect(JSON.parse(text).submission).toEqual({ outcome: "awaitsSecond", until: UNTIL });
});

test("a list that has more than it shows says so, and how it goes on; the last page does not", async () => {
  const asked: string[] = [];
  const there = await serverThat((request, response) => {
    asked.push(request.url ?? "");
    const nextCursor = request.url?.includes("cursor") === true ? null : ID;
    response.writeHead(200, MARK).end(JSON.stringify({ items: [], nextCursor }));
  });
  server = there.server;
  const settings = { admin: there.url, operatorToken: "t", nats: undefined };
  const said = vi.spyOn(process.stdout, "write").mockReturnValue(true);
  await proposals({ settings, words: [], flags: { state: "PENDING_APPROVAL" } });
  await proposals({ settings, words: [], flags: { state: "PENDING_APPROVAL", cursor: ID } });
  const [first, last] = said.mock.calls.map(([text]) => String(text));
  said.mockRestore();
  expect(asked).toEqual(["", `&cursor=${ID}`].map((more) => `/api/v1/proposals?state=PENDING_APPROVAL${more}`));
  expect(first).toContain(`older ones are left out: --cursor ${ID}`);
  expect(last).not.toContain("left out");
});
