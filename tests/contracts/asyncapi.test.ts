import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Parser } from "@asyncapi/parser";
import { HEADER } from "@countersign/bus/headers";
import { MARKET_FEEDS } from "@countersign/contracts/market-feeds";
import { AUDIT_APPENDS, FACTS, HEARTBEATS, RPCS } from "@countersign/contracts/subjects";
import { expect, test } from "vitest";
import { HEADER_TEXTS } from "../../contracts/generate/headers.ts";

const text = readFileSync(join(import.meta.dirname, "../../docs/generated/asyncapi.json"), "utf8");

test("the official parser accepts the document, and finds every row of the table in it", async () => {
  const { document, diagnostics } = await new Parser().parse(text);
  expect(diagnostics.filter(({ severity }) => severity <= 1)).toEqual([]);
  const rows = [RPCS, AUDIT_APPENDS, FACTS, HEARTBEATS, MARKET_FEEDS].flatMap((table) => Object.values(table));
  const addresses = document?.channels().map((channel) => channel.address());
  for (const { subject } of rows) expect(addresses).toContain(subject.replaceAll("...}", "}"));
  expect(document?.operations().length).toBe(rows.length);
  // The parser takes long where others use the processor.
}, 90_000);

test("the headers that it names are those that the bus sends", () => {
  const { subject, sequence, ...sent } = HEADER;
  expect([subject, sequence]).toEqual(["Nats-Subject", "Nats-Sequence"]);
  expect(Object.keys(HEADER_TEXTS).sort()).toEqual(Object.values(sent).sort());
});
