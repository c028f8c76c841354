import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type EmbeddedNats, type EmbeddedNatsOptions, startEmbeddedNats } from "./embedded-nats.ts";
import { reapLeftOver, recordServer } from "./left-over-server.ts";
import { embeddedConfig, NatsConfigError } from "./nats-config-check.ts";
import { durability } from "./nats-durability.ts";
import { findOrFetchNatsServer } from "./nats-server.ts";
import { temporaryFolder } from "./nats-test-files.ts";
import { isAtLeast, NATS_DURABLE_FLOOR } from "./nats-version.ts";
import { processIdentity } from "./process-identity.mjs";

const USER_PUBLIC_KEY = "UDXU4RCSJNZOIQHZNWXHXORDPRTGNJAHAHFRGZNEEJCPQTT2M7NLCNF4";
const CONFIG = `
listen: 0.0.0.0:4222
http: "0.0.0.0:8222"
jetstream { max_file_store: 64MB, store_dir: "/nowhere"
  sync_interval: always
}
accounts { CORE: { jetstream: enabled, users: [ { nkey: $NK_USER } ] } }
`;

let binary = "";
const folder = temporaryFolder();
const running: EmbeddedNats[] = [];

beforeAll(async () => {
  binary = (await findOrFetchNatsServer({ log: () => {} })).path;
}, 600_000);

afterAll(async () => {
  await Promise.all(running.map((server) => server.stop()));
  folder[Symbol.dispose]();
});

function settings(name: string, overrides: Partial<EmbeddedNatsOptions> = {}): EmbeddedNatsOptions {
  const configFile = join(folder.path, "nats.conf");
  writeFileSync(configFile, CONFIG);
  const env = { NK_USER: USER_PUBLIC_KEY };
  return {
    binary,
    configFile,
    dataDir: join(folder.path, name),
    port: 0,
    monitorPort: 0,
    log: () => {},
    env,
    ...overrides,
  };
}

async function start(name: string, overrides: Partial<EmbeddedNatsOptions> = {}): Promise<EmbeddedNats> {
  const server = await startEmbeddedNats(settings(name, overrides));
  running.push(server);
  return server;
}

async function monitor(server: EmbeddedNats, path: string): Promise<unknown> {
  return (await fetch(new URL(path, server.monitorUrl))).json();
}

describe("startEmbeddedNats", () => {
  test("whatever addresses and folder the file names -> loopback, free ports, a private store in the data folder", async () => {
    const server = await start("plain");
    expect(await monitor(server, "/varz")).toMatchObject({
      host: "127.0.0.1",
      http_host: "127.0.0.1",
      jetstream: { config: { store_dir: join(folder.path, "plain", "nats", "store", "jetstream") } },
    });
    expect(statSync(join(folder.path, "plain", "nats")).mode & 0o777).toBe(0o700);
    expect(await durability(server.monitorUrl)).toBe(
      isAtLeast(server.version, NATS_DURABLE_FLOOR) ? "proven" : "unproven",
    );
  });

  test("a second one on the same data folder -> refused while the first runs, welcome after it", async () => {
    const first = await start("twice");
    await expect(start("twice")).rejects.toThrow(/in use by process \d+/);
    await first.stop();
    expect(processIdentity(first.pid)).toBeUndefined();
    await (await start("twice")).stop();
  });

  test("the file misses a variable -> the server's own words, and the data folder is free", async () => {
    const failure = startEmbeddedNats(settings("refused", { env: {} }));
    await expect(failure).rejects.toThrow(NatsConfigError);
    await expect(failure).rejects.toThrow("NK_USER");
    await (await start("refused")).stop();
  });

  test("the port is taken -> early exit with the server's own words", async () => {
    const other = createServer().listen(0, "127.0.0.1");
    await once(other, "listening");
    const address = other.address();
    const port = typeof address === "object" && address !== null ? address.port : 0;
    await expect(start("taken", { port })).rejects.toThrow(/ended at its start[\s\S]*address already in use/);
    other.close();
  });

  test("the server dies by itself -> `exited` tells, and stop still frees the data folder", async () => {
    const server = await start("dies");
    process.kill(server.pid, "SIGKILL");
    expect(await server.exited).toEqual({ code: null, signal: "SIGKILL" });
    await server.stop();
    expect(existsSync(join(folder.path, "dies", "nats", "lock"))).toBe(false);
  });

  test("a parent that was killed -> its server is ended by the next start", async () => {
    const script = join(folder.path, "parent.ts");
    const module = JSON.stringify(join(import.meta.dirname, "embedded-nats.ts"));
    const given = JSON.stringify(settings("orphan"));
    writeFileSync(
      script,
      `import { startEmbeddedNats } from ${module};
      const server = await startEmbeddedNats({ ...${given}, log: () => {} });
      process.stdout.write(String(server.pid));
      setInterval(() => {}, 1000);`,
    );
    const parent = spawn(process.execPath, [script], { stdio: ["ignore", "pipe", "inherit"] });
    const [pidText] = await once(parent.stdout, "data");
    const orphan = Number(String(pidText));
    parent.kill("SIGKILL");
    await once(parent, "exit");
    expect(processIdentity(orphan)).toBeDefined();
    const server = await start("orphan");
    expect(processIdentity(orphan)).toBeUndefined();
    await server.stop();
  });
});

describe("reapLeftOver", () => {
  test("the recorded pid runs another program -> it is left alone", async () => {
    const stranger = spawn("sleep", ["60"]);
    await once(stranger, "spawn");
    const file = join(folder.path, "stranger.json");
    recordServer(file, stranger.pid ?? 0);
    expect(await reapLeftOver(file)).toBeUndefined();
    expect(processIdentity(stranger.pid ?? 0)).toBeDefined();
    stranger.kill("SIGKILL");
  });

  test("the recorded pid started at another time -> it is left alone", async () => {
    const server = await start("younger");
    const file = join(folder.path, "younger.json");
    writeFileSync(file, JSON.stringify({ pid: server.pid, identity: "another start" }));
    expect(await reapLeftOver(file)).toBeUndefined();
    expect(processIdentity(server.pid)).toBeDefined();
    await server.stop();
  });

  test.each(["", "{", '{"pid":0,"identity":"x"}', '{"pid":1}'])("a record of %j -> names nobody", async (text) => {
    const file = join(folder.path, "broken.json");
    writeFileSync(file, text);
    expect(await reapLeftOver(file)).toBeUndefined();
  });
});

describe("embeddedConfig", () => {
  test("2.9 -> without sync_interval; 2.10 -> with it; both without our own keys", () => {
    expect(embeddedConfig(CONFIG, "2.9.10")).not.toMatch(/sync_interval|store_dir|http/);
    expect(embeddedConfig(CONFIG, "2.10.0")).toMatch(/sync_interval: always/);
    expect(embeddedConfig(CONFIG, "2.10.0")).not.toMatch(/store_dir|http/);
  });

  test("a file with none of these keys -> the same bytes", () => {
    const text = 'port: 4222 # see http: the docs\nserver_name: "http: x"\n';
    expect(embeddedConfig(text, "2.15.2")).toBe(text);
  });
});

describe("durability", () => {
  test("no server to ask -> unproven", async () => {
    expect(await durability("http://127.0.0.1:9")).toBe("unproven");
  });

  test("the orphan's log never reaches a record of secrets: the copy of the file holds no key", () => {
    const copy = readFileSync(join(folder.path, "plain", "nats", "nats.conf"), "utf8");
    expect(copy).not.toContain(USER_PUBLIC_KEY);
  });
});
