import { AUDIT_APPENDS, RPCS } from "@countersign/contracts/subjects";
import { runService } from "@countersign/service/run";
import { openEdge } from "./open.ts";
import { readSettings } from "./settings.ts";
import { TOOLS } from "./tools/registry.ts";

const service = "mcp-edge";

/** start [--stdio]: over Streamable HTTP, or for one client on standard input and output. */
await runService({
  name: service,
  start: async (context) => openEdge(context, readSettings(context)),
  validate: async (context) => {
    const { config, hash, mode, roster } = readSettings(context);
    return { config, hash, mode, agents: roster.size };
  },
  describe: () => ({
    service,
    serves: [RPCS.reopenSession.subject],
    tools: TOOLS.map((tool) => tool.name),
    asks: Object.values(RPCS)
      .filter((row) => (row.callers as readonly string[]).includes(service))
      .map((row) => row.subject),
    records: AUDIT_APPENDS[service].subject,
  }),
});
