import { type ChildProcess, spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { PATIENCE_MS } from "@countersign/testing/patience";
import { tempDir } from "@countersign/testing/temp-dir";

const ROOT = join(import.meta.dirname, "../..");

/** The line that `npm start -- --json` prints. */
export interface Ready {
  readonly ready: true;
  readonly mode: string;
  readonly mcp: string;
  readonly admin: string;
  readonly nats: string;
  readonly tws: string;
  readonly operatorToken: string;
  readonly agentToken: string;
}

export interface System {
  readonly ready: Ready;
  readonly dataDir: string;
  readonly process: ChildProcess;
  readonly stdout: string[];
  /** Control port of the simulator, as the connection file of the data folder names it; empty where TWS is somebody else's. */
  readonly twsControl: string;
  /** Process id of a service as it runs now, from what the launcher says of it. */
  pidOf(service: string): number;
  /** Process id of the nats-server as it runs now. */
  natsPid(): number;
  stop(): Promise<number | null>;
}

/** The whole system as `npm start` runs it: a real nats-server, all services, the simulator, in a folder of its own. */
export async function startSystem(options: { dataDir?: string; args?: string[] } = {}): Promise<System> {
  const folder = options.dataDir === undefined ? tempDir("countersign-e2e-") : undefined;
  const dataDir = options.dataDir ?? folder?.path ?? "";
  const args = ["--json", "--data-dir", dataDir, "--port-base", "0", ...(options.args ?? [])];
  const start = ["--max-semi-space-size=1", join(ROOT, "deploy/local/bootstrap.mjs"), "deploy/local/start.ts"];
  const child = spawn(process.execPath, [...start, ...args], {
    cwd: ROOT,
    stdio: ["ignore", "pipe", "pipe"],
  });
  const errors: string[] = [];
  child.stderr.setEncoding("utf8").on("data", (text: string) => errors.push(text));
  const stdout: string[] = [];
  const ready = await new Promise<Ready>((resolve, reject) => {
    createInterface({ input: child.stdout }).on("line", (line) => {
      stdout.push(line);
      resolve(JSON.parse(line) as Ready);
    });
    child.once("exit", (code) => reject(new Error(`start ended with ${code}\n${errors.join("").slice(-4000)}`)));
  });
  const connection = JSON.parse(readFileSync(join(dataDir, "connection.json"), "utf8")) as { twsControl?: string };
  const { twsControl = "" } = connection;
  if (twsControl !== "") await pinApple(twsControl);
  const stop = async (): Promise<number | null> => {
    if (child.exitCode === null) {
      const gone = new Promise((done) => child.once("exit", done));
      child.kill("SIGTERM");
      await gone;
    }
    folder?.remove();
    return child.exitCode;
  };
  const pidOf = (service: string) => {
    const said = [...errors.join("").matchAll(new RegExp(`${service} ready \\(pid (\\d+)\\)`, "g"))].at(-1)?.[1];
    if (said === undefined) throw new Error(`${service} was never ready`);
    return Number(said);
  };
  const natsPid = () => (JSON.parse(readFileSync(join(dataDir, "nats/server.json"), "utf8")) as { pid: number }).pid;
  return { ready, dataDir, process: child, stdout, twsControl, pidOf, natsPid, stop };
}

/** AAPL stands still near the limit of the tests: a limit further from the market than 3 % is refused by the broker. */
export async function pinApple(twsControl: string): Promise<void> {
  const body = JSON.stringify({ conid: 265598, price: "395" });
  const answer = await fetch(`${twsControl}/market/price`, { method: "POST", body });
  if (!answer.ok) throw new Error(`the simulator refused the price: ${await answer.text()}`);
}

export interface HttpAnswer {
  readonly status: number;
  readonly type: string;
  // biome-ignore lint/suspicious/noExplicitAny: a test looks into whatever came back
  readonly body: any;
}

/** One call of the admin API, as an operator or with another token. */
export async function admin(
  system: Pick<System, "ready">,
  method: string,
  path: string,
  body?: unknown,
  token: string = system.ready.operatorToken,
): Promise<HttpAnswer> {
  const answer = await fetch(`${system.ready.admin}${path}`, {
    method,
    headers: {
      authorization: `Bearer ${token}`,
      ...(body === undefined ? {} : { "content-type": "application/json" }),
    },
    ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }),
  });
  const text = await answer.text();
  const type = answer.headers.get("content-type") ?? "";
  return { status: answer.status, type, body: type.includes("json") ? JSON.parse(text) : text };
}

/** What the simulator counted at its socket, by the name of the frame. */
export async function frames(system: System): Promise<Record<string, number>> {
  const answer = await fetch(`${system.twsControl}/stats`);
  return ((await answer.json()) as { frames: Record<string, number> }).frames;
}

/** Asks again until the answer fits, at most for the given time. */
export async function until<T>(
  ask: () => Promise<T>,
  fits: (value: T) => boolean,
  timeoutMs = PATIENCE_MS,
): Promise<T> {
  const deadline = performance.now() + timeoutMs;
  let value = await ask();
  while (!fits(value)) {
    if (performance.now() > deadline) throw new Error(`never came: ${JSON.stringify(value).slice(0, 1500)}`);
    await new Promise((done) => setTimeout(done, 40));
    value = await ask();
  }
  return value;
}
