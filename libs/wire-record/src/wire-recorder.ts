import { closeSync, openSync, writeSync } from "node:fs";
import { AccountScrubber } from "./account-scrubber.ts";
import { headerLine, recordLine } from "./recording.ts";
import { WireTap } from "./wire-tap.ts";

/** One recording of any number of connections. */
export interface WireRecorder {
  /** A tap for one more connection. */
  tap(): WireTap;
  close(): void;
}

/**
 * Records into a new file that only its owner can read; one that exists is never written over (EEXIST). Each line is in
 * the file before the call returns, so a process that is killed has lost no line.
 */
export function createWireRecorder(options: { readonly file: string; readonly nowMs: () => number }): WireRecorder {
  const { file, nowMs } = options;
  let descriptor: number | undefined = openSync(file, "wx", 0o600);
  const write = (line: string) => {
    if (descriptor !== undefined) writeSync(descriptor, line);
  };
  write(headerLine());
  const scrubber = new AccountScrubber();
  let connections = 0;
  return {
    tap() {
      connections += 1;
      return new WireTap({ connection: connections, nowMs, scrubber, write: (record) => write(recordLine(record)) });
    },
    close() {
      if (descriptor !== undefined) closeSync(descriptor);
      descriptor = undefined;
    },
  };
}
