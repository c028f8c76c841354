import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** The folder this clone lies in. */
export const REPOSITORY_FOLDER = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/** What can be fetched or built again; git ignores it. */
export const CACHE_FOLDER = join(REPOSITORY_FOLDER, ".cache");
