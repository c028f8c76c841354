import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { replaceDurably } from "@countersign/config/durable-file";
import * as z from "zod";

/** Up to which order id all are given away, on the disk before `reserve` returns. */
export interface OrderIdFloor {
  /** 0: nothing was ever reserved. Throws when it is unreadable. */
  read(): number;
  reserve(upTo: number): void;
}

const FloorFile = z.strictObject({ clientId: z.int().min(0), reservedUpTo: z.int().min(0) });

/** One file for each client id at TWS. Throws when the folder cannot be made. */
export function floorInFile(options: { readonly directory: string; readonly clientId: number }): OrderIdFloor {
  const { directory, clientId } = options;
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const file = join(directory, `order-ids.${clientId}.json`);
  return {
    read: () => readFloor(file, clientId),
    reserve: (upTo) => replaceDurably(file, `${JSON.stringify({ clientId, reservedUpTo: upTo })}\n`),
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
