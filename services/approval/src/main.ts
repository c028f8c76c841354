import { join } from "node:path";
import { connectBus, usersOf } from "@countersign/bus/bus";
import { createSystemClock } from "@countersign/clock/clock";
import { required, requiredMode } from "@countersign/config/environment";
import { loadConfig } from "@countersign/config/load";
import { AutoApprovalConfig } from "@countersign/contracts/auto-approval";
import { ApprovalRules } from "@countersign/contracts/demand";
import { FACTS, RPCS } from "@countersign/contracts/subjects";
import { openRoster } from "@countersign/roster/open-roster";
import { policyInFile } from "@countersign/roster/policy/policy-file";
import { EXIT, runService, type StartContext } from "@countersign/service/run";
import { Shutdown } from "@countersign/service/shutdown";
import { ApprovalConfig } from "./config.ts";
import { SERVED } from "./handlers.ts";
import { logEvents } from "./log-events.ts";
import { openApproval } from "./open.ts";
import { policyKeyInFile } from "./policy/policy-key.ts";

const service = "approval";

function read({ environment }: Pick<StartContext, "environment">) {
  const folder = required(environment, "configDir");
  const keysDir = required(environment, "keysDir");
  const loaded = loadConfig({ schema: ApprovalConfig, file: join(folder, `${service}.yaml`) });
  const { config: autoApproval } = loadConfig({ schema: AutoApprovalConfig, file: join(folder, "auto-approval.yaml") });
  const { config: approvalRules } = loadConfig({ schema: ApprovalRules, file: join(folder, "approvals.yaml") });
  return {
    ...loaded,
    config: { ...loaded.config, autoApproval },
    mode: requiredMode(environment),
    keysDir,
    approvalRules,
    roster: openRoster(environment, service),
  };
}

await runService({
  name: service,
  async start(context) {
    const { config, hash, mode, keysDir, approvalRules, roster } = read(context);
    const clock = createSystemClock();
    const shutdown = new Shutdown(context.logger);
    const onClosed = (user: string, reason: string) => {
      if (!context.signal.aborted) process.stderr.write(`${user}: ${reason}\n`, () => process.exit(EXIT.crashed));
    };
    const url = required(context.environment, "natsUrl");
    const users = usersOf(service);
    const bus = await connectBus({ url, users, keysDir, service, clock, log: context.logger, onClosed });
    shutdown.defer("bus", () => bus.drain());
    const log = logEvents(context.logger);
    const { keyId, policyDaysMax: daysMax } = config.autoApproval;
    const policy = {
      source: policyInFile({ keysDir, roster, daysMax }),
      key: policyKeyInFile({ keysDir, keyId, roster }),
    };
    const close = await openApproval({ bus, clock, config, mode, approvalRules, roster, log, policy });
    shutdown.defer("approval", close);
    return { ready: { config: hash }, stop: () => shutdown.run() };
  },
  validate: async (context) => {
    const { config, hash, mode } = read(context);
    return { config, hash, mode };
  },
  describe: () => ({
    service,
    serves: SERVED.map((row) => row.subject),
    asks: [RPCS.submit.subject, RPCS.cancelAtBroker.subject, RPCS.envelope.subject],
    writes: [FACTS.decision.subject, FACTS.policy.subject, FACTS.ledger.subject],
  }),
});
