import type { ComboLeg, Contract, Order } from "@stoqey/ib";
import { OrderAction, OrderType, SecType, TimeInForce } from "./ib-library.ts";
import type { OrderToSend } from "./wire.ts";
import { exactNumber, wireText } from "./wire-numbers.ts";

const TYPES: ReadonlyMap<string, OrderType> = new Map(Object.values(OrderType).map((type) => [type as string, type]));
/** The fill of one exit makes the other smaller by as much, and only one of them is at an exchange: never both fill. */
const OCA_REDUCE_WITH_BLOCK = 2;

/**
 * An order as the client library takes it. Throws a RangeError rather than let another number or text reach the wire
 * than the one that was countersigned.
 */
export function libraryOrderOf(order: OrderToSend): Order {
  const orderType = TYPES.get(order.orderType);
  if (orderType === undefined) throw new RangeError(`no order type of TWS: ${order.orderType}`);
  return {
    action: order.side === "BUY" ? OrderAction.BUY : OrderAction.SELL,
    totalQuantity: exactNumber(order.quantity),
    orderType,
    tif: TimeInForce[order.timeInForce],
    account: wireText(order.account),
    orderRef: wireText(order.orderRef),
    // Left out, TWS would stage the order silently.
    transmit: order.group?.transmit ?? true,
    outsideRth: order.outsideRth,
    whatIf: order.whatIf,
    ...(order.goodTillDate !== "" && { goodTillDate: wireText(order.goodTillDate) }),
    ...(order.limitPrice !== null && { lmtPrice: exactNumber(order.limitPrice) }),
    ...(order.auxPrice !== null && { auxPrice: exactNumber(order.auxPrice) }),
    ...(order.trailStopPrice !== null && { trailStopPrice: exactNumber(order.trailStopPrice) }),
    ...(order.trailingPercent !== null && { trailingPercent: exactNumber(order.trailingPercent) }),
    ...(order.limitPriceOffset !== null && { lmtPriceOffset: exactNumber(order.limitPriceOffset) }),
    ...groupOf(order),
    ...(order.legs.length > 0 && order.contract.exchange === "SMART" && { smartComboRoutingParams: GUARANTEED }),
  };
}

/** What the order trades, as the client library takes it. Throws a RangeError like its sibling. */
export function libraryContractOf({ contract, legs }: OrderToSend): Contract {
  const exchange = wireText(contract.exchange);
  if ((contract.conid === undefined) !== legs.length > 0) throw new RangeError("a combination has legs and no number");
  if (contract.conid !== undefined) return { conId: contract.conid, exchange };
  const { symbol, currency } = contract;
  const comboLegs = legs.map((leg): ComboLeg => {
    const action = leg.side === "BUY" ? OrderAction.BUY : OrderAction.SELL;
    return { conId: leg.conid, ratio: leg.ratio, action, exchange, ...RETAIL_LEG };
  });
  return {
    conId: 0,
    symbol: wireText(symbol),
    secType: SecType.BAG,
    currency: wireText(currency),
    exchange,
    comboLegs,
  };
}

/** Opens or closes as the order does, and is no short sale of an institution: TWS takes nothing else of a retail account. */
const RETAIL_LEG = { openClose: 0, shortSaleSlot: 0, designatedLocation: "", exemptCode: -1 } as const;
/**
 * All legs or none. Said in so many words: where TWS cannot promise it, it must refuse the order and not choose otherwise.
 * An exchange that trades the combination itself promises it anyway, and is not asked.
 */
const GUARANTEED = [{ tag: "NonGuaranteed", value: "0" }];

function groupOf({ group }: OrderToSend): Partial<Order> {
  if (group === null || group.parentId === null) return {};
  return { parentId: group.parentId, ocaGroup: wireText(group.ocaGroup), ocaType: OCA_REDUCE_WITH_BLOCK };
}
