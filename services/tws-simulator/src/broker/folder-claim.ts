import { createHash } from "node:crypto";
import { mkdirSync, realpathSync } from "node:fs";
import { createServer } from "node:net";
import { ConfigError } from "@countersign/config/config-error";

/**
 * Claims a data folder for this process until the returned function is called or the process ends, however it ends: two
 * writers would spoil the state. The claim is a socket without a file, which Linux has and other systems have not; there
 * nothing is claimed. Throws ConfigError when another process has the folder.
 */
export async function claimFolder(directory: string): Promise<() => void> {
  if (process.platform !== "linux") return () => {};
  mkdirSync(directory, { recursive: true });
  const name = createHash("sha256").update(realpathSync(directory)).digest("hex").slice(0, 40);
  const server = createServer((socket) => socket.destroy());
  await new Promise<void>((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) =>
      reject(
        error.code === "EADDRINUSE"
          ? new ConfigError(`--data-dir: ${directory} is in use by another simulator`)
          : error,
      ),
    );
    server.listen(`\0tws-simulator-${name}`, resolve);
  });
  server.unref();
  return () => void server.close();
}
