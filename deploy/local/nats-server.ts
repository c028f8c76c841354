import { join } from "node:path";
import { lockFolder } from "./folder-lock.mjs";
import { type FetchContext, fetchByApt, fetchByGo, hasApt, hasGo } from "./nats-fetch.ts";
import { askVersion, cachedServerPath, firstUsable, type NatsServer, systemCandidates } from "./nats-lookup.ts";
import { fetchRelease, readReleaseTable } from "./nats-release.ts";
import { isAtLeast, isRecommendedSeries, NATS_FLOOR, NATS_RECOMMENDED, versionNote } from "./nats-version.ts";
import { CACHE_FOLDER } from "./repository.ts";

/** One way to get a server that is not there yet; `fetch` throws when it does not work out. */
export interface NatsSource {
  readonly name: string;
  readonly isThere: (env: NodeJS.ProcessEnv) => Promise<boolean>;
  readonly fetch: (context: FetchContext) => Promise<NatsServer>;
}

/** Everything but `log` has the value of this machine unless a test says otherwise. */
export interface FindOptions {
  /** Takes one line of progress or advice, without a newline. */
  readonly log: (line: string) => void;
  readonly env?: NodeJS.ProcessEnv;
  readonly cacheFolder?: string;
  /** Where installed servers are looked for, in order. */
  readonly systemFiles?: readonly string[];
  /** Gets the recommended series; tried even when an older server is installed. */
  readonly builder?: NatsSource;
  /** Tried in order when no server is there at all. */
  readonly lastResorts?: readonly NatsSource[];
}

const RELEASES = readReleaseTable(join(import.meta.dirname, "nats-releases.json"));
const LOCK_TIMEOUT_MS = 900_000;

const GO: NatsSource = { name: "go install", isThere: hasGo, fetch: fetchByGo };
const APT: NatsSource = { name: "apt-get", isThere: hasApt, fetch: fetchByApt };
const RELEASE: NatsSource = {
  name: "release download",
  isThere: async () => true,
  fetch: (context) => fetchRelease(context, RELEASES),
};

/** No usable nats-server is there and none could be had; the message lists the ways to get one. */
export class NatsServerMissingError extends Error {
  override readonly name = "NatsServerMissingError";
}

/**
 * Finds a nats-server of at least 2.9, or fetches one into the cache. An installed server older than the recommended
 * series is used only when the recommended one cannot be built here, with a note of what it lacks.
 */
export async function findOrFetchNatsServer(options: FindOptions): Promise<NatsServer> {
  const settings = withDefaults(options);
  const server = (await named(settings.env)) ?? (await recommended(settings)) ?? (await fetchOnce(settings));
  const note = versionNote(server.version);
  if (note !== undefined) options.log(note);
  return server;
}

function withDefaults(options: FindOptions): Required<FindOptions> {
  const env = options.env ?? process.env;
  return {
    env,
    cacheFolder: CACHE_FOLDER,
    systemFiles: systemCandidates(env.PATH),
    builder: GO,
    lastResorts: [APT, RELEASE],
    ...options,
  };
}

/** A server that the user names is used or refused, never silently replaced. */
async function named(env: NodeJS.ProcessEnv): Promise<NatsServer | undefined> {
  const path = env.COUNTERSIGN_NATS_SERVER;
  if (path === undefined || path === "") return undefined;
  const version = await askVersion(path);
  if (version === undefined)
    throw new NatsServerMissingError(`COUNTERSIGN_NATS_SERVER=${path} is not a working nats-server`);
  if (!isAtLeast(version, NATS_FLOOR)) {
    throw new NatsServerMissingError(`COUNTERSIGN_NATS_SERVER=${path} is ${version}; at least ${NATS_FLOOR} is needed`);
  }
  return { path, version, source: "environment" };
}

async function recommended({ cacheFolder, systemFiles }: Required<FindOptions>): Promise<NatsServer | undefined> {
  const cached = await firstUsable([cachedServerPath(cacheFolder, NATS_RECOMMENDED)], "cache");
  return cached ?? firstUsable(systemFiles, "system", isRecommendedSeries);
}

/** Two starts at once build once: the second waits and then finds what the first has made. */
async function fetchOnce(settings: Required<FindOptions>): Promise<NatsServer> {
  const lock = await lockFolder(join(settings.cacheFolder, "nats-server.lock"), {
    timeoutMs: LOCK_TIMEOUT_MS,
    onWait: (pid) => settings.log(`waiting for process ${pid ?? "?"}, which fetches a nats-server`),
  });
  try {
    return (await recommended(settings)) ?? (await fetchUnderLock(settings));
  } finally {
    lock.release();
  }
}

async function fetchUnderLock(settings: Required<FindOptions>): Promise<NatsServer> {
  const failures: string[] = [];
  const built = await attempt(settings.builder, settings, failures);
  if (built !== undefined) return built;
  const older =
    (await firstUsable([cachedServerPath(settings.cacheFolder, RELEASES.version)], "cache")) ??
    (await firstUsable(settings.systemFiles, "system"));
  if (older !== undefined) return older;
  for (const source of settings.lastResorts) {
    const fetched = await attempt(source, settings, failures);
    if (fetched !== undefined) return fetched;
  }
  throw new NatsServerMissingError(missingMessage(failures));
}

async function attempt(
  source: NatsSource,
  { env, cacheFolder, log }: Required<FindOptions>,
  failures: string[],
): Promise<NatsServer | undefined> {
  if (!(await source.isThere(env))) return undefined;
  try {
    return await source.fetch({ env, cacheFolder, log });
  } catch (error) {
    const reason = `${source.name}: ${error instanceof Error ? error.message : String(error)}`;
    log(reason);
    failures.push(reason);
    return undefined;
  }
}

function missingMessage(failures: readonly string[]): string {
  const tried = failures.map((reason) => `    ${reason}`).join("\n");
  return [
    "nats-server is needed and was not found. Any one of these gets it:",
    "    macOS           brew install nats-server",
    "    Debian, Ubuntu  sudo apt-get install nats-server",
    `    Go >= 1.25      go install github.com/nats-io/nats-server/v2@v${NATS_RECOMMENDED}`,
    "    download        https://github.com/nats-io/nats-server/releases, unpacked into a folder on the PATH",
    "    elsewhere       set COUNTERSIGN_NATS_SERVER to the path of the program",
    ...(failures.length === 0 ? [] : ["What was tried:", tried]),
  ].join("\n");
}
