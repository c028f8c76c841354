import { setTimeout as sleep } from "node:timers/promises";
import { type NatsMessage, typeOf } from "../relay/nats-messages.ts";
import type { Message, Relay } from "../relay/relay.ts";
import type { TwsFrame } from "../relay/tws-frames.ts";
import type { ChaosSystem } from "../system/chaos-system.ts";
import { PAUSE_MS } from "../system/quick-config.ts";

/** KILL: SIGKILL. STOP: SIGSTOP, and on again when every lease has run out. CUT: its connection ends, it lives on. */
export type Action = "KILL" | "STOP" | "CUT";

/**
 * What has become of the message at which it happens. before: it never left, or after a pause it leaves late. half: a
 * part of its bytes has left. after: all of them have. late: they arrive when whoever wrote them is long gone.
 */
export type Phase = "before" | "half" | "after" | "late";

export interface Armed {
  /** Settles when the instant has come and the action is done. */
  readonly fired: Promise<void>;
  disarm(): void;
}

export interface Instant {
  readonly victim: string;
  readonly text: string;
  arm(system: ChaosSystem, action: Action): Armed;
}

const LATE_MS = 1_500;

function armOn<M extends Message>(
  system: ChaosSystem,
  on: { relay: Relay<M>; matches: (message: M) => boolean; phase: Phase; victim: string; action: Action },
): Armed {
  let fire: (value?: unknown) => void = () => undefined;
  const fired = new Promise<void>((resolve, reject) => {
    fire = (error) => (error === undefined ? resolve() : reject(error));
  });
  const disarm = on.relay.addRule((message) => {
    if (!on.matches(message)) return undefined;
    disarm();
    const done = act(system, on, message);
    done.then(
      () => fire(),
      (error: unknown) => fire(error),
    );
    return done;
  });
  return { fired, disarm };
}

async function act<M extends Message>(
  system: ChaosSystem,
  { relay, phase, victim, action }: { relay: Relay<M>; phase: Phase; victim: string; action: Action },
  { bytes }: M,
): Promise<readonly Buffer[]> {
  const passed = { before: [], half: [bytes.subarray(0, bytes.length >> 1)], after: [bytes], late: [bytes] }[phase];
  if (action === "KILL") {
    system.kill(victim);
    if (phase === "late") await sleep(LATE_MS);
    return passed;
  }
  if (action === "CUT") {
    setImmediate(() => (phase === "before" ? relay.cut() : relay.cutBehind()));
    return passed;
  }
  await system.freeze(victim);
  const thawed = sleep(PAUSE_MS).then(() => system.thaw(victim));
  if (phase !== "after") await thawed;
  return [bytes];
}

/** The victim publishes something, which is held back. */
export function publishing(
  victim: string,
  text: string,
  matches: (message: NatsMessage) => boolean,
  phase: Phase = "before",
): Instant {
  const written = (message: NatsMessage) => message.from === "client" && message.subject !== "" && matches(message);
  return {
    victim,
    text,
    arm: (system, action) => armOn(system, { relay: system.bus(victim), matches: written, phase, victim, action }),
  };
}

/** The server has taken what the victim published, and the victim does not hear of it. */
export function acknowledged(victim: string, text: string, matches: (message: NatsMessage) => boolean): Instant {
  return {
    victim,
    text,
    arm(system, action) {
      const replies = new Set<string>();
      const relay = system.bus(victim);
      const stop = relay.addRule((message) => {
        const mine = message.from === "client" && message.reply !== undefined && matches(message);
        if (mine && message.reply !== undefined) replies.add(message.reply);
        return undefined;
      });
      const acks = (message: NatsMessage) => message.from === "server" && replies.has(message.subject);
      const armed = armOn(system, { relay, matches: acks, phase: "before", victim, action });
      const disarm = () => {
        stop();
        armed.disarm();
      };
      armed.fired.then(stop, stop);
      return { fired: armed.fired, disarm };
    },
  };
}

/** A frame between the gateway and TWS, in either direction. */
export function framed(text: string, matches: (frame: TwsFrame) => boolean, phase: Phase = "before"): Instant {
  const victim = "broker-gateway";
  return {
    victim,
    text,
    arm: (system, action) => armOn(system, { relay: system.tws, matches, phase, victim, action }),
  };
}

/** A fact of this type on its way to one of the logs of an order. */
export const fact =
  (facet: "proposal" | "decision" | "exec", type: string) =>
  (message: NatsMessage): boolean =>
    message.subject.startsWith("order.v1.") && message.subject.endsWith(`.${facet}`) && isType(message, type);

/** The claim to send an order. */
export const claims = (message: NatsMessage): boolean =>
  message.subject.startsWith("$KV.CONTROL.claim.") && isType(message, "claim");

/** Whatever the version of its schema. */
function isType(message: NatsMessage, type: string): boolean {
  return typeOf(message)?.split("/")[0] === type;
}
