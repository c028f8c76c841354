import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { childEnvironment } from "@countersign/testing/child-environment";
import type { TestNats } from "@countersign/testing/nats";

/** The real audit-writer as a process. */
export async function startAuditWriter(nats: TestNats, dataDir: string): Promise<ChildProcess> {
  const child = spawn(process.execPath, [join(import.meta.dirname, "../../../audit-writer/src/main.ts"), "start"], {
    env: {
      ...childEnvironment(),
      COUNTERSIGN_MODE: "simulator",
      COUNTERSIGN_NATS_URL: nats.url,
      COUNTERSIGN_KEYS_DIR: nats.keysDir,
      COUNTERSIGN_CONFIG_DIR: join(import.meta.dirname, "../../../../config"),
      COUNTERSIGN_DATA_DIR: dataDir,
      COUNTERSIGN_LOG_LEVEL: "error",
    },
    stdio: ["ignore", "inherit", "inherit", "ipc"],
  });
  await once(child, "message");
  return child;
}

export async function stopProcess(child: ChildProcess, signal: "SIGTERM" | "SIGKILL"): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, "exit");
  child.kill(signal);
  await gone;
}
