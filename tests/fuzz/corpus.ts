import { encodeCompletedOrder } from "../../services/tws-simulator/src/codec/encode-completed-order.ts";
import { encodeOpenOrder } from "../../services/tws-simulator/src/codec/encode-open-order.ts";
import { libraryEncodes } from "../../services/tws-simulator/src/testing/library-codec.ts";
import { APPLE_ORDER } from "../../services/tws-simulator/src/testing/order-fixture.ts";

const STOCK = "265598|AAPL|STK||0|||SMART|NASDAQ|USD|AAPL|NMS";
const UNSET = "1.7976931348623157E308";

/** One valid request of each kind at 193; placeOrder comes from the client library. */
const REQUESTS = [
  ...["71|2|7|", "8|1|1", "49|1", "17|1", "14|1|5", "62|1|3|All|NetLiquidation,$LEDGER:ALL", "63|1|3", "6|2|1|DU1"],
  ...[
    "61|1",
    "64|1",
    "74|1|3|DU1|core",
    "75|1|3",
    "76|2|3|DU1||1",
    "77|2|3",
    "92|3|DU1|",
    "93|3",
    "94|3|DU1||7",
    "95|3",
  ],
  ...[`9|8|3|${STOCK}|0|||`, "81|3|AAPL", "91|26", "78|3|AAPL||STK|265598", `1|11|3|${STOCK}|0|233|0|0|`],
  ...["1|11|3|0|X|BAG||0|||SMART||USD|||2|1|1|BUY|SMART|2|1|SELL|SMART|1|5|0.5|20||1|0|", "2|1|3", "59|1|3"],
  ...[`20|3|${STOCK}|0||5 mins|1 D|1|TRADES|2|0|`, "25|1|3", `87|3|${STOCK}|0|1|TRADES|2`, "90|3"],
  ...[`96|3|${STOCK}|0||20261120-14:30:00|10|TRADES|1|0|`, `50|3|3|${STOCK}|5|TRADES|1|`, "51|1|3"],
  ...[`97|3|${STOCK}|Last|0|0`, "98|3", `10|5|3|${STOCK}|5|1|`, "11|1|3|1", "4|5|||2147483647", "58||2147483647"],
  ...["5|1", "16|1", "15|1|1", "99|0", "7|3|3|0|DU1||AAPL|STK|SMART|BUY", "24|1", "23|1|3", "85", "84|3|BRFG|BRFG$1|"],
  "22|3|5|STK|STK.US|TOP_PERC_GAIN|3||||||||||||||||||",
  ...[
    "86|3|265598|BRFG+DJNL|||10|",
    "104|3",
    "83|3|a6",
    "82",
    "80",
    `88|3|${STOCK}|0|1|3 days`,
    "89|3",
    "12|1|1",
    "13|1",
  ],
];

const CONTRACT = "265598|AAPL|STK||0.0|||NASDAQ|USD|AAPL|NMS";

/** One valid reply of each kind at 193; openOrder and completedOrder come from the simulator's encoders. */
const REPLIES = [
  ...[
    "9|1|5",
    "15|1|DU1234567,DU7654321",
    "49|1|1700000000",
    "4|2|5|201|Order rejected - reason:x|",
    "53|1",
    "102",
    "62|1",
  ],
  ...["55|1|3", "3|5|Submitted|0|10|0|1200000001|0|0|7||0", "4|2|-1|2104|Market data farm connection is OK:usfarm|"],
  "11|-1|5|265598|AAPL|STK||0.0|||SMART|USD|AAPL|NMS|0000e0d5.01.01|20261120 09:30:01|DU1|ISLAND|BOT|10|227.5|1200000001|7|0|10|227.5|cs1.abc||||2|0",
  ...[`59|1|0000e0d5.01.01|1.0003|USD|${UNSET}|${UNSET}|`, `61|3|DU1|${CONTRACT}|10|220.1`],
  ...[`71|1|3|DU1|${CONTRACT}|10|220.1|`, "72|1|3", "63|1|3|DU1|NetLiquidation|100000.00|USD", "64|1|3"],
  ...[
    "6|2|NetLiquidation|100000.00|USD|DU1",
    "8|1|09:30",
    `7|8|${CONTRACT}|10|227.5|2275|220.1|74|${UNSET}|DU1`,
    "54|1|DU1",
  ],
  ...["73|1|3|DU1||CashBalance|100.00|BASE", "74|1|3", `94|3|12.5|${UNSET}|0.3`, `95|3|10|${UNSET}|1|2|2275`],
  "10|3|AAPL|STK|||0||SMART|USD|AAPL|NMS|NMS|265598|0.01||LMT,MKT|SMART|1|0|APPLE INC|NASDAQ||T|C|C|US/Eastern|20261120:0400-20261120:2000|20261120:0930-20261120:1600|||1|ISIN|US0378331005|1|||26||COMMON|0.0001|0.0001|100|1|id|why",
  "18|3|IBM|BOND|459200AS0|7.125|20961201|19961206|A3|Corp|FIXED|0|1|0|d|SMART|USD|IBM|IBM|15960357|0.001|LMT|SMART|20270101|CALL|1|n|IBM|US/Eastern|a|b|||0|1|26|1000|1000|1000",
  ...[
    "52|1|3",
    "79|3|1|265598|AAPL|STK|NASDAQ|USD|2|OPT|CFD|APPLE INC|",
    "75|3|CBOE|265598|AAPL|100|2|20261218|20270115|2|220|225.5",
  ],
  ...[
    "76|3",
    "93|26|2|0.0|1.0E-4|1.0|0.01",
    "1|6|3|1|227.5|100|0",
    "2|6|3|8|12345",
    "45|6|3|49|0",
    "46|6|3|45|1700000000",
  ],
  ...["81|3|0.01|a60001|3", "58|1|3|1", "57|1|3", `21|3|13|0|0.25|0.5|4.1|-1|-2|0.1|-0.05|${UNSET}`],
  ...[
    "17|3|a|b|2|20261119|1|2|0.5|1.5|100|1.2|10|20261120|1|2|0.5|1.5|100|1.2|10",
    "90|3|10|1700000000|1|2|3|0.5|1.2|100",
  ],
  ...[
    "50|3|3|1700000000|1.1|1.2|1|1.15|100|1.1|10",
    "88|3|345479400",
    "106|3|a|b|US/Eastern|1|20261120-09:30:00|20261120-16:00:00|20261120",
  ],
  ...["19|1|<xml></xml>", "20|3|3|1|0|265598|AAPL|STK||0||SMART|USD|AAPL|NMS|NMS|d|b|p|", "85|1|BRFG|Briefing.com"],
  ...[
    "86|3|2026-11-20 14:00:00.0|BRFG|BRFG$1|Up",
    "87|3|1",
    "83|3|0|<p>Up</p>",
    "107|3|",
    "14|1|1|1|text|NYSE",
    "78|1|DU1|",
  ],
  ...[
    "80|1|ISLAND|STK||Deep2|2147483647",
    "82|3|1|0|NASDAQ|Q",
    "12|1|3|0|0|1|227.4|100",
    "13|1|3|0|NSDQ|0|1|227.4|100|1",
  ],
  ...[
    "99|3|1|1700000000|227.5|100|0|ISLAND|",
    "99|3|3|1700000000|1|2|3|4|0",
    "99|3|4|1700000000|227.45",
    "89|3|1|227.5|100",
  ],
  ...["96|3|1|1700000000|0|227.5|1|1", "97|3|1|1700000000|0|1|2|3|4|1", "98|3|1|1700000000|0|227.5|100|ISLAND||1"],
];

const split = (line: string) => line.split("|");

export function requestCorpus(): string[][] {
  const order = {
    action: "BUY",
    orderType: "LMT",
    totalQuantity: 10,
    lmtPrice: 1.5,
    transmit: true,
    orderRef: "cs1.abc",
  };
  const combo = { conId: 1, ratio: 1, action: "BUY", exchange: "SMART", openClose: 0, shortSaleSlot: 0 };
  const bag = { symbol: "AAPL", secType: "BAG", exchange: "SMART", currency: "USD", comboLegs: [combo, combo] };
  const placed = [178, 193].flatMap((version) => [
    libraryEncodes(version, (each) => each.placeOrder(5, { conId: 1, exchange: "SMART" }, order as never)),
    libraryEncodes(version, (each) => each.placeOrder(5, bag as never, order as never)),
  ]);
  return [...REQUESTS.map(split), ...placed];
}

export function replyCorpus(): string[][] {
  const orders = [178, 193].flatMap((version) => [
    [...encodeOpenOrder(APPLE_ORDER, version).tokens],
    [...encodeCompletedOrder(APPLE_ORDER, version).tokens],
  ]);
  return [...REPLIES.map(split), ...orders];
}
