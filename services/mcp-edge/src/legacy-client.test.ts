import { ok } from "@countersign/contracts/denial";
import { listen } from "@countersign/http/listen";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createHttpApp } from "./http.ts";
import { edgeUnderTest, TOKEN } from "./testing/edge-under-test.ts";
import { pendingProposal } from "./testing/examples.ts";
import { buyApple } from "./testing/wire.ts";

/** The client of the earlier protocol line: other code than the server's, and it checks results against their schemas. */
let client: Client;
let stop: () => Promise<void>;
beforeAll(async () => {
  const { edge } = edgeUnderTest({
    "rpc.v1.proposal.list": () => ok({ items: [pendingProposal()], nextCursor: null }),
    "rpc.v1.proposal.get": () => ok(pendingProposal()),
  });
  const { app, close } = createHttpApp(edge);
  const listener = await listen(app, { hostname: "127.0.0.1", port: 0 }, edge.deps.clock);
  client = new Client({ name: "legacy", version: "1" });
  const requestInit = { headers: { authorization: `Bearer ${TOKEN}` } };
  const url = new URL(`http://127.0.0.1:${listener.port}/mcp`);
  await client.connect(new StreamableHTTPClientTransport(url, { requestInit }) as never);
  stop = async () => {
    await client.close();
    await close();
    await listener.close();
  };
});
afterAll(() => stop());

const textOf = (result: Awaited<ReturnType<Client["callTool"]>>) =>
  JSON.parse((result.content as { text: string }[])[0]?.text ?? "");

test("it connects, and lists sixteen tools with schemas that it can compile", async () => {
  const { tools } = await client.listTools();
  expect(tools).toHaveLength(16);
  expect(client.getServerVersion()).toMatchObject({ name: "countersign-simulator" });
  expect(client.getInstructions()?.split(/\s+/).length).toBeLessThanOrEqual(150);
});

test.each([
  ["propose_order", buyApple()],
  ["get_proposal", { proposal_id: `prop_${"a".repeat(26)}` }],
  ["list_proposals", {}],
])("%s: its result fits the schema that was listed", async (name, args) => {
  await client.listTools();
  const result = await client.callTool({ name, arguments: args });
  expect(result.isError ?? false, JSON.stringify(result)).toBe(false);
  expect(result.structuredContent).toEqual(textOf(result));
});

test("an error reaches it as a result with our code, although it has no structured content", async () => {
  const result = await client.callTool({ name: "propose_order", arguments: buyApple({ quantity: "-1" }) });
  expect(result.isError).toBe(true);
  expect(textOf(result).error.code).toBe("INVALID_ARGUMENT");
});
