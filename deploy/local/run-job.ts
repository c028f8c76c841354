import { spawn } from "node:child_process";
import { join } from "node:path";

/** A job said no; what it said stands on standard error. */
export class JobError extends Error {
  override readonly name = "JobError";
}

/** Runs one of the scripts of this folder to its end and gives back what it printed. Throws JobError on any other exit code than 0. */
export async function runJob(script: string, args: readonly string[]): Promise<string> {
  const child = spawn(process.execPath, [join(import.meta.dirname, script), ...args], {
    stdio: ["ignore", "pipe", process.stderr],
  });
  let output = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    output += text;
  });
  const code = await new Promise<number | null>((done, fail) => child.once("error", fail).once("close", done));
  if (code !== 0) throw new JobError(`${script} ended with code ${code}`);
  return output;
}
