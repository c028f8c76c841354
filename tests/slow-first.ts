import { BaseSequencer, type TestSpecification } from "vitest/node";

/**
 * Short files that wait or compute long. On a fresh clone Vitest begins with the largest files, so that one worker would end with
 * these, alone, while the others have nothing left.
 */
const SLOW = [
  "tests/end-to-end/start-stop.test.ts",
  "tests/end-to-end/stop-early.test.ts",
  "tests/end-to-end/start-twice.test.ts",
  "tests/streams/recovery.test.ts",
  "tests/chaos/chaos.test.ts",
  "tests/pacing/pacing.test.ts",
  "tests/simulation/simulation.test.ts",
  "services/broker-gateway/src/testing/chaos/chaos.test.ts",
  "services/broker-gateway/src/lease/two-gateways.test.ts",
  "services/risk-gate/src/large-book.test.ts",
  "services/approval/src/races.test.ts",
];

export class SlowFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const isSlow = ({ moduleId }: TestSpecification) => SLOW.some((path) => moduleId.endsWith(path));
    return [...sorted.filter(isSlow), ...sorted.filter((file) => !isSlow(file))];
  }
}
