import { join } from "node:path";
import { required, requiredMode, requiredPort } from "@countersign/config/environment";
import { loadConfig } from "@countersign/config/load";
import { ApprovalRules } from "@countersign/contracts/demand";
import { openRoster } from "@countersign/roster/open-roster";
import type { StartContext } from "@countersign/service/run";
import { BrokerGatewayConfig } from "./config.ts";
import { LiveConfig } from "./live/live-config.ts";

const service = "broker-gateway";

/** Everything that can be wrong before anything starts. Throws ConfigError. */
export function readSettings({ environment }: Pick<StartContext, "environment">) {
  const inFolder = (name: string) => join(required(environment, "configDir"), `${name}.yaml`);
  const live = loadConfig({ schema: LiveConfig, file: inFolder("live") }).config;
  return {
    ...loadConfig({ schema: BrokerGatewayConfig, file: inFolder(service) }),
    live: { config: live, monitorUrl: environment.natsMonitorUrl },
    mode: requiredMode(environment),
    dataDir: join(required(environment, "dataDir"), service),
    tws: { host: required(environment, "twsHost"), port: requiredPort(environment, "twsPort") },
    approvalRules: loadConfig({ schema: ApprovalRules, file: inFolder("approvals") }).config,
    roster: openRoster(environment, service),
  };
}
