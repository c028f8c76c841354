import { type ChildProcess, spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const MAIN = fileURLToPath(new URL("./main.ts", import.meta.url));

function run(...args: string[]) {
  const child: ChildProcess = spawn(process.execPath, [MAIN, ...args], { stdio: ["ignore", "pipe", "pipe"] });
  let stdout = "";
  let stderr = "";
  const line = new Promise<string>((resolve) => {
    child.stdout?.on("data", (chunk) => {
      stdout += chunk;
      if (stdout.includes("\n")) resolve(stdout.split("\n")[0] ?? "");
    });
  });
  child.stderr?.on("data", (chunk) => {
    stderr += chunk;
  });
  const exit = new Promise<number | null>((resolve) => child.once("exit", (code) => resolve(code)));
  return { child, line, exit, stderr: () => stderr };
}

test("start --json -> one ready line with both ports, SIGTERM -> exit 0", async () => {
  const { child, line, exit } = run("start", "--port", "0", "--json");
  const ready = JSON.parse(await line) as { ready: boolean; port: number; controlPort: number };
  expect(ready.ready).toBe(true);
  const response = await fetch(`http://127.0.0.1:${ready.controlPort}/stats`);
  expect(await response.json()).toMatchObject({ frames: {}, connections: 0 });
  child.kill("SIGTERM");
  expect(await exit).toBe(0);
});

test("validate names every wrong option and starts nothing", async () => {
  const { exit, stderr } = run("validate", "--calendar", "lunar", "--accounts", "U123", "--port", "70000");
  expect(await exit).toBe(78);
  for (const name of ["--calendar", "--accounts", "--port"]) expect(stderr()).toContain(name);
  const unknown = run("validate", "--live");
  expect(await unknown.exit).toBe(78);
});

test("describe prints the book", async () => {
  const { line, exit } = run("describe");
  const described = JSON.parse(await line) as { instruments: object[] };
  expect(described.instruments.length).toBeGreaterThanOrEqual(40);
  expect(await exit).toBe(0);
});
