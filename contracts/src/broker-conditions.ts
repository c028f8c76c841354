import * as z from "zod";

/**
 * What can be wrong between this system and TWS, each in one plain sentence with what a person can do about it: the one
 * list of these, for the doctor, the health page and the documentation. Codes are append-only.
 */
export const BROKER_CONDITIONS = {
  TWS_UNREACHABLE: {
    sentence: "Nothing answers at the address of TWS.",
    fix: "Start TWS or IB Gateway, and compare host and port with its API settings.",
  },
  LINK_DOWN_LONG: {
    sentence: "The link to TWS has been away for more than ten minutes.",
    fix: "Look at the screen of TWS: it may ask for a login, or have stopped.",
  },
  LOGIN_NEEDS_HUMAN: {
    sentence: "TWS takes connections and starts no session: its login most likely waits for a person.",
    fix: "Open TWS or IB Gateway and confirm the login, on the phone if it asks for the second factor.",
  },
  LOGIN_LOOP: {
    sentence: "TWS has ended one connection after the other before it was usable.",
    fix: "Look at the screen of TWS for a message about the password or the account; do not restart it in a loop, that locks the login.",
  },
  WEEKLY_LOGIN_SOON: {
    sentence: "Within a day TWS ends the session of the week and stays down until a person logs in.",
    fix: "Have somebody at hand with the second factor at that time.",
  },
  RESTART_WINDOW: {
    sentence: "TWS restarts about now, so nothing is submitted; approvals wait.",
    fix: "Wait: everything is read again once TWS is back, and what is still approved is sent then.",
  },
  SERVERS_AWAY: {
    sentence: "TWS is there and has lost its own servers, as it does every night and when the internet fails.",
    fix: "Wait; if it is not the nightly reset, look at the internet connection and at IBKR's system status page.",
  },
  TWS_SILENT: {
    sentence: "TWS kept the connection open and stopped answering, so the gateway replaced it.",
    fix: "Nothing at first; restart TWS when it happens again and again.",
  },
  CLIENT_ID_IN_USE: {
    sentence:
      "Another connection at TWS has the gateway's client id, so TWS is only read: nothing can be sent or cancelled from here.",
    fix: "Close the other program or give it another client id; when there is none, restart TWS to free the id. Until then cancel in TWS itself.",
  },
  CLIENT_ID_CHANGED: {
    sentence: "Open orders were sent under another client id than the one that is configured.",
    fix: "Set clientIds.orders back in config/broker-gateway.yaml, or cancel these orders in TWS.",
  },
  ORDER_IDS_BEHIND: {
    sentence: "TWS named a next order id that was used before.",
    fix: "Nothing: the gateway keeps its own count, which never goes back.",
  },
  ORDER_IDS_USED_UP: {
    sentence: "TWS counts order ids so high that none is left to use, so nothing can be sent.",
    fix: "In TWS under API, Settings: 'Reset API order ID sequence'; then set clientIds.orders to an id that no program has used.",
  },
  FOREIGN_ORDERS: {
    sentence: "Orders are open that did not come from here, such as those placed by hand in TWS or on the phone.",
    fix: "Nothing, if they are meant: they count as exposure. Otherwise cancel them where they were placed.",
  },
  HALF_BRACKET: {
    sentence: "Of a bracket a leg is missing at the broker, so a position may be unprotected.",
    fix: "Look at the order in TWS, and place or cancel the missing leg by hand.",
  },
  UNTRANSMITTED_ORDERS: {
    sentence: "Orders lie in TWS that were not transmitted.",
    fix: "Transmit or delete them in TWS; nothing here uses untransmitted orders.",
  },
  UNKNOWN_ORDERS: {
    sentence: "Of some orders nobody knows whether the broker has them.",
    fix: "Wait for the next reading; an order that stays unknown has to be looked up in TWS and closed by a person.",
  },
  CANCEL_PENDING: {
    sentence: "The broker has taken a cancel and not carried it out, as it does while the exchange is closed.",
    fix: "Nothing: it is carried out when the exchange opens, and a fill may still come first.",
  },
  DISPUTED_ORDERS: {
    sentence: "The broker contradicts what is on the record of an order, for example by more executions than ordered.",
    fix: "Compare the order with the statement of the broker; a person decides.",
  },
  ACCOUNT_NOT_READ: {
    sentence: "TWS has not given the figures of the account on this connection yet.",
    fix: "Wait a minute after a login; what is not known is never taken for zero.",
  },
  DATA_FARM_BROKEN: {
    sentence: "A market data farm of IBKR is down, so its prices are missing.",
    fix: "Wait: the prices are asked for again when the farm is back.",
  },
  COMPETING_SESSION: {
    sentence: "The same user is logged in elsewhere and holds the live data, so prices here are delayed.",
    fix: "Log out on the phone or in the other TWS, or give the gateway a user name of its own.",
  },
  BROKER_READ_ONLY: {
    sentence: "The API of TWS is read-only and refuses orders.",
    fix: "In TWS under File, Global Configuration, API, Settings: clear 'Read-Only API'.",
  },
  UNREADABLE_MESSAGES: {
    sentence: "TWS sent messages that could not be read; everything was read again.",
    fix: "Look whether this version of TWS is supported, and send the recording of the session to the maintainers.",
  },
  UNKNOWN_CODES: {
    sentence: "TWS used a code that is not in the table of codes.",
    fix: "Nothing at first: what it was about has been looked up. Tell the maintainers the code and its text.",
  },
} as const;
export type BrokerConditionCode = keyof typeof BROKER_CONDITIONS;
const CODES = Object.keys(BROKER_CONDITIONS) as [BrokerConditionCode, ...BrokerConditionCode[]];

export const BrokerCondition = z.strictObject({
  code: z.enum(CODES),
  detail: z.string().max(300).describe("Figures and names of this case; may quote TWS, and is then untrusted"),
});
export type BrokerCondition = z.infer<typeof BrokerCondition>;
