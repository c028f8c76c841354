import { afterAll, beforeEach, describe, test } from "vitest";
import { Stage } from "../system/stage.ts";
import { ACTIONS, POINTS } from "./points.ts";
import { runPoint } from "./run-point.ts";

const stage = new Stage();
beforeEach(() => stage.ready(), 90_000);
afterAll(() => stage.stop(), 30_000);
const two = (cp: number) => `CP${String(cp).padStart(2, "0")}`;

for (const point of POINTS) {
  describe(`${two(point.cp)} ${point.at.text}`, () => {
    for (const action of ACTIONS) {
      const expected = point.expected[action];
      if (expected === undefined) continue;
      const outcome = `${expected.rests.join(" or ")}, sent ${expected.sent}`;
      test(`${action} ${point.at.victim} -> ${outcome}`, () => runPoint(stage, point, action));
    }
  });
}
