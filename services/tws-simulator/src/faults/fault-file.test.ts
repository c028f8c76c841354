import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { readCommandLine } from "../options.ts";
import { TestSimulator } from "../testing/test-simulator.ts";

const directory = mkdtempSync(join(tmpdir(), "tws-simulator-faults-"));
afterAll(() => rmSync(directory, { recursive: true }));

function file(text: string): string {
  const path = join(directory, "faults.json");
  writeFileSync(path, text);
  return path;
}

test("--faults FILE -> in force for the very first client", async () => {
  const path = file('[{"action":"cutBeforeReply","message":"nextValidId"}]');
  const { faults } = readCommandLine(["--faults", path]);
  const simulator = await TestSimulator.start({ faults });
  const client = simulator.raw();
  client.hello("v100..193");
  client.send(71, 2, 7, "");
  await client.closed;
  expect(client.of("9")).toEqual([]);
  simulator.stop();
});

test("--faults FILE that refuses connections -> nobody gets in before it is taken away", async () => {
  const { faults } = readCommandLine(["--faults", file('[{"action":"refuseConnections"}]')]);
  const simulator = await TestSimulator.start({ faults });
  const refused = simulator.raw();
  await refused.closed;
  expect(refused.chunks).toEqual([]);
  await simulator.calm();
  (await simulator.ready(7)).end();
  simulator.stop();
});

test("--pacing strict -> both paces are in force", () => {
  expect(readCommandLine(["--pacing", "strict"]).faults.map(({ action }) => action)).toEqual([
    "messagePacing",
    "historicalPacing",
  ]);
  expect(readCommandLine([]).faults).toEqual([]);
});

test.each([
  ["no JSON", "{", /--faults: .*JSON/],
  ["no list", '{"action":"halfOpen"}', /array/],
  ["an unknown fault", '[{"action":"explode"}]', /action/],
  ["an unknown request", '[{"action":"dropBefore","message":"placeOrders"}]', /no request has this name/],
])("--faults FILE with %s -> refused with the reason", (_name, text, why) => {
  expect(() => readCommandLine(["--faults", file(text)])).toThrow(why);
});
