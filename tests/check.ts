import { spawn } from "node:child_process";
import { join } from "node:path";

const ROOT = join(import.meta.dirname, "..");
const bin = (name: string) => join(ROOT, "node_modules", ".bin", name);

/** What `npm run check` holds. All of them run, whatever fails. */
const CHECKS: readonly { name: string; command: string; args: readonly string[] }[] = [
  { name: "types", command: bin("tsc"), args: ["--noEmit", "-p", "tsconfig.json"] },
  { name: "lint and format", command: bin("biome"), args: ["check", "--error-on-warnings", "."] },
  { name: "architecture", command: bin("vitest"), args: ["run", "tests/architecture", "--reporter=dot"] },
  { name: "generated files", command: process.execPath, args: ["contracts/generate/main.ts", "--check"] },
  { name: "AsyncAPI by its parser", command: process.execPath, args: ["tests/contracts/asyncapi-parser.ts"] },
  { name: "pages about rules and settings", command: process.execPath, args: ["tests/rules/generate.ts", "--check"] },
];

async function run(check: (typeof CHECKS)[number]): Promise<boolean> {
  const startedAt = performance.now();
  const child = spawn(check.command, check.args, { cwd: ROOT, stdio: ["ignore", "pipe", "pipe"] });
  let output = "";
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding("utf8").on("data", (text: string) => (output += text));
  const code = await new Promise<number | null>((done) => child.on("close", done));
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
  process.stdout.write(`${code === 0 ? "ok  " : "FAIL"}  ${check.name} (${seconds} s)\n`);
  if (code !== 0) process.stdout.write(`${output.trimEnd()}\n\n`);
  return code === 0;
}

const results = await Promise.all(CHECKS.map(run));
const failed = results.filter((passed) => !passed).length;
process.stdout.write(`${results.length - failed} of ${results.length} checks hold\n`);
process.exit(failed === 0 ? 0 : 1);
