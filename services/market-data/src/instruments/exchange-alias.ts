/** Other names and MICs of exchanges, each to the code of TWS. What is not here is its own code. */
const CODE_OF: Readonly<Record<string, string>> = {
  ...{
    NASDAQ: "ISLAND",
    "NASDAQ.NMS": "ISLAND",
    "NASDAQ.SCM": "ISLAND",
    XNAS: "ISLAND",
    XNGS: "ISLAND",
    NMS: "ISLAND",
  },
  ...{ XNYS: "NYSE", ARCX: "ARCA", NYSEARCA: "ARCA", XASE: "AMEX", BATS: "BATS", XCBO: "CBOE", IEXG: "IEX" },
  ...{ SWX: "EBS", SIX: "EBS", XSWX: "EBS", VIRTX: "EBS", XVTX: "EBS" },
  ...{ MIL: "BVME", BIT: "BVME", XMIL: "BVME", MTAA: "BVME", "BVME.ETF": "BVME" },
  ...{ OMX: "SFB", STO: "SFB", XSTO: "SFB", KFX: "CPH", XCSE: "CPH", XHEL: "HEX", OSL: "OSE", XOSL: "OSE" },
  ...{ TOKYO: "TSEJ", TYO: "TSEJ", XTKS: "TSEJ", TSX: "TSE", XTSE: "TSE", TSXV: "VENTURE", XTSX: "VENTURE" },
  ...{ XETRA: "IBIS", XETR: "IBIS", GER: "IBIS", FRANKFURT: "FWB", XFRA: "FWB", XPAR: "SBF", EPA: "SBF", PARIS: "SBF" },
  ...{
    XAMS: "AEB",
    AMS: "AEB",
    XBRU: "ENEXT.BE",
    BRUSSELS: "ENEXT.BE",
    XLON: "LSE",
    LONDON: "LSE",
    XMAD: "BM",
    BME: "BM",
  },
  ...{ XWBO: "VSE", XWAR: "WSE", GPW: "WSE", B3: "BVMF", BOVESPA: "BVMF", XBSP: "BVMF", BVMF: "BVMF", XMEX: "MEXI" },
  ...{ XHKG: "SEHK", HKEX: "SEHK", XKRX: "KSE", KRX: "KSE", XASX: "ASX", XTAI: "TWSE", XNSE: "NSE", XSES: "SGX" },
  ...{ XBKK: "SET", XIDX: "IDX", XKLS: "KLSE", XNZE: "NZX", XTAE: "TASE", XSAU: "TADAWUL", XCAI: "EGX", XJSE: "JSE" },
  ...{
    XCME: "CME",
    GLOBEX: "CME",
    XCBT: "CBOT",
    ECBOT: "CBOT",
    XNYM: "NYMEX",
    XCEC: "COMEX",
    XEUR: "EUREX",
    DTB: "EUREX",
  },
};

/** The code of TWS for an exchange, however it is named. */
export function exchangeCode(text: string): string {
  const name = text.trim().toUpperCase();
  return CODE_OF[name] ?? name;
}

export function sameExchange(left: string, right: string): boolean {
  return exchangeCode(left) === exchangeCode(right);
}
