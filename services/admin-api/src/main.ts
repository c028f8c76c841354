import { AUDIT_APPENDS, FACTS, RPCS } from "@countersign/contracts/subjects";
import { runService } from "@countersign/service/run";
import { openAdminApi } from "./open.ts";
import { ROUTES } from "./routes/registry.ts";
import { readSettings } from "./settings.ts";

const service = "admin-api";

await runService({
  name: service,
  start: async (context) => openAdminApi(context, readSettings(context)),
  validate: async (context) => {
    const { config, hash, mode, operators } = readSettings(context);
    return { config, hash, mode, operators: operators.size };
  },
  describe: () => ({
    service,
    routes: ROUTES.map((route) => `${route.method.toUpperCase()} ${route.path}`),
    asks: Object.values(RPCS)
      .filter((row) => row.callers.some((caller) => caller === "admin-core" || caller === "admin-ops"))
      .map((row) => row.subject),
    writes: FACTS.kill.subject,
    records: AUDIT_APPENDS[service].subject,
  }),
});
