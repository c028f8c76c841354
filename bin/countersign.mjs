#!/usr/bin/env node
// Runs the command line with a Node that can run TypeScript: the one that runs this file, or the project's own.
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import module from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const main = join(root, "services/cli/src/main.ts");
const own = join(root, "node_modules/.bin/node");

if (Number(process.versions.node.split(".")[0]) >= 24) {
  // What Node has compiled once is there the next time: a second less.
  module.enableCompileCache?.(join(root, ".cache/node-compile"));
  await import(main);
} else if (existsSync(own)) {
  const child = spawn(own, [main, ...process.argv.slice(2)], { stdio: "inherit" });
  for (const signal of ["SIGTERM", "SIGINT"]) process.on(signal, () => child.kill(signal));
  child.on("exit", (code) => process.exit(code ?? 1));
} else {
  process.stderr.write('countersign needs Node 24 or newer; "npm ci" in the project brings one\n');
  process.exit(2);
}
