import { spawn } from "node:child_process";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { childEnvironment } from "./child-environment.ts";
import { PATIENCE_MS } from "./patience.ts";

const MAIN = join(import.meta.dirname, "../../../services/tws-simulator/src/main.ts");

export interface TestSimulator {
  /** Where it speaks the TWS protocol. */
  readonly port: number;
  /** Where it is told what to do. */
  readonly controlPort: number;
  /** Frames that arrived, by the name of the request. */
  frames(): Promise<Record<string, number>>;
  /** GET, POST or DELETE on the control port; the answer's body. */
  control(method: "GET" | "POST" | "DELETE", path: string, body?: object): Promise<unknown>;
  kill(signal: "SIGTERM" | "SIGKILL" | "SIGSTOP" | "SIGCONT"): Promise<void>;
  stop(): Promise<void>;
}

/** The real tws-simulator in a process of its own, on free ports unless told otherwise. */
export async function startSimulator(options: { args?: readonly string[] } = {}): Promise<TestSimulator> {
  const args = [MAIN, "start", "--json", "--stop-with-stdin", ...withPort(options.args ?? [])];
  const child = spawn(process.execPath, args, {
    stdio: ["pipe", "pipe", "pipe"],
    env: childEnvironment(),
  });
  let errors = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    errors = (errors + text).slice(-4_000);
  });
  const { port, controlPort } = await new Promise<{ port: number; controlPort: number }>((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`the simulator was not ready: ${errors}`)), PATIENCE_MS);
    child.once("exit", (code) => reject(new Error(`the simulator ended with ${code}: ${errors}`)));
    createInterface({ input: child.stdout }).once("line", (line) => {
      clearTimeout(timer);
      resolve(JSON.parse(line));
    });
  });
  const kill: TestSimulator["kill"] = async (signal) => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const gone = new Promise((resolve) => child.once("exit", resolve));
    child.kill(signal);
    if (signal === "SIGTERM" || signal === "SIGKILL") await gone;
  };
  const control: TestSimulator["control"] = async (method, path, body) => {
    const init = body === undefined ? { method } : { method, body: JSON.stringify(body) };
    const answer = await fetch(`http://127.0.0.1:${controlPort}${path}`, init);
    const value: unknown = await answer.json();
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${JSON.stringify(value)}`);
    return value;
  };
  const frames = async () => ((await control("GET", "/stats")) as { frames: Record<string, number> }).frames;
  return { port, controlPort, frames, control, kill, stop: () => kill("SIGKILL") };
}

function withPort(args: readonly string[]): readonly string[] {
  return args.includes("--port") ? args : ["--port", "0", ...args];
}
