import { EXCHANGES, type ExchangeCode } from "./exchanges.ts";
import { type Instrument, PLAIN } from "./instrument.ts";

/** symbol | local symbol, `.` = the same | name | ISIN | reference price | industry | category */
type Row = readonly [
  symbol: string,
  local: string,
  name: string,
  isin: string,
  price: string,
  industry: string,
  category: string,
];

/** Listings by exchange. An empty ISIN is one that this book does not know. Prices in the exchange's currency. */
const LISTINGS: Readonly<Record<ExchangeCode, readonly Row[]>> = {
  IBIS: [
    ["SIE", ".", "SIEMENS AG-REG", "DE0007236101", "231.40", "Industrial", "Miscellaneous Manufactur"],
    ["ALV", ".", "ALLIANZ SE-REG", "DE0008404005", "364.80", "Financial", "Insurance"],
  ],
  IBIS2: [
    ["EXS1", ".", "ISHARES CORE DAX UCITS ETF", "DE0005933931", "198.20", "Funds", "Equity Fund"],
    ["VWCE", ".", "VANGUARD FTSE ALL-WORLD UCITS ETF", "IE00BK5BQT80", "142.60", "Funds", "Equity Fund"],
  ],
  SBF: [
    ["MC", ".", "LVMH MOET HENNESSY LOUIS VUI", "FR0000121014", "612.40", "Consumer, Cyclical", "Apparel"],
    ["TTE", ".", "TOTALENERGIES SE", "FR0000120271", "55.30", "Energy", "Oil&Gas"],
  ],
  AEB: [["INGA", ".", "ING GROEP NV", "NL0011821202", "22.10", "Financial", "Banks"]],
  BVME: [
    ["ENI", ".", "ENI SPA", "IT0003132476", "16.20", "Energy", "Oil&Gas"],
    ["ISP", ".", "INTESA SANPAOLO", "IT0000072618", "5.62", "Financial", "Banks"],
  ],
  BM: [
    ["SAN1", "SAN", "BANCO SANTANDER SA", "ES0113900J37", "9.12", "Financial", "Banks"],
    ["ITX", ".", "INDUSTRIA DE DISENO TEXTIL", "ES0148396007", "47.90", "Consumer, Cyclical", "Retail"],
  ],
  VSE: [
    ["EBS", ".", "ERSTE GROUP BANK AG", "AT0000652011", "90.40", "Financial", "Banks"],
    ["OMV", ".", "OMV AG", "AT0000743059", "47.60", "Energy", "Oil&Gas"],
  ],
  "ENEXT.BE": [
    ["ABI", ".", "ANHEUSER-BUSCH INBEV SA/NV", "BE0974293251", "53.80", "Consumer, Non-cyclical", "Beverages"],
    ["KBC", ".", "KBC GROUP NV", "BE0003565737", "106.20", "Financial", "Banks"],
  ],
  HEX: [
    ["NOKIA", ".", "NOKIA OYJ", "FI0009000681", "5.74", "Communications", "Telecommunications"],
    ["SAMPO", ".", "SAMPO OYJ-A SHS", "FI4000552500", "9.88", "Financial", "Insurance"],
  ],
  LSE: [["HSBA", ".", "HSBC HOLDINGS PLC", "GB0005405286", "10.64", "Financial", "Banks"]],
  LSEETF: [
    ["CSPX", ".", "ISHARES CORE S&P 500 UCITS ETF USD ACC", "IE00B5BMR087", "541.20", "Funds", "Equity Fund"],
    ["VUSA", ".", "VANGUARD S&P 500 UCITS ETF", "IE00B3XXRP09", "92.40", "Funds", "Equity Fund"],
  ],
  EBS: [
    ["NESN", ".", "NESTLE SA-REG", "CH0038863350", "79.60", "Consumer, Non-cyclical", "Food"],
    ["NOVN", ".", "NOVARTIS AG-REG", "CH0012005267", "103.40", "Consumer, Non-cyclical", "Pharmaceuticals"],
  ],
  CPH: [
    ["NOVO.B", "NOVOB", "NOVO NORDISK A/S-B", "DK0062498333", "318.20", "Consumer, Non-cyclical", "Pharmaceuticals"],
    ["MAERSK.B", "MAERSKB", "AP MOLLER-MAERSK A/S-B", "DK0010244508", "12940", "Industrial", "Transportation"],
  ],
  OSE: [
    ["EQNR", ".", "EQUINOR ASA", "NO0010096985", "238.40", "Energy", "Oil&Gas"],
    ["DNB", ".", "DNB BANK ASA", "NO0010161896", "262.10", "Financial", "Banks"],
  ],
  SFB: [
    ["VOLV.B", "VOLVB", "VOLVO AB-B SHS", "SE0000115446", "268.40", "Consumer, Cyclical", "Auto Manufacturers"],
    ["ERIC.B", "ERICB", "ERICSSON LM-B SHS", "SE0000108656", "92.10", "Communications", "Telecommunications"],
  ],
  WSE: [
    ["PKN", ".", "ORLEN SA", "PLPKN0000018", "96.40", "Energy", "Oil&Gas"],
    ["PKO", ".", "PKO BANK POLSKI SA", "PLPKO0000016", "76.20", "Financial", "Banks"],
  ],
  TSE: [
    ["RY", ".", "ROYAL BANK OF CANADA", "CA7800871021", "206.40", "Financial", "Banks"],
    ["SHOP", ".", "SHOPIFY INC - CLASS A", "CA82509L1076", "214.80", "Technology", "Internet"],
  ],
  VENTURE: [
    ["AAG", ".", "AFTERMATH SILVER LTD", "", "0.84", "Basic Materials", "Mining"],
    ["HSTR", ".", "HELIOSTAR METALS LTD", "", "2.38", "Basic Materials", "Mining"],
  ],
  B3: [
    ["PETR4", ".", "PETROLEO BRASILEIRO SA - PREF", "BRPETRACNPR6", "32.40", "Energy", "Oil&Gas"],
    ["VALE3", ".", "VALE SA", "BRVALEACNOR0", "65.20", "Basic Materials", "Iron/Steel"],
  ],
  MEXI: [
    ["WALMEX", "WALMEX*", "WAL-MART DE MEXICO SAB DE CV", "MX01WA000038", "61.40", "Consumer, Cyclical", "Retail"],
    ["GMEXICOB", "GMEXICOB", "GRUPO MEXICO SAB DE CV-SER B", "MXP370841019", "158.20", "Basic Materials", "Mining"],
  ],
  TSEJ: [
    ["7203", "7203.T", "TOYOTA MOTOR CORP", "JP3633400001", "3120", "Consumer, Cyclical", "Auto Manufacturers"],
    ["6758", "6758.T", "SONY GROUP CORP", "JP3435000009", "4460", "Consumer, Cyclical", "Home Furnishings"],
    ["8894", "8894.T", "REVOLUTION CO LTD", "", "52", "Financial", "Real Estate"],
  ],
  SEHK: [
    ["700", ".", "TENCENT HOLDINGS LTD", "KYG875721634", "612.50", "Communications", "Internet"],
    ["9988", ".", "ALIBABA GROUP HOLDING LTD", "KYG017191142", "154.30", "Communications", "Internet"],
  ],
  KSE: [
    ["005930", ".", "SAMSUNG ELECTRONICS CO LTD", "KR7005930003", "98600", "Technology", "Semiconductors"],
    ["000660", ".", "SK HYNIX INC", "KR7000660001", "562000", "Technology", "Semiconductors"],
  ],
  ASX: [
    ["BHP", ".", "BHP GROUP LTD", "AU000000BHP4", "41.60", "Basic Materials", "Mining"],
    ["CBA", ".", "COMMONWEALTH BANK OF AUSTRAL", "AU000000CBA7", "154.20", "Financial", "Banks"],
  ],
  TWSE: [
    ["2330", ".", "TAIWAN SEMICONDUCTOR MANUFAC", "TW0002330008", "1440", "Technology", "Semiconductors"],
    ["2317", ".", "HON HAI PRECISION INDUSTRY", "TW0002317005", "236.50", "Technology", "Electronics"],
  ],
  SEHKNTL: [
    ["600519", ".", "KWEICHOW MOUTAI CO LTD-A", "CNE0000018R8", "1462.10", "Consumer, Non-cyclical", "Beverages"],
    ["601318", ".", "PING AN INSURANCE GROUP CO-A", "CNE000001R84", "58.40", "Financial", "Insurance"],
  ],
  SEHKSZSE: [
    ["000858", ".", "WULIANGYE YIBIN CO LTD-A", "CNE000000VQ8", "118.30", "Consumer, Non-cyclical", "Beverages"],
    ["300750", ".", "CONTEMPORARY AMPEREX TECHN-A", "CNE100003662", "386.20", "Industrial", "Electrical Compo&Equip"],
  ],
  NSE: [
    ["RELIANCE", ".", "RELIANCE INDUSTRIES LTD", "INE002A01018", "1496", "Energy", "Oil&Gas"],
    ["INFY", ".", "INFOSYS LTD", "INE009A01021", "1541.20", "Technology", "Computers"],
  ],
  SGX: [
    ["D05", ".", "DBS GROUP HOLDINGS LTD", "SG1L01001701", "54.20", "Financial", "Banks"],
    ["O39", ".", "OVERSEA-CHINESE BANKING CORP", "SG1S04926220", "17.84", "Financial", "Banks"],
  ],
  SET: [
    ["PTT", ".", "PTT PCL", "", "31.75", "Energy", "Oil&Gas"],
    ["AOT", ".", "AIRPORTS OF THAILAND PCL", "", "42.25", "Industrial", "Engineering&Construction"],
  ],
  IDX: [
    ["BBCA", ".", "BANK CENTRAL ASIA TBK PT", "ID1000109507", "8400", "Financial", "Banks"],
    ["TLKM", ".", "TELKOM INDONESIA PERSERO TBK", "ID1000129000", "3400", "Communications", "Telecommunications"],
  ],
  KLSE: [
    ["MAYBANK", ".", "MALAYAN BANKING BHD", "MYL1155OO000", "9.88", "Financial", "Banks"],
    ["PBBANK", ".", "PUBLIC BANK BERHAD", "MYL1295OO004", "4.34", "Financial", "Banks"],
  ],
  NZX: [
    [
      "FPH",
      ".",
      "FISHER & PAYKEL HEALTHCARE C",
      "NZFAPE0001S2",
      "37.40",
      "Consumer, Non-cyclical",
      "Healthcare-Products",
    ],
    ["AIA", ".", "AUCKLAND INTL AIRPORT LTD", "NZAIAE0002S6", "8.12", "Industrial", "Engineering&Construction"],
  ],
  TASE: [
    ["LUMI", ".", "BANK LEUMI LE-ISRAEL", "IL0006046119", "68.40", "Financial", "Banks"],
    ["POLI", ".", "BANK HAPOALIM BM", "IL0006625771", "70.10", "Financial", "Banks"],
  ],
  TADAWUL: [
    ["2222", ".", "SAUDI ARABIAN OIL CO", "SA14TG012N13", "25.80", "Energy", "Oil&Gas"],
    ["1120", ".", "AL RAJHI BANK", "SA0007879113", "98.60", "Financial", "Banks"],
  ],
  EGX: [
    ["COMI", ".", "COMMERCIAL INTERNATIONAL BAN", "EGS60121C018", "106.40", "Financial", "Banks"],
    ["HRHO", ".", "EFG HOLDING SAE", "EGS69101C011", "27.60", "Financial", "Diversified Finan Serv"],
  ],
  JSE: [
    ["NPN", ".", "NASPERS LTD-N SHS", "ZAE000351946", "1084.20", "Communications", "Internet"],
    ["SOL", ".", "SASOL LTD", "ZAE000006896", "112.40", "Basic Materials", "Chemicals"],
  ],
};

/** Made-up conIds: the exchange's first one, then one for each row, so that a new row at the end moves none. */
const FIRST_CON_ID = 2_000_001_000;
const CON_IDS_PER_EXCHANGE = 100;
const FUND_EXCHANGES: ReadonlySet<string> = new Set(["IBIS2", "LSEETF"]);

/** Every listing outside the United States that is described by a row. */
export function listings(): Instrument[] {
  return (Object.keys(LISTINGS) as ExchangeCode[]).flatMap((code) =>
    LISTINGS[code].map((row, index) => listing(code, row, EXCHANGES[code].number * CON_IDS_PER_EXCHANGE + index)),
  );
}

function listing(code: ExchangeCode, row: Row, offset: number): Instrument {
  const [symbol, local, longName, isin, referencePrice, industry, category] = row;
  const { currency, hours, marketRuleId, minTick, lot, smart, tradingClass, alsoOn } = EXCHANGES[code];
  return {
    ...PLAIN,
    ...{ symbol, longName, isin, referencePrice, industry, category, currency, hours, marketRuleId, minTick },
    conId: FIRST_CON_ID + offset,
    secType: "STK",
    exchange: smart ? "SMART" : code,
    primaryExchange: code,
    validExchanges: [...(smart ? ["SMART"] : []), code, ...alsoOn],
    fillVenue: code,
    localSymbol: local === "." ? symbol : local,
    tradingClass: tradingClass || symbol,
    marketName: tradingClass || symbol,
    stockType: FUND_EXCHANGES.has(code) ? "ETF" : "COMMON",
    minSize: lot,
    sizeIncrement: lot,
    suggestedSize: lot === "1" ? "100" : lot,
    liveliness: 1,
    displayedSize: 1000 * Number(lot === "1" ? 1 : 10),
    spreadTicks: 2,
  };
}
