export interface FolderLock {
  /** Gives the lock back; a lock that somebody else holds by now stays. */
  release(): void;
}
export class LockHeldError extends Error {
  readonly path: string;
  readonly ownerPid: number | undefined;
}
export function tryLockFolder(path: string): FolderLock;
export function lockFolder(
  path: string,
  options: { timeoutMs: number; onWait?: (ownerPid: number | undefined) => void },
): Promise<FolderLock>;
