import { startVitest } from "vitest/node";
import { compileFirst } from "./compile-first.ts";
import { PlainSummary } from "./plain-summary.ts";

/** npm test: every test, or those that the arguments name. The bootstrap has made sure of a nats-server. */
const filters = process.argv.slice(2).filter((argument) => !argument.startsWith("-"));
const watch = process.argv.includes("--watch");
if (filters.length === 0 && !watch) await compileFirst((line) => process.stderr.write(`countersign: ${line}\n`));
const vitest = await startVitest("test", filters, { watch, run: !watch, reporters: ["default", new PlainSummary()] });
if (!watch) await vitest.close();
