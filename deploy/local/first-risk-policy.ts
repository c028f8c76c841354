import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { readYaml } from "@countersign/config/load";
import { SignedRiskPolicy } from "@countersign/contracts/risk-policy";
import {
  formatRiskPolicy,
  RISK_POLICY_FILE,
  riskPolicyDocument,
  signRiskPolicy,
} from "@countersign/roster/risk-policy-file";
import * as z from "zod";
import { writeWhole } from "./write-whole.ts";

const PERSON = "operator";
const Policy = z.looseObject({ version: z.number() });

/**
 * The risk policy of the configuration, signed by the one operator of an embedded simulator: on the first start, and again
 * when the file has a higher version. Whether one signature is enough is the gate's to say; what becomes looser needs two.
 */
export function prepareRiskPolicy(dataDir: string, configDir: string): void {
  const keysDir = join(dataDir, "keys");
  const file = join(keysDir, RISK_POLICY_FILE);
  const policy = Policy.safeParse(readYaml(join(configDir, "risk-policy.yaml")));
  // What is no policy the gate will say, with its place.
  if (!policy.success) return;
  const { version } = policy.data;
  if (existsSync(file) && versionIn(file) >= version) return;
  const privateKeyPem = readFileSync(join(keysDir, "session-keys", `${PERSON}.pem`), "utf8");
  const document = riskPolicyDocument("simulator", z.record(z.string(), z.json()).parse(policy.data));
  const signed = signRiskPolicy({ document, signatures: [] }, { keyId: `${PERSON}-session`, privateKeyPem });
  writeWhole(file, formatRiskPolicy(signed));
}

function versionIn(file: string): number {
  return Number(SignedRiskPolicy.parse(JSON.parse(readFileSync(file, "utf8"))).document.policy.version);
}

/** In paper mode the gate starts only with a policy that two persons signed: said before anything runs, when the keys are made. */
export function demandRiskPolicy(dataDir: string): void {
  const keysDir = join(dataDir, "keys");
  if (existsSync(join(keysDir, RISK_POLICY_FILE))) return;
  throw new Error(
    `no ${RISK_POLICY_FILE} in ${keysDir}: two persons sign one first, with the keys that are there now (docs/paper.md)`,
  );
}
