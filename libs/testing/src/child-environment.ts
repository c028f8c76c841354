import { join } from "node:path";

/** Where Node keeps what it compiled, as in deploy/local: a service that strips its types anew takes a second of a core to start. */
const COMPILE_CACHE = join(import.meta.dirname, "../../../.cache/node-compile");

/** What a process of a test gets besides its own settings; nothing else of ours. */
export function childEnvironment(): { readonly PATH: string; readonly NODE_COMPILE_CACHE: string } {
  return { PATH: process.env.PATH ?? "", NODE_COMPILE_CACHE: COMPILE_CACHE };
}
