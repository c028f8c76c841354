import { accountAllowlist } from "./account-allowlist.ts";
import { accountPermissions } from "./account-permissions.ts";
import { activeOrders } from "./active-orders.ts";
import { agentLoss } from "./agent-loss.ts";
import { agentNotional } from "./agent-notional.ts";
import { agentOpenRisk } from "./agent-open-risk.ts";
import { agentOrders } from "./agent-orders.ts";
import { agentPassport } from "./agent-passport.ts";
import { assetClassExposure } from "./asset-class-exposure.ts";
import { cash } from "./cash.ts";
import { comboLegs } from "./combo-legs.ts";
import { concentration } from "./concentration.ts";
import { correlatedExposure } from "./correlated-exposure.ts";
import { dailyLoss } from "./daily-loss.ts";
import { drawdown } from "./drawdown.ts";
import { duplicateOrder } from "./duplicate-order.ts";
import { factAge } from "./fact-age.ts";
import { fillDrift } from "./fill-drift.ts";
import { grossExposure } from "./gross-exposure.ts";
import { killSwitch } from "./kill-switch.ts";
import { knownBook } from "./known-book.ts";
import { knownPrice } from "./known-price.ts";
import { margin } from "./margin.ts";
import { marketOpen } from "./market-open.ts";
import { maxOrderNotional } from "./max-order-notional.ts";
import { maxOrderQuantity } from "./max-order-quantity.ts";
import { maxPosition } from "./max-position.ts";
import { maxPositions } from "./max-positions.ts";
import { maxStopOrders } from "./max-stop-orders.ts";
import { minimumLiquidity } from "./minimum-liquidity.ts";
import { netExposure } from "./net-exposure.ts";
import { notionalOverTime } from "./notional-over-time.ts";
import { orderForm } from "./order-form.ts";
import { orderRate } from "./order-rate.ts";
import { orderToTradeRatio } from "./order-to-trade-ratio.ts";
import { paperAccount } from "./paper-account.ts";
import { permittedInstruments } from "./permitted-instruments.ts";
import { priceCollar } from "./price-collar.ts";
import { priceSides } from "./price-sides.ts";
import { priceTick } from "./price-tick.ts";
import { quantityStep } from "./quantity-step.ts";
import type { Rule } from "./rule.ts";
import { sectorExposure } from "./sector-exposure.ts";
import { selfTrade } from "./self-trade.ts";
import { sessionLimits } from "./session-limits.ts";
import { shortSale } from "./short-sale.ts";
import { shortSalePrice } from "./short-sale-price.ts";
import { slippage } from "./slippage.ts";
import { soundFacts } from "./sound-facts.ts";
import { stopDistance } from "./stop-distance.ts";
import { tradingSwitches } from "./trading-switches.ts";
import { unitAgreement } from "./unit-agreement.ts";
import { valueAtRisk } from "./value-at-risk.ts";
import { volatilitySize } from "./volatility-size.ts";
import { weeklyLoss } from "./weekly-loss.ts";

/** Every rule there is, in the order in which a verdict lists them. All run, always. */
export const RULES: readonly Rule[] = [
  killSwitch,
  accountAllowlist,
  paperAccount,
  agentPassport,
  permittedInstruments,
  accountPermissions,
  tradingSwitches,
  comboLegs,
  marketOpen,
  soundFacts,
  factAge,
  knownPrice,
  orderForm,
  priceTick,
  priceSides,
  priceCollar,
  fillDrift,
  stopDistance,
  maxStopOrders,
  slippage,
  quantityStep,
  maxOrderQuantity,
  maxOrderNotional,
  unitAgreement,
  shortSale,
  shortSalePrice,
  knownBook,
  maxPosition,
  concentration,
  sectorExposure,
  assetClassExposure,
  grossExposure,
  netExposure,
  maxPositions,
  margin,
  cash,
  dailyLoss,
  weeklyLoss,
  drawdown,
  orderRate,
  notionalOverTime,
  sessionLimits,
  orderToTradeRatio,
  activeOrders,
  duplicateOrder,
  selfTrade,
  volatilitySize,
  correlatedExposure,
  valueAtRisk,
  minimumLiquidity,
  agentOrders,
  agentNotional,
  agentOpenRisk,
  agentLoss,
];
