import { mkdirSync, readFileSync } from "node:fs";
import { dirname } from "node:path";
import { replaceDurably } from "@countersign/config/durable-file";
import { Sha256Hex } from "@countersign/contracts/primitives";
import * as z from "zod";
import type { Seen } from "./check-roster.ts";

const SeenFile = z.strictObject({ version: z.int().min(1), hash: Sha256Hex });

/** Remembers the newest roster, so that an old one cannot come back. */
export interface SeenVersion {
  /** undefined: none yet. Throws when it cannot be known. */
  last(): Seen | undefined;
  note(seen: Seen): void;
}

/** For the life of this process. */
export function seenInMemory(): SeenVersion {
  let seen: Seen | undefined;
  return {
    last: () => seen,
    note: (newest) => {
      seen = newest;
    },
  };
}

/** In a file of this service, so that a restart forgets nothing. A file that cannot be read is an error and not a fresh start. */
export function seenInFile(file: string): SeenVersion {
  let seen: Seen | undefined;
  return {
    last: () => {
      seen ??= read(file);
      return seen;
    },
    note: (newest) => {
      if (newest.version === seen?.version) return;
      mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
      replaceDurably(file, `${JSON.stringify(newest)}\n`);
      seen = newest;
    },
  };
}

function read(file: string): Seen | undefined {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
  return SeenFile.parse(JSON.parse(text));
}
