import { afterAll, beforeAll } from "vitest";
import { World } from "../../services/risk-gate/src/test-support.ts";
import { describeReduce } from "../../services/risk-gate/src/testing/reduce-cases.ts";

let world: World;
beforeAll(async () => {
  world = await World.open();
});
afterAll(() => world?.close());

/** An approval of the ticket before against the reduction, two hundred times. */
describeReduce(() => world, 200);
