import { closeSync, fsyncSync, openSync, renameSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";

/**
 * Puts a text in a file's place, whole and on the disk before it returns: after a crash, a power cut or a full disk the file
 * is the one before or this one, never a part. Throws what the file system says, and then the one before stands. `draft` is
 * where it is written first; two writers at once need two of them.
 */
export function replaceDurably(file: string, text: string, draft = `${file}.new`): void {
  // Unlike writeSync, which may write a part and call that done.
  writeFileSync(draft, text, { mode: 0o600, flush: true });
  renameSync(draft, file);
  syncFolder(dirname(file));
}

/** The names in a folder are on the disk: a new file, a renamed one, one that is gone. */
export function syncFolder(folder: string): void {
  const handle = openSync(folder, "r");
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}
