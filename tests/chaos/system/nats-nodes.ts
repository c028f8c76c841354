import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { choosePorts } from "../../../deploy/local/ports.ts";
import type { Prepared } from "../../../deploy/local/prepare-job.ts";
import { runJob } from "../../../deploy/local/run-job.ts";
import { GENERATED_CONFIG, NatsHost } from "./nats-host.ts";

/** One server with streams in one copy, or a cluster of three with streams in three. */
export async function startNodes(dataDir: string, prepared: Prepared, count: 1 | 3): Promise<NatsHost[]> {
  const nodes = await (count === 1 ? single(dataDir, prepared) : cluster(dataDir, prepared));
  const [first] = nodes;
  if (first === undefined) throw new Error("no server");
  try {
    await Promise.all(nodes.map((node) => node.start()));
    await runJob("provision-job.ts", [first.url, join(dataDir, "keys"), first.monitorUrl, String(count)]);
  } catch (error) {
    await Promise.all(nodes.map((node) => node.stop()));
    throw error;
  }
  return nodes;
}

async function single(dataDir: string, prepared: Prepared): Promise<NatsHost[]> {
  const { nats: port, natsMonitor: monitorPort } = await choosePorts(0);
  return [new NatsHost({ dataDir, prepared, port, monitorPort })];
}

async function cluster(dataDir: string, prepared: Prepared): Promise<NatsHost[]> {
  const ports = await Promise.all(["n1", "n2", "n3"].map(async (name) => ({ name, ...(await choosePorts(0)) })));
  const routes = ports.map(({ tws }) => `nats-route://127.0.0.1:${tws}`);
  return ports.map(({ name, nats: port, natsMonitor: monitorPort, tws: routePort }) => {
    const folder = join(dataDir, name);
    mkdirSync(folder, { recursive: true });
    const configFile = join(folder, "cluster.conf");
    writeFileSync(configFile, clusterConfig(name, routePort, routes));
    return new NatsHost({ dataDir: folder, prepared, port, monitorPort, configFile });
  });
}

/** The generated configuration for one server of three: every limit counts each of the three copies. */
function clusterConfig(name: string, routePort: number, routes: readonly string[]): string {
  const text = readFileSync(GENERATED_CONFIG, "utf8")
    .replace(/^server_name:.*$/m, `server_name: ${name}`)
    .replace(/max_file: (\d+)GB/g, (_, size: string) => `max_file: ${Number(size) * 3}GB`)
    .replace(/max_file_store: (\d+)GB/g, (_, size: string) => `max_file_store: ${Number(size) * 3}GB`)
    .replace(/max_streams: (\d+)/g, "max_streams: $1");
  return `${text}\ncluster { name: chaos, listen: "127.0.0.1:${routePort}", routes: [${routes.map((route) => `"${route}"`).join(", ")}] }\n`;
}
