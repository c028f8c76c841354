import { cpSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { TestNats } from "@countersign/testing/nats";
import { PATIENCE_MS } from "@countersign/testing/patience";
import { tempDir } from "@countersign/testing/temp-dir";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { MODERN as meta, natsWithAgent, ROOT, say, startStdio } from "./testing/stdio-process.ts";

/** The real process on a real nats-server on which nobody else serves: what is asked ends as a fault, and nothing but JSON-RPC comes out. */
let nats: TestNats;
beforeAll(async () => {
  nats = await natsWithAgent();
});
afterAll(() => nats?.stop());

const start = (token?: string, configDir?: string) =>
  startStdio(nats, { ...(token && { token }), ...(configDir && { configDir }) });
const call = { name: "list_accounts", arguments: {} };

describe("stdio", () => {
  const openings: [string, object[]][] = [
    [
      "2026-07-28",
      [
        { id: 1, method: "server/discover", params: { _meta: meta } },
        { id: 2, method: "tools/list", params: { _meta: meta } },
        { id: 3, method: "tools/call", params: { ...call, _meta: meta } },
      ],
    ],
    [
      "2025-06-18",
      [
        {
          id: 1,
          method: "initialize",
          params: { protocolVersion: "2025-06-18", capabilities: {}, clientInfo: { name: "raw", version: "1" } },
        },
        { method: "notifications/initialized" },
        { id: 2, method: "tools/list" },
        { id: 3, method: "tools/call", params: call },
      ],
    ],
  ];
  test.each(openings)("%s: sixteen tools, a clear fault, and the end with the input", async (_, messages) => {
    const { child, lines, exited } = start();
    for (const message of messages) say(child, message);
    await expect.poll(() => lines.length).toBe(3);
    const answers = new Map(lines.map((line) => JSON.parse(line)).map((answer) => [answer.id, answer.result]));
    expect(answers.get(2).tools).toHaveLength(16);
    expect(JSON.parse(answers.get(3).content[0].text).error.code).toBe("UNAVAILABLE");
    child.stdin?.end();
    expect(await exited).toBe(0);
    expect(lines).toHaveLength(3);
  });

  test.each([
    ["with the end of its line", "\n"],
    ["without it", ""],
  ])("input that ends at once after a call, %s: the call has its answer, then the process ends", async (_, end) => {
    const { child, lines, exited } = start();
    const params = { ...call, _meta: meta };
    child.stdin?.end(`${JSON.stringify({ jsonrpc: "2.0", id: 7, method: "tools/call", params })}${end}`);
    expect(await exited).toBe(0);
    await expect.poll(() => lines.length, { timeout: PATIENCE_MS }).toBe(1);
    const { id, result } = JSON.parse(lines[0] ?? "");
    expect([id, JSON.parse(result.content[0].text).error.code]).toEqual([7, "UNAVAILABLE"]);
  });

  test("lines that are no message -> each gets an error, also one over the limit, and the next request its answer", async () => {
    const { child, lines, exited } = start();
    const long = `{"jsonrpc":"2.0","id":8,"method":"ping","params":{"x":"${"y".repeat(12_000_000)}"}}`;
    const batch = '[{"jsonrpc":"2.0","id":1,"method":"ping"}]';
    for (const line of ["{broken", "", batch, '{"jsonrpc":"2.0","id":1.5,"method":"ping"}', "null", long]) {
      child.stdin?.write(`${line}\n`);
    }
    say(child, { id: 9, method: "tools/call", params: { ...call, _meta: meta } });
    await expect.poll(() => lines.length, { timeout: PATIENCE_MS }).toBe(6);
    const answers = lines.map((line) => JSON.parse(line));
    const codes = answers.map(({ id, error }) => [id, error?.code]);
    const none = [null, -32600];
    expect(codes).toEqual([[null, -32700], none, [1.5, -32600], none, none, [9, undefined]]);
    child.stdin?.end();
    expect(await exited).toBe(0);
  });

  test("killed and started again: the calls of the session are counted on, and a cancel is not counted", async () => {
    const folder = tempDir("countersign-edge-");
    cpSync(join(ROOT, "config"), folder.path, { recursive: true });
    const file = join(folder.path, "mcp-edge.yaml");
    const narrow = "tools: { list_proposals: { perMinute: 3, perHour: 3, perSession: 3 } }";
    writeFileSync(file, readFileSync(file, "utf8").replace(/tools: \{\}/, narrow));
    const codes: string[] = [];
    for (let life = 0; life < 2; life += 1) {
      const { child, lines, exited } = start(undefined, folder.path);
      const cancel = { proposal_id: `prop_${"a".repeat(26)}`, reason: "x", idempotency_key: `k${life}` };
      const counted = { name: "list_proposals", arguments: {} };
      const calls = [counted, counted, { name: "propose_cancel", arguments: cancel }];
      for (const [id, params] of calls.entries()) {
        say(child, { id, method: "tools/call", params: { ...params, _meta: meta } });
        await expect.poll(() => lines.length).toBe(id + 1);
      }
      child.kill("SIGKILL");
      await exited;
      const said = lines.map((line) => JSON.parse(JSON.parse(line).result.content[0].text).error);
      codes.push(...said.map(({ code, limit }) => limit ?? code));
    }
    folder.remove();
    const first = ["UNAVAILABLE", "UNAVAILABLE", "UNAVAILABLE"];
    expect(codes).toEqual([...first, "UNAVAILABLE", expect.stringMatching(/^list_proposals in /), "UNAVAILABLE"]);
  });

  test("a token of nobody -> the process does not start, and says nothing on standard output", async () => {
    const { lines, exited } = start("cs_agent_nobody");
    expect(await exited).toBe(77);
    expect(lines).toEqual([]);
  });
});
