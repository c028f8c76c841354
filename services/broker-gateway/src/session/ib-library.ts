// The parts of the client library that run here, each from its own file: the library's index brings its second interface
// with it, and that one rxjs, 270 modules that nobody here calls and that every start would read.
export { IBApi } from "@stoqey/ib/dist/api/api.js";
export { DurationUnit } from "@stoqey/ib/dist/api/data/enum/duration-unit.js";
export { EventName } from "@stoqey/ib/dist/api/data/enum/event-name.js";
export { SecType } from "@stoqey/ib/dist/api/data/enum/sec-type.js";
export { BarSizeSetting } from "@stoqey/ib/dist/api/historical/bar-size-setting.js";
export { WhatToShow } from "@stoqey/ib/dist/api/historical/what-to-show.js";
export { TickByTickDataType } from "@stoqey/ib/dist/api/market/tickByTickDataType.js";
export { ScanCode } from "@stoqey/ib/dist/api/market-scanner/market-scanner.js";
export { OrderAction } from "@stoqey/ib/dist/api/order/enum/order-action.js";
export { OrderType } from "@stoqey/ib/dist/api/order/enum/orderType.js";
export { TimeInForce } from "@stoqey/ib/dist/api/order/enum/tif.js";
