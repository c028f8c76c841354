import type { ContractView } from "./contract-view.ts";
import type { Conditions } from "./order-conditions.ts";
import type { Combo } from "./order-legs.ts";

export interface MarginView {
  readonly initBefore: string;
  readonly maintBefore: string;
  readonly equityBefore: string;
  readonly initChange: string;
  readonly maintChange: string;
  readonly equityChange: string;
  readonly initAfter: string;
  readonly maintAfter: string;
  readonly equityAfter: string;
}

/** One order as TWS tells it; all numbers are wire text. */
export interface OrderView {
  readonly orderId: number;
  readonly clientId: number;
  readonly permId: number;
  readonly parentId: number;
  /** Undefined = it is nobody's child. */
  readonly parentPermId: number | undefined;
  readonly contract: ContractView;
  readonly exchange: string;
  readonly action: string;
  readonly totalQuantity: string;
  readonly orderType: string;
  /** Undefined = the type has no such price. */
  readonly lmtPrice: string | undefined;
  readonly auxPrice: string | undefined;
  readonly tif: string;
  readonly ocaGroup: string;
  readonly ocaType: number;
  readonly account: string;
  readonly openClose: string;
  readonly origin: number;
  readonly orderRef: string;
  readonly outsideRth: boolean;
  readonly hidden: boolean;
  readonly displaySize: number | undefined;
  readonly triggerMethod: number;
  /** The stop of a trailing order where it stands now; undefined before it has one. */
  readonly trailStopPrice: string | undefined;
  readonly trailingPercent: string | undefined;
  readonly lmtPriceOffset: string | undefined;
  readonly combo: Combo;
  readonly conditions: Conditions;
  readonly goodAfterTime: string;
  readonly goodTillDate: string;
  readonly allOrNone: boolean;
  readonly minQty: number | undefined;
  readonly whatIf: boolean;
  readonly status: string;
  readonly filled: string;
  readonly remaining: string;
  readonly avgFillPrice: string;
  readonly lastFillPrice: string;
  readonly whyHeld: string;
  /** The price that the order is held to; 0 = none. */
  readonly mktCapPrice: string;
  /** Present for a what-if answer only. */
  readonly margin: MarginView | undefined;
  /** Cumulative commission; undefined until the first commission is known. */
  readonly commission: string | undefined;
  readonly commissionCurrency: string;
  /** In place of a commission, on a what-if that cannot say more; absent = not told. */
  readonly commissionRange?: { readonly min: string; readonly max: string };
  readonly warningText: string;
  /** The second stop price that TWS shows: of a limit order its limit and one, of a stop order its stop. */
  readonly shadowStopPrice: string | undefined;
  readonly completedTime: string;
  readonly completedStatus: string;
  /** True on the first callback after the order arrived: TWS then shows two defaults that it later drops. */
  readonly fresh: boolean;
}
