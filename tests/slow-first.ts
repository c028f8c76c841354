import { BaseSequencer, type TestSpecification } from "vitest/node";

/** Short files that wait long. Vitest begins with the largest files, so that one worker would end with these, alone. */
const SLOW = ["tests/chaos/chaos.test.ts", "tests/pacing/pacing.test.ts", "tests/simulation/simulation.test.ts"];

export class SlowFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const isSlow = ({ moduleId }: TestSpecification) => SLOW.some((path) => moduleId.endsWith(path));
    return [...sorted.filter(isSlow), ...sorted.filter((file) => !isSlow(file))];
  }
}
