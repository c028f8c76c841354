import { readFileSync, statSync } from "node:fs";
import { ConfigError } from "./load.ts";

/** A secret lies in a file that only its owner reads. Missing, empty or readable by others: ConfigError. */
export function readSecretFile(path: string): string {
  let text: string;
  try {
    if ((statSync(path).mode & 0o077) !== 0) throw new ConfigError(`${path} is readable by others; make it mode 0600`);
    text = readFileSync(path, "utf8").trim();
  } catch (cause) {
    if (cause instanceof ConfigError) throw cause;
    throw new ConfigError(`${path} cannot be read`, { cause });
  }
  if (text === "") throw new ConfigError(`${path} is empty`);
  return text;
}
