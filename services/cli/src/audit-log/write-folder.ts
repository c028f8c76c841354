import { closeSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, rmSync, writeSync } from "node:fs";
import { dirname, join } from "node:path";
import { leafHash } from "@countersign/tlog/merkle";
import { hashTiles, headOf, packEntries, TILE_WIDTH, tilePath, unpackEntries } from "@countersign/tlog/tiles";
import { EXIT } from "../exit-codes.ts";
import { fileError } from "../files.ts";
import { type ExportedLog, HEAD_FILE, KEY_FILE } from "./read-folder.ts";

type Before = Pick<ExportedLog, "head" | "leaves">;

/**
 * Puts records into a folder after those that it holds. The head that the folder had stays, with every file that it names,
 * until all that the new one names is on the disk: an export that breaks off has changed nothing.
 */
export class FolderWriter {
  readonly #folder: string;
  readonly #before: Before | undefined;
  readonly #leaves: Buffer[];
  /** Of the tile that is not full yet. */
  #entries: Buffer[];

  /** `before`: what is in the folder and was found good; undefined: nothing. */
  constructor(folder: string, before: Before | undefined) {
    this.#folder = folder;
    this.#before = before;
    this.#leaves = [...(before?.leaves ?? [])];
    const open = this.#leaves.length % TILE_WIDTH;
    const path = tilePath("entries", Math.floor(this.#leaves.length / TILE_WIDTH), open);
    this.#entries = open === 0 ? [] : (unpackEntries(readFileSync(join(folder, path))) ?? []);
  }

  /** The next record. */
  add(text: string): void {
    const entry = Buffer.from(text);
    this.#leaves.push(leafHash(entry));
    this.#entries.push(entry);
    if (this.#entries.length === TILE_WIDTH) this.#writeEntries();
  }

  /** RFC 6962 tree head over all of them, hex. */
  root(): string {
    return headOf(this.#leaves).toString("hex");
  }

  /** Puts the signed head over what was added. */
  end({ note, verifierKey }: { note: string; verifierKey: string }): void {
    if (this.#entries.length > 0) this.#writeEntries();
    for (const { level, index, hashes } of hashTiles(this.#leaves)) {
      if (!this.#isThere(level, index)) this.#write(tilePath(level, index, hashes.length), Buffer.concat(hashes));
    }
    this.#write(KEY_FILE, Buffer.from(`${verifierKey}\n`));
    this.#write(HEAD_FILE, Buffer.from(note));
    this.#removePartial();
  }

  #writeEntries(): void {
    const index = Math.floor((this.#leaves.length - 1) / TILE_WIDTH);
    this.#write(tilePath("entries", index, this.#entries.length), packEntries(this.#entries));
    this.#entries = [];
  }

  /** Full under the head of before, and so looked at already. */
  #isThere(level: number, index: number): boolean {
    return (index + 1) * TILE_WIDTH ** (level + 1) <= (this.#before?.head.size ?? 0);
  }

  /** Tiles that were not full under the head of before, and are wider now. */
  #removePartial(): void {
    const size = this.#leaves.length;
    const then = this.#before?.head.size ?? size;
    for (let level = 0, width = 1; width <= then; level += 1, width *= TILE_WIDTH) {
      const [before, now] = [then, size].map((count) => Math.floor(count / width));
      if (before === undefined || before === now || before % TILE_WIDTH === 0) continue;
      for (const kind of level === 0 ? [0, "entries" as const] : [level])
        rmSync(join(this.#folder, tilePath(kind, Math.floor(before / TILE_WIDTH), before % TILE_WIDTH)), {
          force: true,
        });
    }
  }

  /** On the disk under another name first: what reads the folder meanwhile finds whole files. */
  #write(path: string, bytes: Buffer): void {
    const file = join(this.#folder, path);
    try {
      mkdirSync(dirname(file), { recursive: true });
      writeWhole(`${file}.new`, bytes);
      renameSync(`${file}.new`, file);
    } catch (error) {
      throw fileError(EXIT.unavailable, file, error);
    }
  }
}

function writeWhole(file: string, bytes: Buffer): void {
  const handle = openSync(file, "w", 0o600);
  try {
    for (let done = 0; done < bytes.length; ) done += writeSync(handle, bytes, done);
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}
