import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { isAtLeast, NATS_DURABLE_FLOOR } from "./nats-version.ts";
import { runCommand } from "./run-command.ts";

const CHECK_TIMEOUT_MS = 60_000;

/** The server refuses this configuration; the message holds its own words. */
export class NatsConfigError extends Error {
  override readonly name = "NatsConfigError";
}

/** The server refuses a second `store_dir`, and a monitor address here would outlive ours and leave loopback. */
const KEYS_SET_BY_ARGUMENT = ["store_dir", "http", "https", "http_port", "https_port", "monitor_port"];

/** What is left of a configuration for the embedded server; 2.9 does not know `sync_interval`. */
export function embeddedConfig(configText: string, version: string): string {
  const text = KEYS_SET_BY_ARGUMENT.reduce(withoutKey, configText);
  return isAtLeast(version, NATS_DURABLE_FLOOR) ? text : withoutKey(text, "sync_interval");
}

/** The file for the embedded server: the given one where it fits as it is, else a copy in `folder`. */
export function configFileFor(options: { configFile: string; version: string; folder: string }): string {
  const original = readFileSync(options.configFile, "utf8");
  const text = embeddedConfig(original, options.version);
  if (text === original) return options.configFile;
  const copy = join(options.folder, "nats.conf");
  writeFileSync(copy, text, { mode: 0o600 });
  return copy;
}

function withoutKey(configText: string, key: string): string {
  const value = `"[^"]*"|'[^']*'|[^\\s,;}]+`;
  const entry = new RegExp(`(^|[{,;])([ \\t]*)${key}(?:[ \\t]*[:=][ \\t]*|[ \\t]+)(?:${value})[ \\t]*[,;]?`, "gm");
  return configText.replace(entry, "$1$2");
}

/** Throws NatsConfigError unless the server itself accepts the file with these environment variables. */
export async function checkConfig({
  binary,
  configFile,
  env,
}: {
  binary: string;
  configFile: string;
  env: NodeJS.ProcessEnv;
}): Promise<void> {
  const { code, output } = await runCommand(binary, ["-t", "-c", configFile], { env, timeoutMs: CHECK_TIMEOUT_MS });
  if (code !== 0) throw new NatsConfigError(`nats-server refuses ${configFile}: ${output.trim()}`);
}
