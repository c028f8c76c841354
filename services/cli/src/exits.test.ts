import { spawn } from "node:child_process";
import type { Server } from "node:http";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { showProposal } from "./commands.ts";
import { decision } from "./decision.ts";
import { killDrill } from "./kill.ts";
import { MARK, serverThat } from "./testing/api-that-says.ts";

let server: Server;
afterEach(() => server?.close());

async function apiThatSays(answer: string, status = 200): Promise<string> {
  const api = await serverThat((_, response) => response.writeHead(status, MARK).end(answer));
  server = api.server;
  return api.url;
}

/** A process whose reader goes away at once. */
async function unread(args: string[], also?: "errors"): Promise<{ code: unknown; err: string }> {
  const main = join(import.meta.dirname, "main.ts");
  const child = spawn(process.execPath, [main, ...args], { stdio: ["ignore", "pipe", "pipe"] });
  child.stdout.destroy();
  if (also === "errors") child.stderr.destroy();
  let err = "";
  child.stderr.on("data", (data) => {
    err += data;
  });
  return { code: await new Promise((done) => child.once("close", done)), err };
}

test("a reader that goes away changes neither what is done nor the exit code", async () => {
  const admin = await apiThatSays('{"proposalId":"prop_a","state":"REJECTED"}');
  expect(await unread(["reject", "prop_a", "--reason", "r", "--admin", admin, "--token", "t"])).toEqual({
    code: 0,
    err: "",
  });
});

test("nobody reads the errors either -> the exit code is the same", async () => {
  const admin = await apiThatSays(JSON.stringify({ code: "PROPOSAL_NOT_PENDING", detail: "d" }), 409);
  const { code } = await unread(["reject", "prop_a", "--reason", "r", "--admin", admin, "--token", "t"], "errors");
  expect(code).toBe(1);
});

test.each([
  ["INVALID_ARGUMENT", 400, 2],
  ["PROPOSAL_NOT_PENDING", 409, 1],
  ["CONFIRMATION_INVALID", 400, 1],
  ["FORBIDDEN", 403, 4],
  ["SELF_APPROVAL", 403, 1],
  ["AUDIT_UNAVAILABLE", 503, 3],
])("what the admin API calls %s (%i) -> exit code %i", async (code, status, exitCode) => {
  const settings = { admin: await apiThatSays(JSON.stringify({ code, detail: "d" }), status), operatorToken: "t" };
  const shown = showProposal({ settings: { ...settings, nats: undefined }, words: ["foo"], flags: {} });
  await expect(shown).rejects.toMatchObject({ exitCode, message: `${code}: d` });
});

test("an answer that nobody foresaw ends with exit code 3, not with that of a denial", async () => {
  const admin = await apiThatSays('{"items":3}');
  const { code, err } = await unread(["proposals", "--admin", admin, "--token", "t"]);
  expect([code, err]).toEqual([3, expect.stringContaining("TypeError")]);
});

test("a decision that cannot be written where it was asked for -> exit code 2", async () => {
  const settings = { admin: await apiThatSays("{}"), operatorToken: "t", nats: undefined };
  const input = { settings, words: ["export", "prop_a"], flags: { out: "/nowhere/at/all" } };
  await expect(decision(input)).rejects.toMatchObject({ exitCode: 2, message: expect.stringContaining("/nowhere") });
});

test.each(["0", "x", "-1", "1e3", ""])(
  "a drill of %j rounds, which could not fail, is refused: exit code 2",
  async (rounds) => {
    const drill = killDrill({ words: ["drill"], flags: { rounds }, dataDir: "/nowhere" });
    await expect(drill).rejects.toMatchObject({ exitCode: 2 });
  },
);
