import { spawn } from "node:child_process";
import { join } from "node:path";
import { tempDir } from "@countersign/testing/temp-dir";
import { configWith } from "../end-to-end/config-with.ts";
import { startSystem } from "../end-to-end/system.ts";
import { startTokenProxy } from "./token-proxy.ts";

/**
 * npm run conformance: the official suite against the real endpoint, once for each revision, with the protocol that the
 * revision has on the wire. What may fail stands check by check in the baselines; anything else, and an entry that passes,
 * is an error. The suite is fetched by npx: it is no dependency of this project.
 */
const SUITE = "@modelcontextprotocol/conformance@0.2.0-alpha.12";
const REVISIONS = ["2025-11-25", "2026-07-28"];

const folder = tempDir("countersign-conformance-");
const rate = "{ perSecond: 1000, burst: 1000 }";
const config = configWith(folder.path, { "mcp-edge.yaml": { reads: rate, proposes: rate } });
const system = await startSystem({ args: ["--config-dir", config] });
const proxy = await startTokenProxy(new URL(system.ready.mcp), system.ready.agentToken);
try {
  for (const revision of REVISIONS) {
    const code = await runSuite(revision);
    process.stdout.write(`${revision}: ${code === 0 ? "as expected" : `not as expected (exit code ${code})`}\n`);
    if (code !== 0) process.exitCode = 1;
  }
} finally {
  proxy.stop();
  await system.stop();
  folder.remove();
}

function runSuite(revision: string): Promise<number | null> {
  const baseline = join(import.meta.dirname, `baseline.${revision}.yaml`);
  const what = ["server", "--url", proxy.url, "--requirements", revision, "--expected-failures", baseline];
  const child = spawn("npx", ["-y", SUITE, ...what, "-o", join(folder.path, revision)], {
    stdio: ["ignore", "inherit", "inherit"],
  });
  return new Promise((done) => child.once("exit", done));
}
