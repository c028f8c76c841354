import { readFileSync } from "node:fs";
import { until } from "./system.ts";

/** Stops a process and waits until all of it stands still (Linux); SIGCONT lets it go on. */
export async function freeze(pid: number): Promise<void> {
  process.kill(pid, "SIGSTOP");
  await until(
    async () => readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1],
    (state) => state?.startsWith("T") === true,
  );
}
