import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import { isAtLeast, NATS_FLOOR, parseNatsVersion } from "./nats-version.ts";
import { runCommand } from "./run-command.ts";

/** `source` says how the server came here. */
export interface NatsServer {
  readonly path: string;
  readonly version: string;
  readonly source: "environment" | "cache" | "system" | "go" | "package-manager" | "release";
}

/** Package managers put the server where a user's PATH often does not look. */
const EXTRA_FOLDERS = ["/usr/sbin", "/usr/local/sbin", "/opt/homebrew/bin"];
const VERSION_TIMEOUT_MS = 60_000;

/** Every place on the machine where an installed server can lie, PATH first, each folder once. */
export function systemCandidates(
  pathVariable: string | undefined,
  extraFolders: readonly string[] = EXTRA_FOLDERS,
): string[] {
  const folders = (pathVariable ?? "").split(delimiter).filter((folder) => folder.startsWith("/"));
  return [...new Set([...folders, ...extraFolders])].map((folder) => join(folder, "nats-server"));
}

export function cachedServerPath(cacheFolder: string, version: string): string {
  return join(cacheFolder, "nats-server", version, "nats-server");
}

/** The version a server file tells of itself; `undefined` when it is not there, cannot run or says nothing usable. */
export async function askVersion(path: string): Promise<string | undefined> {
  try {
    accessSync(path, constants.X_OK);
    const { code, output } = await runCommand(path, ["--version"], { timeoutMs: VERSION_TIMEOUT_MS });
    return code === 0 ? parseNatsVersion(output) : undefined;
  } catch {
    return undefined;
  }
}

/** The first candidate that satisfies `accepts` and is not below the floor. */
export async function firstUsable(
  candidates: readonly string[],
  source: NatsServer["source"],
  accepts: (version: string) => boolean = () => true,
): Promise<NatsServer | undefined> {
  for (const path of candidates) {
    const version = await askVersion(path);
    if (version !== undefined && isAtLeast(version, NATS_FLOOR) && accepts(version)) return { path, version, source };
  }
  return undefined;
}
