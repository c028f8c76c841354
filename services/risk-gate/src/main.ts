import { join } from "node:path";
import { connectBus, usersOf } from "@countersign/bus/bus";
import { createSystemClock } from "@countersign/clock/clock";
import { required, requiredMode } from "@countersign/config/environment";
import { loadConfig } from "@countersign/config/load";
import { ApprovalRules } from "@countersign/contracts/demand";
import { openRoster } from "@countersign/roster/open-roster";
import { EXIT, runService, type StartContext } from "@countersign/service/run";
import { Shutdown } from "@countersign/service/shutdown";
import { RiskGateConfig } from "./config.ts";
import { FeeTable } from "./costs/fee-table.ts";
import { SERVED } from "./handlers.ts";
import { openRiskGate } from "./open.ts";
import { inForceOf } from "./policy/check.ts";
import { openPolicy } from "./policy/open-policy.ts";
import { RiskPolicy } from "./policy.ts";
import { RULES } from "./rules/registry.ts";

const service = "risk-gate";

function read({ environment }: Pick<StartContext, "environment">) {
  const folder = required(environment, "configDir");
  const { config } = loadConfig({ schema: RiskGateConfig, file: join(folder, `${service}.yaml`) });
  // What people would sign next: what is in force stands in the log. One that does not hold is said at once.
  const draft = loadConfig({ schema: RiskPolicy, file: join(folder, "risk-policy.yaml") }).config;
  const { config: approvalRules } = loadConfig({ schema: ApprovalRules, file: join(folder, "approvals.yaml") });
  const { config: fees } = loadConfig({ schema: FeeTable, file: join(folder, "fees.yaml") });
  return { config, draft, approvalRules, fees, mode: requiredMode(environment) };
}

await runService({
  name: service,
  async start(context) {
    const { config, draft, approvalRules, fees, mode } = read(context);
    const log = context.logger;
    const clock = createSystemClock();
    const shutdown = new Shutdown(log);
    const onClosed = () => context.signal.aborted || process.exit(EXIT.crashed);
    const url = required(context.environment, "natsUrl");
    const keysDir = required(context.environment, "keysDir");
    const bus = await connectBus({ url, users: usersOf(service), keysDir, service, clock, log, onClosed });
    shutdown.defer("bus", () => bus.drain());
    const roster = openRoster(context.environment, service);
    const inForce = await openPolicy({ bus, clock, mode, roster, keysDir });
    shutdown.defer("policy", () => inForce.stop());
    if (inForceOf(draft).hash !== inForce.hash)
      log.warn({ inForce: inForce.policy.version, draft: draft.version }, "risk-policy.yaml is not in force");
    const onUnjudged = (proposalId: string, error: unknown) =>
      log.warn({ proposalId, error: String(error) }, "not judged yet");
    shutdown.defer("gate", await openRiskGate({ bus, clock, mode, config, inForce, approvalRules, fees, onUnjudged }));
    return { ready: { policy: inForce.hash, rules: RULES.length }, stop: () => shutdown.run() };
  },
  validate: async (context) => read(context),
  describe: () => ({ service, serves: SERVED.map((row) => row.subject), rules: RULES.map((rule) => rule.name) }),
});
