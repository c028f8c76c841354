import { createServer, type Server, type Socket } from "node:net";
import { createSystemClock } from "@countersign/clock/clock";
import { systemRandom } from "@countersign/ids/random";
import { createLogger } from "@countersign/log/logger";
import { covers } from "@countersign/testing/covers";
import { listen } from "@countersign/testing/listen";
import { afterEach, describe, expect, test } from "vitest";
import { eventually } from "../testing/eventually.ts";
import { connectTws } from "./connection.ts";
import { Link } from "./link.ts";
import { RateLimiter } from "./rate-limiter.ts";

const clock = createSystemClock();
const log = createLogger({ service: "broker-gateway", level: "silent" });
const frame = (...tokens: string[]) => {
  const body = Buffer.from(`${tokens.join("\0")}\0`);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(body.length);
  return Buffer.concat([length, body]);
};
const notice = (code: number) => frame("4", "2", "-1", String(code), "text", "");
const ACCOUNTS = frame("15", "1", "DU1234567");
const NEXT_ID = frame("9", "1", "1");

let stop: () => Promise<void> = async () => undefined;
afterEach(() => stop());

/** A TWS that says what a test tells it to: things that no simulator should say by itself. */
async function scripted(script: (socket: Socket, connection: number) => void, version = "193") {
  let connections = 0;
  const open = { now: 0, most: 0 };
  const sockets = new Set<Socket>();
  const server: Server = createServer((socket) => {
    connections += 1;
    const connection = connections;
    sockets.add(socket);
    open.now += 1;
    open.most = Math.max(open.most, open.now);
    socket.once("close", () => {
      open.now -= 1;
    });
    let greeted = false;
    socket
      .on("error", () => undefined)
      .on("data", () => {
        if (greeted) return;
        greeted = true;
        socket.write(frame(version, "20261120 09:30:00 EST"));
        script(socket, connection);
      });
  });
  const port = await listen(server);
  const epochs: number[] = [];
  const lost: string[] = [];
  const faults: string[] = [];
  const farms: string[] = [];
  const limiter = new RateLimiter(clock, { perSecond: 40, reservedForOrders: 10 });
  const settings = { connectDeadlineMs: 2_000, silenceMaxMs: 5_000, backOffMs: [20], clientIdTakenMs: 400 };
  const acceptsAccount = (account: string) => account.startsWith("DU");
  const outside = { random: systemRandom, connect: connectTws({ host: "127.0.0.1", port }) };
  const link = new Link(
    { clock, log, limiter, writer: { leaseHeld: () => true, orderIdsLeft: () => true }, ...outside },
    {
      clientIds: { orders: 17, fallback: 18 },
      acceptsAccount,
      windows: [],
      recording: undefined,
      ...settings,
    },
  );
  const throwOn = new Set<string>();
  link.start({
    onEvent: ({ kind }) => {
      if (throwOn.delete(kind)) throw new Error(`nobody foresaw ${kind}`);
    },
    onReconcile: (epoch) => {
      epochs.push(epoch);
      link.markUp(epoch);
    },
    onLost: (reason) => void lost.push(reason),
    onFault: ({ code, text }) => void faults.push(`${code} ${text}`),
    onFarm: ({ name, kind, state }) => void farms.push(`${kind} ${name} ${state}`),
  });
  stop = async () => {
    link.stop();
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  };
  const state = (wanted: string) => eventually(() => (link.state === wanted ? true : undefined));
  return { link, epochs, lost, faults, farms, throwOn, open, state, sockets, connections: () => connections };
}

describe("the link to TWS", () => {
  test("1100 freezes at once, a farm that is OK does not thaw it, 1102 leads to a new reconciliation", async () => {
    const world = await scripted((socket) => socket.write(Buffer.concat([ACCOUNTS, NEXT_ID])));
    await world.state("up");
    const [socket] = world.sockets;
    const epoch = world.link.epoch;
    socket?.write(Buffer.concat([notice(1100), notice(2106), notice(2104)]));
    await world.state("reconciling");
    await clock.sleep(50);
    expect(world.link.state).toBe("reconciling");
    expect(world.link.epoch).toBeGreaterThan(epoch);
    expect(world.lost).toHaveLength(1);
    socket?.write(notice(1102));
    await world.state("up");
    expect(world.epochs).toHaveLength(2);
  });

  test("a TWS that has no servers when we connect is not up before it says so", async () => {
    const world = await scripted((socket) => socket.write(Buffer.concat([ACCOUNTS, notice(2110), NEXT_ID])));
    await world.state("reconciling");
    expect(world.epochs).toEqual([]);
    for (const socket of world.sockets) socket.write(notice(1101));
    await world.state("up");
  });

  test("326 under both client ids -> waits longer than after a drop", async () => {
    const world = await scripted((socket, connection) => {
      if (connection > 2) socket.write(Buffer.concat([ACCOUNTS, NEXT_ID]));
      else socket.end(notice(326));
    });
    await eventually(() => (world.link.detail.includes("so is the fallback 18") ? true : undefined));
    await clock.sleep(200);
    expect(world.connections()).toBe(2);
    await world.state("up");
  });

  test("326 under the client id for orders -> the fallback connects and only reads; then that id is tried again", async () => {
    const world = await scripted((socket, connection) => {
      if (connection === 1) socket.end(notice(326));
      else socket.write(Buffer.concat([ACCOUNTS, NEXT_ID]));
    });
    await world.state("up");
    expect([world.link.connectedAs, world.link.hold()?.code]).toEqual([18, "BROKER_READ_ONLY"]);
    await eventually(() => (world.link.hold() === undefined ? true : undefined));
    expect([world.link.connectedAs, world.connections(), world.open.most]).toEqual([17, 3, 1]);
  });

  test("326 in the middle of a session -> nothing of it; a drop later is a drop", async () => {
    const world = await scripted((socket) => socket.write(Buffer.concat([ACCOUNTS, NEXT_ID])));
    await world.state("up");
    for (const socket of world.sockets) socket.write(notice(326));
    for (const socket of world.sockets) socket.end();
    await eventually(() => (world.connections() === 2 ? true : undefined));
    await world.state("up");
    expect([world.link.connectedAs, world.link.hold()]).toEqual([17, undefined]);
  });

  test("a reject whose JSON cannot be parsed -> a recorded fault; what stands behind it in the chunk still arrives", async () => {
    const world = await scripted((socket) => socket.write(Buffer.concat([ACCOUNTS, NEXT_ID])));
    await world.state("up");
    const [socket] = world.sockets;
    const broken = frame("4", "2", "5", "201", "Order rejected", "{not json");
    socket?.write(Buffer.concat([broken, notice(2104)]));
    await eventually(() => (world.farms.length > 0 ? true : undefined));
    expect(world.faults).toEqual([expect.stringContaining("JSON")]);
    await world.state("up");
    expect(world.connections()).toBe(1);
  });

  test("a listener that throws -> a recorded fault, everything read again, and the stream goes on", async () => {
    const world = await scripted((socket) => socket.write(Buffer.concat([ACCOUNTS, NEXT_ID])));
    await world.state("up");
    world.throwOn.add("notice");
    for (const socket of world.sockets) socket.write(Buffer.concat([notice(2106), notice(2104)]));
    await eventually(() => (world.farms.length === 2 ? true : undefined));
    expect(world.faults).toEqual([expect.stringContaining("nobody foresaw notice")]);
    await world.state("up");
    expect(world.epochs).toHaveLength(2);
    expect(world.connections()).toBe(1);
  });

  test("one unreadable message after the other -> another connection in the end", async () => {
    const world = await scripted((socket, connection) => {
      const bad = Array.from({ length: connection === 1 ? 30 : 0 }, () => frame("250", "1"));
      socket.write(Buffer.concat([ACCOUNTS, NEXT_ID, ...bad]));
    });
    await eventually(() => (world.connections() === 2 && world.link.state === "up" ? true : undefined));
  });

  test("a TWS that drops every connection -> longer and longer waits, never two sockets at once", async () => {
    covers("field/login-loop");
    const world = await scripted((socket) => socket.end(), "193");
    await eventually(() => (world.connections() >= 3 ? true : undefined));
    expect(world.open.most).toBe(1);
    expect(world.link.record.failures).toBeGreaterThanOrEqual(2);
  });

  test("a message that nobody knows -> everything is read again on the same connection", async () => {
    const world = await scripted((socket) => socket.write(Buffer.concat([ACCOUNTS, NEXT_ID])));
    await world.state("up");
    for (const socket of world.sockets) socket.write(frame("250", "1", "2"));
    await eventually(() => (world.epochs.length === 2 ? true : undefined));
    await world.state("up");
    expect(world.connections()).toBe(1);
  });

  test.each([
    ["a length above 16 MiB", Buffer.from([0x01, 0, 0, 0, 1])],
    ["a negative length", Buffer.from([0xff, 0xff, 0xff, 0xfc, 1])],
    ["no NUL at the end", Buffer.from([0, 0, 0, 1, 0x39])],
  ])("bytes that are no frames: %s -> another connection", async (_, bytes) => {
    const world = await scripted((socket, connection) => {
      socket.write(Buffer.concat([ACCOUNTS, NEXT_ID, ...(connection === 1 ? [bytes] : [])]));
    });
    await eventually(() => (world.connections() > 1 && world.link.state === "up" ? true : undefined));
    expect(world.lost[0]).toContain("a frame");
  });

  test("an account that the mode does not accept -> left before anything is asked", async () => {
    const world = await scripted((socket) => socket.write(Buffer.concat([frame("15", "1", "DU1,U7654321"), NEXT_ID])));
    await world.state("down");
    expect(world.epochs).toEqual([]);
    expect(world.link.detail).toContain("account");
  });

  test("a server version below 177 -> refused", async () => {
    covers("code/503");
    const world = await scripted((socket) => socket.write(Buffer.concat([ACCOUNTS, NEXT_ID])), "176");
    await world.state("down");
    expect(world.epochs).toEqual([]);
  });

  test("no command is taken before TWS has named the next order id", async () => {
    const world = await scripted((socket) => socket.write(ACCOUNTS));
    await eventually(() => (world.link.accounts.length > 0 ? true : undefined));
    expect(world.link.connection()).toBeUndefined();
    await world.state("down");
    expect(world.link.detail).toContain("did not answer");
  });
});
