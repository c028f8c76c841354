import { distance } from "fastest-levenshtein";

/** A company's name without what says nothing about which company it is. */
export interface CompanyName {
  readonly words: readonly string[];
  /** Share class or series, when the name says one: `a`, `b`, `pref`. */
  readonly shareClass: string | null;
  /** The broker cuts long names: this one may go on. */
  readonly cut: boolean;
}

/** At this length names of TWS end, in the middle of a word if need be. */
const CUT_LENGTH = 28;
/** Two names that are equal but for a share class that both say are two instruments. */
const OTHER_CLASS_SCORE_MAX = 0.8;

const LEGAL_FORMS = new Set([
  ...["inc", "incorporated", "corp", "corporation", "co", "company", "plc", "ltd", "limited", "llc", "lp", "llp"],
  ...["ag", "se", "sa", "nv", "bv", "spa", "srl", "sca", "sas", "asa", "ab", "oyj", "oy", "as", "aps", "gmbh", "kgaa"],
  ...["kk", "bhd", "berhad", "pcl", "tbk", "pt", "sab", "cv", "sae", "saog", "jsc", "pjsc", "hf", "ltda", "ulc"],
]);
/** Of any share of any company. */
const FILLERS = new Set([
  ...["the", "shs", "shares", "share", "reg", "registered", "ord", "ordinary", "common", "stock"],
  ...["adr", "ads", "gdr", "spon", "sponsored", "unsponsored"],
]);
const SHORT_FORMS: Readonly<Record<string, string>> = {
  ...{
    intl: "international",
    grp: "group",
    hldg: "holdings",
    hldgs: "holdings",
    holding: "holdings",
    bros: "brothers",
  },
  ...{
    natl: "national",
    svcs: "services",
    mfg: "manufacturing",
    assn: "association",
    amer: "american",
    dev: "development",
  },
};
const LETTERS: Readonly<Record<string, string>> = {
  ø: "o",
  ß: "ss",
  æ: "ae",
  œ: "oe",
  ł: "l",
  đ: "d",
  þ: "th",
  ð: "d",
};

/** Case, accents, punctuation, legal forms and fillers are taken away; a name of nothing else keeps its first word. */
export function companyName(text: string): CompanyName {
  const folded = text
    .toLowerCase()
    .normalize("NFKD")
    .replace(/\p{M}/gu, "")
    .replace(/[øßæœłđþð]/g, (letter) => LETTERS[letter] ?? letter)
    .replace(/&/g, " and ")
    .replace(/\.com\b/g, "")
    .replace(/\ba\/s\b/g, "as")
    .replace(/[.'’]/g, "")
    .replace(/\bsp adr\b/g, "adr")
    .replace(/\bny reg\b/g, "reg");
  const all = folded.split(/[^\p{L}\p{N}]+/u).filter((word) => word !== "");
  const words = all.filter((word) => !FILLERS.has(word)).map((word) => SHORT_FORMS[word] ?? word);
  const { base, shareClass } = withoutClass(words);
  while (base.length > 1 && LEGAL_FORMS.has(base.at(-1) ?? "")) base.pop();
  // `SAB de CV`: once the forms are gone nothing ends in "de".
  if (base.length > 1 && base.at(-1) === "de") return companyName(base.slice(0, -1).join(" "));
  return { words: base.length > 0 ? base : all.slice(0, 1), shareClass, cut: text.trim().length === CUT_LENGTH };
}

function withoutClass(words: readonly string[]): { base: string[]; shareClass: string | null } {
  const [last = "", before = ""] = [words.at(-1), words.at(-2)];
  if (["pref", "preferred", "pfd"].includes(last)) return { base: words.slice(0, -1), shareClass: "pref" };
  const said = ["cl", "class", "ser", "series"].includes(before) && words.length > 2;
  if (said && last.length <= 2) return { base: words.slice(0, -2), shareClass: last };
  // `NOVO NORDISK A/S-B`: a letter behind the legal form.
  if (LEGAL_FORMS.has(before) && /^[a-z]$/.test(last)) return { base: words.slice(0, -1), shareClass: last };
  return { base: [...words], shareClass: null };
}

/** Likeness of two names, 0 to 1: what part of the longer one need not be edited. 1 is equal. */
export function nameScore(asked: CompanyName, known: CompanyName): number {
  const whole = asked.words.join(" ");
  const name = known.words.join(" ");
  const compared = known.cut && whole.length > name.length ? whole.slice(0, name.length) : whole;
  const longer = Math.max(compared.length, name.length);
  const score = longer === 0 ? 0 : 1 - distance(compared, name) / longer;
  const otherClass = asked.shareClass !== null && asked.shareClass !== known.shareClass;
  return otherClass ? Math.min(score, OTHER_CLASS_SCORE_MAX) : score;
}
