import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { processArguments } from "./child.ts";
import { runCommand } from "./run-command.ts";
import type { ServiceProcess } from "./services.ts";

const DEADLINE_MS = 120_000;

/**
 * Lets each service describe itself once before the first start, so that the cache holds its compiled modules. A process that
 * compiles them itself keeps the compilers and the type stripper in memory, 10 to 30 MB each, for as long as it runs. A
 * service that cannot describe itself says why when it is started. When `signal` ends it, the next start does it again.
 */
export async function compileAhead(
  services: readonly ServiceProcess[],
  cacheFolder: string,
  log: (line: string) => void,
  signal?: AbortSignal,
): Promise<void> {
  mkdirSync(cacheFolder, { recursive: true });
  // Another start that comes meanwhile does not wait: its services compile for themselves.
  const mark = join(cacheFolder, `ahead-${process.version}`);
  if (signal?.aborted || !isFirst(mark)) return;
  log("compiling the services; only the first start does this");
  // Two at a time: more at once would only take more memory.
  const waiting = [...services];
  const next = async (): Promise<void> => {
    for (let service = waiting.shift(); service !== undefined && !signal?.aborted; service = waiting.shift()) {
      const { name, env, flags = [] } = service;
      const given = {
        ...env,
        PATH: process.env.PATH ?? "",
        HOME: process.env.HOME ?? "",
        NODE_COMPILE_CACHE: cacheFolder,
      };
      const describe = processArguments(name, flags, ["describe"]);
      await runCommand(process.execPath, describe, { env: given, timeoutMs: DEADLINE_MS, signal });
    }
  };
  await Promise.all([next(), next()]);
  if (signal?.aborted) rmSync(mark, { force: true });
}

function isFirst(mark: string): boolean {
  try {
    writeFileSync(mark, "", { flag: "wx" });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
}
