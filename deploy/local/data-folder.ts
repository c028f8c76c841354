import { accessSync, constants, mkdirSync } from "node:fs";
import { join } from "node:path";
import { type FolderLock, LockHeldError, tryLockFolder } from "./folder-lock.mjs";

/** The data folder cannot be had; the message says why in one sentence. */
export class DataFolderError extends Error {
  override readonly name = "DataFolderError";
}

/**
 * Makes the data folder and takes it for this start, before anything is made in it: two first starts would each make keys,
 * and the system that comes up would hold a mixture of both. A start that was killed locks nobody out.
 */
export function claimDataFolder(dataDir: string): FolderLock {
  try {
    mkdirSync(dataDir, { recursive: true, mode: 0o700 });
    accessSync(dataDir, constants.W_OK);
    return tryLockFolder(join(dataDir, "lock"));
  } catch (cause) {
    if (cause instanceof LockHeldError) {
      const owner = cause.ownerPid === undefined ? "another process" : `process ${cause.ownerPid}`;
      throw new DataFolderError(
        `the data folder ${dataDir} is in use by ${owner}; stop it or choose another --data-dir`,
        {
          cause,
        },
      );
    }
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new DataFolderError(`the data folder ${dataDir} cannot be used (${why}); choose another --data-dir`, {
      cause,
    });
  }
}
