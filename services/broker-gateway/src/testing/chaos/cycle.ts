import type { OrderTerms } from "@countersign/contracts/order";
import { contractToSend, wireTermsOf } from "../../session/order-terms.ts";
import { AAPL, type World } from "../../test-support.ts";
import { eventually } from "../eventually.ts";
import type { Dice } from "./dice.ts";

/** What one order went through. */
export interface CycleReport {
  readonly sent: boolean;
  /** The cut came at the frame that the dice chose, and not after everything. */
  readonly chosen: boolean;
  /** After the cut TWS said for a while that another connection has our client id. */
  readonly stolen: boolean;
  readonly modified: boolean;
  readonly cancelAsked: boolean;
}

const MSFT = 272_093;
const OUR_CLIENT = 17;
/** About as many frames leave the broker about an order that fills or is cancelled, and about one that rests. */
const REPLIES = { ends: 6, rests: 3 } as const;
const CANCEL_TRIES_MAX = 40;
const RECOVERS_WITHIN_MS = 30_000;

/** One order placed, perhaps changed and cancelled, while the connection is cut at a frame that the dice choose. */
export async function runCycle(world: World, dice: Dice): Promise<CycleReport> {
  const epoch = gatewayOf(world).link.epoch;
  if (dice.oneIn(3)) await fault(world, { action: "fillInParts", sizes: ["2", "1"], everyMs: 2 });
  const resting = dice.roll(4) > 0;
  const cancels = resting && dice.roll(4) > 0;
  const stolen = dice.oneIn(5);
  if (stolen) await fault(world, { action: "clientIdInUse", clientId: OUR_CLIENT });
  await fault(world, cutBy(dice, { resting, cancels }));
  const { approval, proposal } = await world.approved({ terms: termsOf(dice, resting) });
  const outcome = await world.submit(approval).catch(() => "fault");
  const sent = outcome === "sent";
  let modified = false;
  let cancelAsked = false;
  if (sent && dice.oneIn(2)) await settleABit(world, proposal);
  if (sent && resting && dice.oneIn(2)) modified = modify(world, approval.statement.ticket.terms, { proposal, dice });
  if (sent && cancels) cancelAsked = await cancel(world, proposal);
  const chosen = await cutForSure(world, epoch);
  return { sent, chosen, stolen, modified, cancelAsked };
}

function termsOf(dice: Dice, resting: boolean): object {
  const side = dice.pick(["BUY", "SELL"]);
  const quantity = String(1 + dice.roll(5));
  if (dice.oneIn(5)) return comboOf({ side, quantity, resting });
  if (!resting) return { side, quantity };
  return { side, quantity, orderType: "LMT", limitPrice: side === "BUY" ? "1.00" : "9000.00" };
}

/** One stock bought and another sold, which takes little margin; its price may lie on either side of zero. */
function comboOf({ side, quantity, resting }: { side: string; quantity: string; resting: boolean }): object {
  const legs = [
    { conid: AAPL, side: "BUY", ratio: 1 },
    { conid: MSFT, side: "SELL", ratio: 1 },
  ];
  if (!resting) return { side, quantity, legs };
  return { side, quantity, legs, orderType: "LMT", limitPrice: side === "BUY" ? "-900" : "900" };
}

/** Waits for the cut and what follows it. False: the frame that the dice chose never came, and the cut is made now. */
async function cutForSure(world: World, epoch: number): Promise<boolean> {
  const { link } = gatewayOf(world);
  await eventually(() => (link.state === "up" ? true : undefined), RECOVERS_WITHIN_MS);
  const chosen = link.epoch !== epoch;
  if (!chosen) await fault(world, { action: "closeConnections", clientId: OUR_CLIENT });
  await eventually(() => (link.epoch !== epoch ? true : undefined), RECOVERS_WITHIN_MS);
  await world.simulator.control("DELETE", "/faults");
  // Not only read under the fallback id.
  await eventually(() => (link.hold() === undefined ? true : undefined), RECOVERS_WITHIN_MS);
  return chosen;
}

function gatewayOf(world: World) {
  if (world.gateway === undefined) throw new Error("no gateway");
  return world.gateway;
}

const fault = (world: World, rule: object) => world.simulator.control("POST", "/faults", rule);

function cutBy(dice: Dice, { resting, cancels }: { resting: boolean; cancels: boolean }): object {
  const how = dice.pick(["fin", "rst"]);
  const clientId = OUR_CLIENT;
  const nth = 1 + dice.roll(resting && !cancels ? REPLIES.rests : REPLIES.ends);
  switch (dice.roll(5)) {
    case 0:
      return { action: dice.pick(["dropBefore", "dropAfter"]), message: "placeOrder", clientId, how };
    case 1: {
      const message = cancels ? "cancelOrder" : "placeOrder";
      return { action: dice.pick(["dropBefore", "dropAfter"]), message, clientId, how };
    }
    case 2:
      return { action: "cutInsideReply", nth, bytes: 1 + dice.roll(20), clientId, how };
    case 3:
      return { action: "cutAfterReply", nth, clientId, how };
    default:
      return { action: "cutBeforeReply", nth, clientId, how };
  }
}

/** Until the broker has said something, or the connection is gone; not at all is fine as well. */
async function settleABit(world: World, proposal: string): Promise<void> {
  const epoch = world.gateway?.link.epoch;
  const done = () => {
    const state = world.gateway?.table.get(proposal)?.order.state;
    return (state !== "INTENT" && state !== "SEND_STARTED") || world.gateway?.link.epoch !== epoch ? true : undefined;
  };
  await eventually(done, 300).catch(() => undefined);
}

/** The same order id with another price, as TWS takes a change: what a person does who drags the order in TWS. */
function modify(world: World, terms: OrderTerms, by: { proposal: string; dice: Dice }): boolean {
  const order = world.gateway?.table.get(by.proposal)?.order;
  const connection = world.gateway?.link.ownsOrders ? world.gateway.link.connection() : undefined;
  if (order === undefined || connection === undefined || terms.orderType !== "LMT") return false;
  const cents = 10 + by.dice.roll(80);
  const far = terms.legs === undefined ? `90${cents}` : `9${cents}`;
  const near = terms.legs === undefined ? `1.${cents}` : `-9${cents}`;
  const limitPrice = terms.side === "BUY" ? near : far;
  const { orderId, account, orderRef } = order;
  const changed = wireTermsOf({ ...terms, limitPrice });
  connection.placeOrder({
    ...changed,
    orderId,
    contract: contractToSend(terms, { symbol: "AAPL", currency: "USD", exchange: "SMART" }),
    account,
    orderRef,
    whatIf: false,
    group: null,
  });
  return true;
}

/** Asks until somebody has taken the cancel, or there is nothing to cancel. True when it was taken. */
async function cancel(world: World, proposal: string): Promise<boolean> {
  for (let tries = 0; tries < CANCEL_TRIES_MAX; tries += 1) {
    const answer = await world.cancel(proposal).catch(() => undefined);
    if (answer?.outcome === "ok") return true;
    if (answer?.outcome === "denied" && answer.denial.code === "ORDER_NOT_CANCELLABLE") {
      const state = world.gateway?.table.get(proposal)?.order.state;
      if (state !== "INTENT") return false;
    }
    await world.gateway?.clock.sleep(10);
  }
  return false;
}
