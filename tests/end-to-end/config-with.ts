import { cpSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const SHIPPED = join(import.meta.dirname, "../../config");

/** A copy of the shipped configuration below `folder` in which some keys of some files have other values, written as YAML. */
export function configWith(folder: string, changes: Record<string, Record<string, string>>): string {
  const to = join(folder, "config");
  cpSync(SHIPPED, to, { recursive: true });
  for (const [name, values] of Object.entries(changes)) {
    let text = readFileSync(join(to, name), "utf8");
    for (const [key, value] of Object.entries(values)) {
      const line = new RegExp(`^${key}: .*$`, "m");
      if (!line.test(text)) throw new Error(`${name} has no ${key}`);
      text = text.replace(line, `${key}: ${value}`);
    }
    writeFileSync(join(to, name), text);
  }
  return to;
}
