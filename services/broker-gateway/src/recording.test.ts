import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { RPCS } from "@countersign/contracts/subjects";
import { parseRecording } from "@countersign/wire-record/recording";
import { describe, expect, test } from "vitest";
import { AAPL, ACCOUNT, World } from "./test-support.ts";
import { replay } from "./testing/replay.ts";

const RECORDINGS = join(import.meta.dirname, "../recordings");

test("record: both directions are written without the account, and replayed they say the same", async () => {
  const world = await World.open();
  await world.startGateway({ record: "session.jsonl" });
  const { approval, proposal } = await world.approved();
  await world.submit(approval);
  await world.execLogWith(proposal, "filled/1");
  await world.risk.request(RPCS.positions, { account: ACCOUNT });
  await world.market.request(RPCS.brokerQuote, { conid: AAPL });
  await world.market.request(RPCS.brokerContract, { conid: AAPL });
  world.gateway?.link.drop("test");
  await world.linkUp();
  await world.stopGateway();
  const file = join(world.folder.path, "broker-gateway", "session.jsonl");
  const text = readFileSync(file, "utf8");
  expect(statSync(file).mode & 0o077).toBe(0);
  expect(text).not.toContain(ACCOUNT);
  const records = parseRecording(text);
  expect(new Set(records.map(({ connection }) => connection))).toEqual(new Set([1, 2]));
  const sent = records.flatMap((record) => ("tokens" in record && record.from === "client" ? [record.tokens[0]] : []));
  expect(sent).toEqual(expect.arrayContaining(["71", "3", "16", "7", "61"]));
  const events = await replay(records, 1);
  const kinds = new Set(events.map(({ kind }) => kind));
  for (const kind of ["accounts", "nextOrderId", "openOrder", "orderStatus", "execution", "positionsEnd", "details"]) {
    expect(kinds).toContain(kind);
  }
  expect(kinds).not.toContain("fault");
  // The next start does not write over it.
  await world.startGateway({ record: "session.jsonl" });
  expect(readFileSync(file, "utf8")).toBe(text);
  expect(readdirSync(join(world.folder.path, "broker-gateway"))).toContain("session-2.jsonl");
  await world.close();
});

describe("recorded sessions, each with what the gateway makes of it beside it", () => {
  const files = readdirSync(RECORDINGS).filter((name) => name.endsWith(".jsonl"));

  test("there is one", () => expect(files.length).toBeGreaterThan(0));

  test.each(files)("%s", async (name) => {
    const records = parseRecording(readFileSync(join(RECORDINGS, name), "utf8"));
    const connections = [...new Set(records.map(({ connection }) => connection))];
    const told = [];
    for (const connection of connections) told.push(...(await replay(records, connection)));
    const lines = told.map((event) => JSON.stringify(event)).join("\n");
    await expect(`${lines}\n`).toMatchFileSnapshot(join(RECORDINGS, name.replace(/jsonl$/, "events.txt")));
  });
});
