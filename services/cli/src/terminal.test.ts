import type { Server } from "node:http";
import { PassThrough } from "node:stream";
import { afterEach, expect, test, vi } from "vitest";
import { audit } from "./audit-log/audit.ts";
import { close, reject } from "./commands.ts";
import { decision } from "./decision.ts";
import { doctor } from "./doctor.ts";
import { kill } from "./kill.ts";
import { live } from "./live.ts";
import { session } from "./session.ts";
import { plainJson, typedAnswer } from "./terminal.ts";
import { MARK, serverThat } from "./testing/api-that-says.ts";

/** A colour in both spellings, a bell, a return, a mark that turns letters around, and line ends of two kinds. */
const EVIL = "\u001b[31m\u009b31m\u0007\r\u202e\u2028\u{e0001}";
const ANSWER = {
  ...{ effective: EVIL, reason: EVIL, notice: EVIL, state: EVIL, ok: true, closed: true, summary: EVIL, mode: EVIL },
  ...{ settings: [{ scope: EVIL, level: EVIL, reason: EVIL }], trips: [{ key: EVIL, level: EVIL, reason: EVIL }] },
  ...{ layers: [{ layer: EVIL, ok: true, detail: EVIL }], broker: { conditions: [{ code: EVIL, detail: EVIL }] } },
  ...{ root: EVIL, findings: [EVIL], open: true, gates: [{ gate: EVIL, ok: true, evidence: EVIL }] },
  ...{ agent: EVIL, date: EVIL, endsAt: EVIL },
};
let server: Server;
afterEach(() => server?.close());

test.each([
  ["kill HALTED", kill, ["HALTED"]],
  ["kill status", kill, ["status"]],
  ["kill report", kill, ["report"]],
  ["kill reset", kill, ["reset", "a.b.c"]],
  ["reject", reject, ["prop_a"]],
  ["close", close, ["prop_a"]],
  ["audit verify", audit, ["verify"]],
  ["doctor", doctor, []],
  ["live status", live, ["status"]],
  ["session reopen", session, ["reopen", "agent"]],
  ["decision export", decision, ["export", "prop_a"]],
] as const)("%s: no text of an answer moves the cursor, as words or as JSON", async (_, command, words) => {
  const there = await serverThat((_request, response) => response.writeHead(200, MARK).end(JSON.stringify(ANSWER)));
  server = there.server;
  const settings = { admin: there.url, operatorToken: "t", nats: undefined };
  const said = [vi.spyOn(process.stdout, "write"), vi.spyOn(process.stderr, "write")];
  for (const spy of said) spy.mockReturnValue(true);
  for (const json of [false, true]) expect(await command({ settings, words, flags: { reason: "r", json } })).toBe(0);
  const texts = said.flatMap(({ mock }) => mock.calls.map(([text]) => String(text)));
  for (const spy of said) spy.mockRestore();
  expect(texts.join("").length).toBeGreaterThan(0);
  for (const text of texts) expect(text).not.toMatch(/[^\P{C}\n]|[\p{Zl}\p{Zp}]/u);
});

test("JSON with what a terminal would obey escaped is the same value", () => {
  expect(JSON.parse(plainJson(JSON.stringify({ a: EVIL }, null, 2)))).toEqual({ a: EVIL });
});

test.each([
  ["Ctrl-D", "\u0004"],
  ["Ctrl-C", "\u0003"],
  ["the end of the input", undefined],
])("%s at the question is no answer, and no error", async (_, keys) => {
  const input = Object.assign(new PassThrough(), { isTTY: true, setRawMode: () => undefined });
  const output = Object.assign(new PassThrough(), { isTTY: true, columns: 40 });
  const answer = typedAnswer("Type: ", input, output.resume());
  if (keys === undefined) input.end();
  else input.write(keys);
  expect(await answer).toBeUndefined();
});

test("what is typed before Enter is the answer", async () => {
  const input = new PassThrough();
  const answer = typedAnswer("Type: ", input, new PassThrough().resume());
  input.write("BUY 10 AAPL\n");
  expect(await answer).toBe("BUY 10 AAPL");
});
