import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";

const ROOT = join(import.meta.dirname, "../../..");
const CONFIG = join(ROOT, "deploy/nats/nats.conf");

/** The server's program: from the environment, from the cache that npm start and npm test fill, or from the system. */
export function natsBinary(): string {
  const named = process.env.COUNTERSIGN_NATS_SERVER;
  const folders = [...(process.env.PATH ?? "").split(delimiter), "/usr/sbin", "/usr/local/bin"];
  const installed = folders.filter(Boolean).map((folder) => join(folder, "nats-server"));
  const candidates = named ? [named] : [...cached(), ...installed];
  const found = candidates.find((path) => existsSync(path));
  if (found === undefined) throw new Error('no nats-server is there; "npm test" fetches one');
  return found;
}

/** What npm start has fetched, newest first. */
function cached(): string[] {
  const cache = join(ROOT, ".cache/nats-server");
  if (!existsSync(cache)) return [];
  const versions = readdirSync(cache).sort((a, b) => b.localeCompare(a, "en", { numeric: true }));
  return versions.map((version) => join(cache, version, "nats-server"));
}

/** What a server's program said of its version; it is asked once in a process. */
const versions = new Map<string, string>();

function versionOf(binary: string): string {
  const said = versions.get(binary) ?? execFileSync(binary, ["--version"], { encoding: "utf8" });
  versions.set(binary, said);
  return said;
}

/** The generated configuration; for a server before 2.10, which refuses what it does not know, a copy that it takes. */
export function natsConfigFor(binary: string, folder: string): string {
  const version = /v2\.(\d+)\./.exec(versionOf(binary))?.[1];
  if (Number(version) >= 10) return CONFIG;
  const copy = join(folder, "nats.conf");
  writeFileSync(copy, readFileSync(CONFIG, "utf8").replace(/^ *sync_interval: always\n/m, ""));
  return copy;
}
