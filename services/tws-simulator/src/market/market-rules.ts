export interface PriceIncrement {
  /** The price from which on the increment holds. */
  readonly lowEdge: string;
  readonly increment: string;
}

/** Increments from a text such as `0:0.01 3:0.05`. */
function steps(text: string): PriceIncrement[] {
  return text.split(" ").map((step) => {
    const [lowEdge = "", increment = ""] = step.split(":");
    return { lowEdge, increment };
  });
}

/** The most liquid band of the tick table of the European Union, which Zurich and London use too. */
const MIFID =
  "0:0.0001 1:0.0002 2:0.0005 5:0.001 10:0.002 20:0.005 50:0.01 100:0.02 200:0.05 500:0.1 1000:0.2 2000:0.5 5000:1 " +
  "10000:2 20000:5 50000:10";

/** Price increments by market rule. 26, 59, 67, 110 and 239 carry IB's numbers; from 2000 on the numbers are made up. */
export const MARKET_RULES: ReadonlyMap<number, readonly PriceIncrement[]> = new Map([
  [26, steps("0:0.01")],
  [59, steps("0:0.005")],
  [67, steps("0:0.25")],
  [110, steps("0:0.01 3:0.05")],
  [239, steps("0:0.00005")],
  [2001, steps("0:0.01 100:0.02")],
  [2002, steps("0:0.1 1000:0.2")],
  [2003, steps("0:0.0002")],
  [2004, steps("0:0.001")],
  [2005, steps("0:0.25")],
  [2006, steps("0:0.05 5:0.25")],
  [2010, steps(MIFID)],
  [2011, steps("0:0.005 0.5:0.01")],
  [2012, steps("0:0.1 1000:0.5 3000:1 10000:5 30000:10")],
  [2013, steps("0:0.001 0.25:0.005 0.5:0.01 20:0.02 50:0.05 100:0.1 200:0.2 500:0.5 1000:1 2000:2 5000:5")],
  [2014, steps("0:1 2000:5 5000:10 20000:50 50000:100 200000:500 500000:1000")],
  [2015, steps("0:0.01 10:0.05 50:0.1 100:0.5 500:1 1000:5")],
  [2016, steps("0:0.001 0.1:0.005 2:0.01")],
  [2017, steps("0:0.01 250:0.05 1000:0.1 5000:0.5 10000:1 20000:5")],
  [2018, steps("0:0.001 0.2:0.005 1:0.01")],
  [2019, steps("0:0.01 2:0.02 5:0.05 10:0.1 25:0.25 100:0.5 200:1 400:2")],
  [2020, steps("0:1 200:2 500:5 2000:10 5000:25")],
  [2021, steps("0:0.005 1:0.01 10:0.02 100:0.1")],
  [2022, steps("0:0.001 0.2:0.005 0.5:0.01")],
  [2023, steps("0:0.01 25:0.02 50:0.05 100:0.1 250:0.2 500:0.5")],
  [2031, steps("0:0.05 3:0.1")],
  [2032, steps("0:0.5")],
  [2033, steps("0:0.1")],
  [2034, steps("0:1")],
  [2035, steps("0:0.05")],
]);
