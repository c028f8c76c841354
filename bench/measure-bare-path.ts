import { type ChildProcess, fork, spawn } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { natsBinary } from "@countersign/testing/nats-binary";
import { tempDir } from "@countersign/testing/temp-dir";
import { jetstreamManager } from "@nats-io/jetstream";
import { connect } from "@nats-io/transport-node";
import { closeClient, tool } from "./client.ts";
import { type Series, series } from "./statistics.ts";

const PROCESS = join(import.meta.dirname, "bare-path.ts");
const PAUSE_MS = 70;
const WARM_UP = 60;
/** As ours are: one for the order's log, one for verdicts, one for the audit. */
const STREAMS = { LOG: "bare.log.*", JUDGED: "bare.judged", RECORD: "bare.record" } as const;

/** The path of a proposal without us, at both paces: no code of ours can be quicker than this on this machine. */
export async function measureBarePath(rounds: number): Promise<Series[]> {
  using folder = tempDir("countersign-bare-");
  const server = await startServer(folder.path);
  const children: ChildProcess[] = [];
  const start = async (role: string, told?: unknown) => {
    const child = fork(PROCESS, [role, server.url]);
    children.push(child);
    if (told !== undefined) child.send(told as number);
    return new Promise<unknown>((resolve) => child.once("message", resolve));
  };
  try {
    await start("broker", await start("tws"));
    for (const role of ["market", "audit", "gate"]) await start(role);
    const system = { ready: { mcp: `http://127.0.0.1:${await start("edge")}/mcp`, agentToken: "none" } };
    const named = (pace: string) => `the hops and appends of a proposal alone, no code of ours, ${pace}`;
    const paced = { pauseMs: PAUSE_MS, warmUp: WARM_UP };
    return [
      await series(named("one every 70 ms"), rounds, () => call(system), paced),
      await series(named("one after another"), rounds, () => call(system), { warmUp: WARM_UP }),
    ];
  } finally {
    closeClient();
    for (const child of children) child.kill();
    server.stop();
  }
}

/** A tool that fails is quick, and measures nothing. */
async function call(agents: Parameters<typeof tool>[0]): Promise<void> {
  const answer = await tool(agents, "bare", {});
  if (answer.isError) throw new Error(JSON.stringify(answer).slice(0, 500));
}

/** Without accounts and users, which cost something too; what it stores is synced as ours is. */
async function startServer(folder: string): Promise<{ url: string; stop: () => void }> {
  const config = join(folder, "nats.conf");
  writeFileSync(config, `jetstream { store_dir: "${join(folder, "store")}", sync_interval: always }\n`);
  const args = ["-c", config, "-a", "127.0.0.1", "-p", "-1", "--ports_file_dir", folder];
  const server = spawn(natsBinary(), args, { stdio: "ignore" });
  const url = await urlIn(join(folder, `nats-server_${server.pid}.ports`));
  const nats = await connect({ servers: url });
  const { streams } = await jetstreamManager(nats);
  for (const [name, subject] of Object.entries(STREAMS)) await streams.add({ name, subjects: [subject] });
  await nats.close();
  return { url, stop: () => void server.kill("SIGKILL") };
}

async function urlIn(file: string): Promise<string> {
  for (;;) {
    try {
      return (JSON.parse(readFileSync(file, "utf8")) as { nats: string[] }).nats[0] ?? "";
    } catch {
      await new Promise((done) => setTimeout(done, 20));
    }
  }
}
