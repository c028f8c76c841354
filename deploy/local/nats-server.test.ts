import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { intoCache } from "./nats-fetch.ts";
import { cachedServerPath, systemCandidates } from "./nats-lookup.ts";
import { type FindOptions, findOrFetchNatsServer, type NatsSource } from "./nats-server.ts";
import { temporaryFolder, writeVersionProgram } from "./nats-test-files.ts";
import { NATS_RECOMMENDED } from "./nats-version.ts";

const ABSENT: NatsSource = {
  name: "absent",
  isThere: async () => false,
  fetch: async () => {
    throw new Error("an absent source must not be asked");
  },
};

function source(name: string, version: string, counter?: string[]): NatsSource {
  return {
    name,
    isThere: async () => true,
    fetch: async ({ cacheFolder }) => {
      const path = cachedServerPath(cacheFolder, version);
      await intoCache(path, async (draft) => void writeVersionProgram(join(draft, "nats-server"), version));
      counter?.push(name);
      return { path, version, source: "go" };
    },
  };
}

function broken(name: string): NatsSource {
  return {
    name,
    isThere: async () => true,
    fetch: async () => {
      throw new Error("no route to it");
    },
  };
}

function options(folder: string, overrides: Partial<FindOptions> = {}): FindOptions & { readonly lines: string[] } {
  const lines: string[] = [];
  return {
    lines,
    log: (line) => lines.push(line),
    env: {},
    cacheFolder: join(folder, "cache"),
    systemFiles: [],
    builder: ABSENT,
    lastResorts: [],
    ...overrides,
  };
}

describe("findOrFetchNatsServer: lookup order", () => {
  test("COUNTERSIGN_NATS_SERVER -> used before the cache and the system", async () => {
    using folder = temporaryFolder();
    const named = writeVersionProgram(join(folder.path, "mine"), "2.14.0");
    const cacheFolder = join(folder.path, "cache");
    writeVersionProgram(cachedServerPath(cacheFolder, NATS_RECOMMENDED), NATS_RECOMMENDED);
    const found = await findOrFetchNatsServer(options(folder.path, { env: { COUNTERSIGN_NATS_SERVER: named } }));
    expect(found).toEqual({ path: named, version: "2.14.0", source: "environment" });
  });

  test.each([
    ["a path with nothing there", undefined, /not a working nats-server/],
    ["a server below the floor", "2.8.4", /at least 2\.9\.0/],
  ])("COUNTERSIGN_NATS_SERVER names %s -> refused, not replaced", async (_case, version, message) => {
    using folder = temporaryFolder();
    const named = join(folder.path, "mine");
    if (version !== undefined) writeVersionProgram(named, version);
    const systemFiles = [writeVersionProgram(join(folder.path, "bin", "nats-server"), "2.15.0")];
    const wanted = options(folder.path, { env: { COUNTERSIGN_NATS_SERVER: named }, systemFiles });
    await expect(findOrFetchNatsServer(wanted)).rejects.toThrow(message);
  });

  test("cache and system both have the recommended series -> the cache", async () => {
    using folder = temporaryFolder();
    const cached = cachedServerPath(join(folder.path, "cache"), NATS_RECOMMENDED);
    writeVersionProgram(cached, NATS_RECOMMENDED);
    const systemFiles = [writeVersionProgram(join(folder.path, "bin", "nats-server"), "2.15.9")];
    const found = await findOrFetchNatsServer(options(folder.path, { systemFiles }));
    expect(found).toEqual({ path: cached, version: NATS_RECOMMENDED, source: "cache" });
  });

  test("an older and a recommended server on the PATH -> the recommended, nothing built", async () => {
    using folder = temporaryFolder();
    const older = writeVersionProgram(join(folder.path, "a", "nats-server"), "2.9.10");
    const recommended = writeVersionProgram(join(folder.path, "b", "nats-server"), "2.15.0");
    const found = await findOrFetchNatsServer(options(folder.path, { systemFiles: [older, recommended] }));
    expect(found.path).toBe(recommended);
  });

  test("only an older server, Go is there -> the recommended one is built", async () => {
    using folder = temporaryFolder();
    const systemFiles = [writeVersionProgram(join(folder.path, "nats-server"), "2.9.10")];
    const wanted = options(folder.path, { systemFiles, builder: source("go", NATS_RECOMMENDED) });
    expect((await findOrFetchNatsServer(wanted)).version).toBe(NATS_RECOMMENDED);
    expect((await findOrFetchNatsServer(options(folder.path))).source).toBe("cache");
  });

  test("only an older server and the build fails -> the older one, with what it lacks said", async () => {
    using folder = temporaryFolder();
    const older = writeVersionProgram(join(folder.path, "nats-server"), "2.9.10");
    const wanted = options(folder.path, { systemFiles: [older], builder: broken("go"), lastResorts: [broken("apt")] });
    expect(await findOrFetchNatsServer(wanted)).toEqual({ path: older, version: "2.9.10", source: "system" });
    expect(wanted.lines).toEqual(["go: no route to it", expect.stringContaining("simulator mode only")]);
  });

  test("a server below the floor is not there at all -> the next source is asked", async () => {
    using folder = temporaryFolder();
    const systemFiles = [writeVersionProgram(join(folder.path, "nats-server"), "2.8.4")];
    const lastResorts = [broken("apt"), source("release", "2.14.5")];
    expect((await findOrFetchNatsServer(options(folder.path, { systemFiles, lastResorts }))).version).toBe("2.14.5");
  });

  test("nothing is there and nothing works -> one message with every way and what failed", async () => {
    using folder = temporaryFolder();
    const failure = findOrFetchNatsServer(
      options(folder.path, { builder: broken("go"), lastResorts: [broken("apt")] }),
    );
    for (const part of [
      "brew install",
      "apt-get install",
      "go install",
      "releases",
      "COUNTERSIGN_NATS_SERVER",
      "apt: no route",
    ]) {
      await expect(failure).rejects.toThrow(part);
    }
  });

  test("two searches at once -> one build, both get it", async () => {
    using folder = temporaryFolder();
    const built: string[] = [];
    const wanted = options(folder.path, { builder: source("go", NATS_RECOMMENDED, built) });
    const found = await Promise.all([findOrFetchNatsServer(wanted), findOrFetchNatsServer(wanted)]);
    expect(found.map((server) => server.version)).toEqual([NATS_RECOMMENDED, NATS_RECOMMENDED]);
    expect(built).toEqual(["go"]);
  });
});

describe("systemCandidates", () => {
  test("PATH first, then the folders a PATH lacks, each once and none relative", () => {
    const files = systemCandidates("/opt/bin:bin::/usr/sbin", ["/usr/sbin", "/usr/local/sbin"]);
    expect(files).toEqual(["/opt/bin/nats-server", "/usr/sbin/nats-server", "/usr/local/sbin/nats-server"]);
  });
});
