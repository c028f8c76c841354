import { spawn } from "node:child_process";
import { connect } from "node:net";
import { join } from "node:path";
import { describe, expect, test } from "vitest";

const MAIN = join(import.meta.dirname, "main.ts");

function run(...args: string[]) {
  const child = spawn(process.execPath, [MAIN, "tws-simulator", ...args], { stdio: ["ignore", "pipe", "pipe"] });
  const output = { stdout: "", stderr: "" };
  const line = new Promise<string>((resolve) => {
    child.stdout.on("data", (chunk) => {
      output.stdout += chunk;
      if (output.stdout.includes("\n")) resolve(output.stdout.split("\n")[0] ?? "");
    });
  });
  child.stderr.on("data", (chunk) => {
    output.stderr += chunk;
  });
  const exit = new Promise<number | null>((resolve) => child.once("close", (code) => resolve(code)));
  return { child, line, exit, output };
}

function refused(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1", () => {
      socket.destroy();
      resolve(false);
    });
    socket.on("error", () => resolve(true));
  });
}

describe("countersign tws-simulator", () => {
  test("says where it listens; an interrupt stops it with 0 and nothing listens any more", async () => {
    const { child, line, exit } = run("--port", "0", "--accounts", "DU1234567,DU7654321", "--clock", "manual");
    const [, port = "", control = ""] = /127\.0\.0\.1:(\d+), control on (http:\S+) /.exec(await line) ?? [];
    expect(await refused(Number(port))).toBe(false);
    const advanced = await fetch(`${control}/clock/advance`, { method: "POST", body: JSON.stringify({ ms: 1000 }) });
    expect(advanced.status).toBe(200);
    child.kill("SIGINT");
    expect(await exit).toBe(0);
    expect(await refused(Number(port))).toBe(true);
  });

  test("--help tells every option and exits with 0", async () => {
    const { exit, output } = run("--help");
    expect(await exit).toBe(0);
    for (const option of ["--port", "--seed", "--clock", "--accounts", "--record", "--bars", "--data-dir"]) {
      expect(output.stdout).toContain(option);
    }
  });

  test("an option that does not hold exits with 2 and is named", async () => {
    const { exit, output } = run("--accounts", "U1234567", "--live");
    expect(await exit).toBe(2);
    expect(output.stderr).toContain("--live");
  });
});
