import { existsSync, mkdirSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { replaceDurably } from "@countersign/config/durable-file";
import { type KillReport, SignedKillReport } from "@countersign/contracts/kill-report";
import { createSigner, generateKeyPair, publicKeyOf } from "@countersign/ids/ed25519";
import { canonicalJson } from "@countersign/ids/hash";

const KEY_FILE = "report-key.pem";

export type Reports = Pick<ReportStore, "get" | "put" | "list">;

/**
 * Reports of cancelled orders, each one file, on the disk before `put` returns, signed by a key that never leaves this
 * folder. It is made here on the first use.
 */
export class ReportStore {
  readonly #folder: string;
  readonly #sign: (text: string) => string;
  readonly #publicKey: string;

  constructor(directory: string) {
    this.#folder = join(directory, "kill-reports");
    mkdirSync(this.#folder, { recursive: true, mode: 0o700 });
    const pem = readOrMakeKey(directory);
    this.#sign = createSigner(pem);
    this.#publicKey = publicKeyOf(pem);
  }

  /** The newest state of a report; undefined: none, or one that a crash cut off, which is made anew. */
  get(id: string): SignedKillReport | undefined {
    return read(join(this.#folder, `${id}.json`));
  }

  put(report: KillReport): SignedKillReport {
    const signed = { report, publicKey: this.#publicKey, signature: this.#sign(canonicalJson(report)) };
    replaceDurably(join(this.#folder, `${report.id}.json`), JSON.stringify(signed));
    return signed;
  }

  /** Newest first. */
  list(limit: number): SignedKillReport[] {
    const found = readdirSync(this.#folder)
      .filter((name) => name.endsWith(".json"))
      .flatMap((name) => read(join(this.#folder, name)) ?? []);
    return found.sort((a, b) => (a.report.seenAt < b.report.seenAt ? 1 : -1)).slice(0, limit);
  }
}

function readOrMakeKey(directory: string): string {
  const file = join(directory, KEY_FILE);
  if (!existsSync(file)) replaceDurably(file, generateKeyPair().privateKeyPem);
  return readFileSync(file, "utf8");
}

function read(file: string): SignedKillReport | undefined {
  try {
    return SignedKillReport.parse(JSON.parse(readFileSync(file, "utf8")));
  } catch {
    return undefined;
  }
}
