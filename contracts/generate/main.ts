import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { accessMatrix } from "./access.ts";
import { asyncApi } from "./asyncapi.ts";
import { brokerConditionsPage } from "./broker-conditions-page.ts";
import { codesPage } from "./codes-page.ts";
import { exchangesPage } from "./exchanges-page.ts";
import { ibCodesPage } from "./ib-codes-page.ts";
import { lifePage } from "./life-page.ts";
import { messagesPage } from "./messages-page.ts";
import { natsConf } from "./nats-conf.ts";
import { subjectsPage } from "./subjects-page.ts";

const ROOT = join(import.meta.dirname, "../..");

/** Every generated file, and what must stand in it. */
const FILES: readonly { path: string; content: () => string }[] = [
  { path: "deploy/nats/nats.conf", content: natsConf },
  { path: "docs/generated/asyncapi.json", content: asyncApi },
  { path: "docs/generated/messages.md", content: messagesPage },
  { path: "docs/generated/subjects.md", content: subjectsPage },
  { path: "docs/generated/codes.md", content: codesPage },
  { path: "docs/generated/ib-codes.md", content: ibCodesPage },
  { path: "docs/generated/broker-conditions.md", content: brokerConditionsPage },
  { path: "docs/generated/exchanges.md", content: exchangesPage },
  { path: "docs/generated/order-life.md", content: lifePage },
  { path: "docs/generated/permissions.json", content: () => `${JSON.stringify(accessMatrix(), null, 2)}\n` },
];

/** Writes what is stale; with --check only names it, and exit code 1 says that there was some. */
const checking = process.argv.includes("--check");
let stale = 0;
for (const { path, content } of FILES) {
  const file = join(ROOT, path);
  const wanted = content();
  if (existsSync(file) && readFileSync(file, "utf8") === wanted) continue;
  stale += 1;
  process.stderr.write(`${checking ? "stale" : "written"}: ${relative(ROOT, file)}\n`);
  if (checking) continue;
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, wanted);
}
if (checking && stale > 0) {
  process.stderr.write('run "npm run generate" and commit what it writes\n');
  process.exit(1);
}
