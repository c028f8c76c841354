import { existsSync } from "node:fs";
import { parse, resolve } from "node:path";
import type { Clock } from "@countersign/clock/clock";
import type { Logger } from "@countersign/log/logger";
import { createWireRecorder } from "@countersign/wire-record/wire-recorder";

/** Sees the bytes of one connection; accounts are replaced before anything is written. Never throws. */
export interface Tap {
  fromClient(bytes: Uint8Array): void;
  fromServer(bytes: Uint8Array): void;
  close(): void;
}

export interface Recording {
  /** The file that is really written: another one when the one asked for exists, because none is written over. */
  readonly file: string;
  tap(): Tap;
  close(): void;
}

const FILES_MAX = 10_000;

/**
 * Records both directions of the wire. `file` is relative to `directory`. Throws when the file cannot be made; when it
 * cannot be written to later, the recording ends and the link lives on.
 */
export function openRecording(
  deps: { readonly clock: Clock; readonly log: Logger },
  where: { readonly directory: string; readonly file: string },
): Recording {
  const { clock, log } = deps;
  const file = freeName(resolve(where.directory, where.file));
  const recorder = createWireRecorder({ file, nowMs: () => clock.nowMs() });
  log.warn({ file }, "both directions of the wire are recorded, accounts replaced");
  let broken = false;
  const guarded = (write: () => void) => {
    if (broken) return;
    try {
      write();
    } catch (error) {
      broken = true;
      log.error({ file, error: String(error) }, "the recording of the wire ends");
    }
  };
  return {
    file,
    tap() {
      const tap = recorder.tap();
      return {
        fromClient: (bytes) => guarded(() => tap.fromClient(bytes)),
        fromServer: (bytes) => guarded(() => tap.fromServer(bytes)),
        close: () => guarded(() => tap.close()),
      };
    },
    close: () => guarded(() => recorder.close()),
  };
}

/** `session.jsonl`, then `session-2.jsonl` and so on. */
function freeName(file: string): string {
  const { dir, name, ext } = parse(file);
  for (let number = 1; number < FILES_MAX; number += 1) {
    const tried = number === 1 ? file : resolve(dir, `${name}-${number}${ext}`);
    if (!existsSync(tried)) return tried;
  }
  throw new Error(`${file} and ${FILES_MAX} others exist`);
}
