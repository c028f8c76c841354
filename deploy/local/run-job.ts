import { spawn } from "node:child_process";
import { join } from "node:path";

/** A job said no; what it said stands on standard error. */
export class JobError extends Error {
  override readonly name = "JobError";
}

/**
 * Runs one of the scripts of this folder to its end and gives back what it printed. Throws JobError on any other exit code
 * than 0, and when `signal` ends it: then whatever it started itself ends with it.
 */
export async function runJob(script: string, args: readonly string[], signal?: AbortSignal): Promise<string> {
  if (signal?.aborted) throw new JobError(`${script} is not wanted any more`);
  const child = spawn(process.execPath, [join(import.meta.dirname, script), ...args], {
    stdio: ["ignore", "pipe", process.stderr],
    // A group of its own, for a compiler that it may have started.
    detached: signal !== undefined,
  });
  const end = () => endGroup(child.pid);
  signal?.addEventListener("abort", end, { once: true });
  let output = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    output += text;
  });
  const code = await new Promise<number | null>((done, fail) => child.once("error", fail).once("close", done));
  signal?.removeEventListener("abort", end);
  if (code !== 0) throw new JobError(`${script} ended with code ${code}`);
  return output;
}

function endGroup(pid: number | undefined): void {
  try {
    if (pid !== undefined) process.kill(-pid, "SIGTERM");
  } catch {
    // It has ended by itself.
  }
}
