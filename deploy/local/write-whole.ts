import { renameSync, writeFileSync } from "node:fs";

/** A secret's file in one step: a start that is cut off leaves the one that was there, or none, and never a half. */
export function writeWhole(file: string, text: string): void {
  const draft = `${file}.${process.pid}`;
  writeFileSync(draft, text, { mode: 0o600, flush: true });
  renameSync(draft, file);
}
