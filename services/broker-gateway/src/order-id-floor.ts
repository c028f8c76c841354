import { closeSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, writeSync } from "node:fs";
import { dirname, join } from "node:path";
import * as z from "zod";

/** Up to which order id all are given away, on the disk before `reserve` returns. */
export interface OrderIdFloor {
  /** 0: nothing was ever reserved. Throws when it is unreadable. */
  read(): number;
  reserve(upTo: number): void;
}

const FloorFile = z.strictObject({ clientId: z.int().min(0), reservedUpTo: z.int().min(0) });

export function floorInFile(options: { readonly directory: string; readonly clientId: number }): OrderIdFloor {
  const { directory, clientId } = options;
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const file = join(directory, `order-ids.${clientId}.json`);
  return {
    read: () => readFloor(file, clientId),
    reserve: (upTo) => {
      const temporary = `${file}.new`;
      writeDurably(temporary, `${JSON.stringify({ clientId, reservedUpTo: upTo })}\n`);
      renameSync(temporary, file);
      syncFolder(dirname(file));
    },
  };
}

function readFloor(file: string, clientId: number): number {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return 0;
    throw error;
  }
  const floor = FloorFile.parse(JSON.parse(text));
  if (floor.clientId !== clientId) throw new Error(`${file} is of client ${floor.clientId}`);
  return floor.reservedUpTo;
}

function writeDurably(file: string, text: string): void {
  const handle = openSync(file, "w", 0o600);
  try {
    writeSync(handle, text);
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

function syncFolder(folder: string): void {
  const handle = openSync(folder, "r");
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}
