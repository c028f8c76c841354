import { spawn } from "node:child_process";
import { join } from "node:path";

const CLI = join(import.meta.dirname, "../../bin/countersign.mjs");

export interface Run {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** The command line as a person runs it: a process of its own. */
export async function runCommand(args: string[]): Promise<Run> {
  const { COUNTERSIGN_NATS_SERVER: _, ...env } = process.env;
  const child = spawn(process.execPath, [CLI, ...args], { env, stdio: ["ignore", "pipe", "pipe"] });
  let [out, err] = ["", ""];
  child.stdout.on("data", (data) => {
    out += data;
  });
  child.stderr.on("data", (data) => {
    err += data;
  });
  const code = await new Promise<number | null>((done) => child.once("close", done));
  return { code, out, err };
}
