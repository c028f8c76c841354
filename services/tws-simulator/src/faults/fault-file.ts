import { readFileSync } from "node:fs";
import { ConfigError } from "@countersign/config/config-error";
import { z } from "zod";
import { type Fault, faultSchema } from "./fault-document.ts";

const FAULTS_MAX = 100;
const fileSchema = z.array(faultSchema).max(FAULTS_MAX);

/** Everything that a strict TWS does about the pace of its clients. */
export const STRICT_PACING: readonly Fault[] = [
  faultSchema.parse({ action: "messagePacing" }),
  faultSchema.parse({ action: "historicalPacing" }),
];

/** Reads a JSON list of faults. Throws ConfigError that says what is wrong. */
export function readFaultFile(path: string): Fault[] {
  try {
    return fileSchema.parse(JSON.parse(readFileSync(path, "utf8")));
  } catch (error) {
    const why = error instanceof z.ZodError ? z.prettifyError(error) : error instanceof Error ? error.message : error;
    throw new ConfigError(`--faults: ${path}: ${why}`);
  }
}
