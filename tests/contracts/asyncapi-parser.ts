import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Parser } from "@asyncapi/parser";
import { MARKET_FEEDS } from "@countersign/contracts/market-feeds";
import { AUDIT_APPENDS, FACTS, HEARTBEATS, RPCS } from "@countersign/contracts/subjects";

/**
 * A check of `npm run check`: the official parser accepts docs/generated/asyncapi.json, and finds every row of the table in
 * it. It takes a sixth of a minute, so it is no part of `npm test`.
 */
const text = readFileSync(join(import.meta.dirname, "../../docs/generated/asyncapi.json"), "utf8");
const { document, diagnostics } = await new Parser().parse(text);
const faults = diagnostics.filter(({ severity }) => severity <= 1).map(({ message, path }) => `${path}: ${message}`);

const rows = [RPCS, AUDIT_APPENDS, FACTS, HEARTBEATS, MARKET_FEEDS].flatMap((table) => Object.values(table));
const addresses = new Set(document?.channels().map((channel) => channel.address()));
const absent = rows.map(({ subject }) => subject.replaceAll("...}", "}")).filter((one) => !addresses.has(one));
faults.push(...absent.map((subject) => `no channel for ${subject}`));
const operations = document?.operations().length;
if (operations !== rows.length) faults.push(`${operations} operations for ${rows.length} rows of the table`);

for (const fault of faults) process.stderr.write(`${fault}\n`);
process.exit(faults.length === 0 ? 0 : 1);
