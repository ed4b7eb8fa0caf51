// For who sees an alert for the first time: what its numbers mean, where to look, what would be honest. Rules and
// detectors that are not here get the general texts. docs/detectors has the whole definitions.
import type { Language } from "../format";

type Both = Record<Language, string>;

const facts: Record<string, Both> = {
  accounts: { en: "accounts that took part", de: "beteiligte Konten" },
  amount: { en: "paid in all", de: "insgesamt gezahlt" },
  cancels: { en: "orders taken back", de: "zurückgezogene Aufträge" },
  chance_ratio: { en: "times more often than chance explains", de: "so viel öfter, als der Zufall erklärt" },
  depth_share: { en: "of the book's depth near the price, that was shown", de: "der Tiefe nahe am Preis, die gezeigt wurde" },
  episodes: { en: "times on this day", de: "Mal an diesem Tag" },
  failures: { en: "failed sign-ins before", de: "gescheiterte Anmeldungen davor" },
  fill_share: { en: "of the messages that led to a trade; low is suspicious", de: "der Nachrichten, die zu einem Geschäft führten; wenig ist verdächtig" },
  filled_share: { en: "filled of what was filled or withdrawn; low is suspicious", de: "ausgeführt vom Ausgeführten und Zurückgezogenen; wenig ist verdächtig" },
  gain: { en: "earned by it", de: "damit verdient" },
  habit_share: { en: "of this account's fills that looked like this", de: "der Ausführungen dieses Kontos, die so aussahen" },
  idle_share: { en: "of the messages that were refused or taken back at once", de: "der Nachrichten, die abgelehnt oder sofort zurückgenommen wurden" },
  levels: { en: "prices at which orders were shown", de: "Preise, zu denen Aufträge gezeigt wurden" },
  matched: { en: "trades of orders that were made for each other", de: "Geschäfte aus Aufträgen, die füreinander gemacht waren" },
  messages: { en: "orders, changes and cancels sent within the moment", de: "Aufträge, Änderungen und Streichungen im Augenblick" },
  near_share: { en: "of what was withdrawn, that stood near the best price", de: "des Zurückgezogenen, der nahe am besten Preis stand" },
  notional: { en: "worth of these trades, in the quote currency", de: "Wert dieser Geschäfte, in der Kurswährung" },
  opposite_share: { en: "of the burst, then traded the other way", de: "des Schubs, danach andersherum gehandelt" },
  orders: { en: "orders counted", de: "gezählte Aufträge" },
  passes: { en: "times that deposits left again", de: "Mal, dass Einzahlungen wieder abflossen" },
  payments: { en: "payments just below the limit", de: "Zahlungen knapp unter der Grenze" },
  ratio: { en: "units shown on one side for each unit traded on the other", de: "gezeigt auf einer Seite je gehandelter Einheit auf der anderen" },
  refused: { en: "messages that the exchange refused", de: "Nachrichten, die die Börse ablehnte" },
  reject_share: { en: "of the messages that were refused", de: "der Nachrichten, die abgelehnt wurden" },
  sigmas: { en: "times the usual move of so short a time", de: "Mal die übliche Bewegung so kurzer Zeit" },
  signs: { en: "signs of a stranger, added up", de: "Anzeichen eines Fremden, zusammengezählt" },
  taken_share: { en: "of all that was bought (sold) in the burst", de: "von allem, was im Schub gekauft (verkauft) wurde" },
  trades: { en: "trades counted", de: "gezählte Geschäfte" },
  withdrawals: { en: "orders taken back on this day", de: "an diesem Tag zurückgezogene Aufträge" },
  withdrawn_ms: { en: "from the fill until the shown orders were gone", de: "von der Ausführung, bis die gezeigten Aufträge weg waren" },
};

export interface Hint {
  look: Both;
  honest: Both;
}

const ratios: Hint = {
  look: { en: "Raw events: are these orders ever meant to be filled, or do they only load the system?", de: "Rohe Ereignisse: sollen diese Aufträge je ausgeführt werden, oder belasten sie nur das System?" },
  honest: { en: "a faulty or badly set program: ask the account holder, a warning is usually enough", de: "ein fehlerhaftes oder schlecht eingestelltes Programm: nachfragen, meist genügt eine Verwarnung" },
};
const fast: Hint = {
  look: { en: "Rules: does this product forbid high-frequency trading, and for whom?", de: "Regeln: verbietet dieses Produkt den Hochfrequenzhandel, und wem?" },
  honest: { en: "an exempt market maker (account page, exemptions)", de: "ein befreiter Market-Maker (Kontoseite, Ausnahmen)" },
};
const opened: Hint = {
  look: { en: "The limit is the product's: is it meant for this account too?", de: "Das Limit ist das des Produkts: gilt es auch für dieses Konto?" },
  honest: { en: "a hedging exemption (account page, exemptions)", de: "eine Absicherungs-Ausnahme (Kontoseite, Ausnahmen)" },
};
const cancelled: Hint = {
  look: { en: "Book and raw events: did the orders stand near the best price and vanish before anybody could trade with them?", de: "Orderbuch und rohe Ereignisse: standen die Aufträge nahe am besten Preis und verschwanden, bevor jemand mit ihnen handeln konnte?" },
  honest: { en: "a market maker who moves his quotes along with the price: then both sides are cancelled and quoted anew", de: "ein Market-Maker, der seine Kurse mit dem Preis mitführt: dann werden beide Seiten gestrichen und neu gestellt" },
};

const behaviours: Record<string, Hint> = {
  account_takeover: {
    look: { en: "Account page: the devices and the timeline before the withdrawal. Time matters: block withdrawals first, ask then.", de: "Kontoseite: Geräte und Verlauf vor der Auszahlung. Es eilt: zuerst Auszahlungen sperren, dann fragen." },
    honest: { en: "the holder travels or has a new phone", de: "der Inhaber ist verreist oder hat ein neues Telefon" },
  },
  bonus_hunting: {
    look: { en: "Who: why the accounts are one hand, and how soon after the reward each withdrew.", de: "Wer: warum die Konten eine Hand sind, und wie bald nach der Prämie jedes auszahlte." },
    honest: { en: "a family or an office that shares one address", de: "eine Familie oder ein Büro mit einer gemeinsamen Adresse" },
  },
  circular_trade: {
    look: { en: "Raw events: the same quantity passes from account to account and comes back.", de: "Rohe Ereignisse: dieselbe Menge geht von Konto zu Konto und kommt zurück." },
    honest: { en: "several market makers who meet each other by chance in a quiet market", de: "mehrere Market-Maker, die sich in einem ruhigen Markt zufällig treffen" },
  },
  daily_open_count_limit: opened,
  daily_open_limit: opened,
  dust_ratio: ratios,
  expire_ratio: ratios,
  fee_farming: {
    look: { en: "What it gained: what was paid to them against what the trades cost.", de: "Gewinn: was ihnen gezahlt wurde gegen das, was die Geschäfte kosteten." },
    honest: { en: "a market-making agreement that pays for volume", de: "eine Market-Making-Vereinbarung, die Umsatz vergütet" },
  },
  frequent_cancel: cancelled,
  hedged_pair: {
    look: { en: "Account pages: one is long what the other is short, and a programme pays for holding it.", de: "Kontoseiten: eines hält long, was das andere short hält, und ein Programm zahlt für das Halten." },
    honest: { en: "two strategies of one firm that know nothing of each other", de: "zwei Strategien eines Hauses, die nichts voneinander wissen" },
  },
  hft_forbidden: fast,
  hft_forbidden_day: fast,
  index_push: {
    look: { en: "Chart: the index follows the own trades; account page: the position in the derivative that gains by it.", de: "Kursbild: der Index folgt den eigenen Geschäften; Kontoseite: die Position im Derivat, die daran verdient." },
    honest: { en: "a large trade for an announced reason, without such a position", de: "ein großes Geschäft aus bekanntem Grund, ohne eine solche Position" },
  },
  invalid_cancel_ratio: ratios,
  large_order_cancel: cancelled,
  layering: {
    look: { en: "Book: several prices of one side full of own orders (filled bars), which go when the other side is traded or move out of reach.", de: "Orderbuch: mehrere Preise einer Seite voll eigener Aufträge (volle Balken), die gehen, wenn die andere Seite gehandelt ist, oder ausweichen." },
    honest: { en: "a market maker: he quotes both sides and is filled on both", de: "ein Market-Maker: er stellt beide Seiten und wird auf beiden ausgeführt" },
  },
  marking_the_close: {
    look: { en: "Chart: own trades just before the settlement time, and the price falling back behind it.", de: "Kursbild: eigene Geschäfte kurz vor der Abrechnung, und der Preis, der danach zurückfällt." },
    honest: { en: "a hedge that has to be closed at settlement", de: "eine Absicherung, die zur Abrechnung geschlossen werden muss" },
  },
  matched_orders: {
    look: { en: "Raw events: opposite orders of one price and size, moments apart, that fill each other again and again.", de: "Rohe Ereignisse: gegenläufige Aufträge mit gleichem Preis und gleicher Menge, Augenblicke auseinander, die einander immer wieder ausführen." },
    honest: { en: "an announced block trade", de: "ein gemeldetes Blockgeschäft" },
  },
  message_burst: {
    look: { en: "Raw events: what was sent, and whether it could ever trade. It is one of two: nearly all refused, or nearly nothing filled.", de: "Rohe Ereignisse: was gesendet wurde und ob es je handeln konnte. Eines von beidem: fast alles abgelehnt, oder fast nichts ausgeführt." },
    honest: { en: "a program in a loop after a fault: the system must be protected all the same, the proposed measure is short", de: "ein Programm in einer Schleife nach einem Fehler: das System ist trotzdem zu schützen, die vorgeschlagene Maßnahme ist kurz" },
  },
  momentum_ignition: {
    look: { en: "Chart: own trades (triangles) drive the price, then point the other way while others still follow.", de: "Kursbild: eigene Geschäfte (Dreiecke) treiben den Preis, dann zeigen sie andersherum, während andere noch folgen." },
    honest: { en: "one large order that moved a thin market, and a later change of mind or a stop", de: "ein großer Auftrag, der einen dünnen Markt bewegte, und später ein Umdenken oder ein Stopp" },
  },
  pass_through_funds: {
    look: { en: "Account page: deposits, hardly any trading, withdrawals to new addresses.", de: "Kontoseite: Einzahlungen, kaum Handel, Auszahlungen an neue Adressen." },
    honest: { en: "a holder who moves funds between own wallets", de: "ein Inhaber, der zwischen eigenen Wallets umschichtet" },
  },
  pump_and_dump: {
    look: { en: "Chart: a rush of buys at one moment in this instrument alone; who had gathered before, and sold into it?", de: "Kursbild: ein Ansturm von Käufen in einem Augenblick, nur in diesem Instrument; wer hatte vorher gesammelt und verkaufte hinein?" },
    honest: { en: "news about the instrument", de: "Nachrichten zum Instrument" },
  },
  quote_stuffing: {
    look: { en: "Raw events: hundreds of orders and cancels in a moment, none meant to trade. Did others wait meanwhile?", de: "Rohe Ereignisse: Hunderte Aufträge und Streichungen im Augenblick, keiner zum Handeln gedacht. Mussten andere warten?" },
    honest: { en: "a market maker who moves all quotes after a jump of the price", de: "ein Market-Maker, der nach einem Preissprung alle Kurse verschiebt" },
  },
  referral_ring: {
    look: { en: "Who: why who referred and who was referred are one hand, and what commissions flowed.", de: "Wer: warum Werber und Geworbene eine Hand sind, und welche Provisionen flossen." },
    honest: { en: "a family whose members referred each other", de: "eine Familie, deren Mitglieder einander geworben haben" },
  },
  self_trade: {
    look: { en: "Who: why both sides are one hand. Raw events: who traded with whom, how often, at which prices.", de: "Wer: warum beide Seiten eine Hand sind. Rohe Ereignisse: wer mit wem handelte, wie oft, zu welchen Preisen." },
    honest: { en: "two strategies of one firm that met by accident: then it is rare, and at prices of the market", de: "zwei Strategien eines Hauses, die sich versehentlich trafen: dann ist es selten und zu Marktpreisen" },
  },
  short_holding: fast,
  spoofing: {
    look: { en: "Book: large own orders (filled bars) on one side, a fill on the other, and the large orders gone right after. Step through the marked events.", de: "Orderbuch: große eigene Aufträge (volle Balken) auf einer Seite, eine Ausführung auf der anderen, und gleich danach sind die großen weg. Die markierten Ereignisse durchgehen." },
    honest: { en: "a market maker whose quotes follow the price: then the orders come back at once, a little further off", de: "ein Market-Maker, dessen Kurse dem Preis folgen: dann kommen die Aufträge sofort wieder, etwas weiter weg" },
  },
  structuring: {
    look: { en: "Account page: many payments just below the amount from which they are reported.", de: "Kontoseite: viele Zahlungen knapp unter dem Betrag, ab dem gemeldet wird." },
    honest: { en: "a bank or card whose own limit is the same", de: "eine Bank oder Karte, deren eigenes Limit dasselbe ist" },
  },
  unfilled_ratio: ratios,
  wall_pull: {
    look: { en: "Book: one very large order keeps the price away, and is gone when it comes near.", de: "Orderbuch: ein sehr großer Auftrag hält den Preis fern und ist weg, wenn er näher kommt." },
    honest: { en: "a large holder who changed his mind once", de: "ein großer Halter, der es sich einmal anders überlegte" },
  },
  wash_trade: {
    look: { en: "Who and raw events: buys and sells among the same hands that leave everybody where they were.", de: "Wer und rohe Ereignisse: Käufe und Verkäufe unter denselben Händen, nach denen alle dort stehen, wo sie waren." },
    honest: { en: "market makers who trade with each other all day, in both directions and at the risk of the price", de: "Market-Maker, die den ganzen Tag miteinander handeln, in beide Richtungen und mit Preisrisiko" },
  },
};

export const factHint = (name: string, language: Language): string | undefined => facts[name]?.[language];
export const behaviourHint = (id: string): Hint | undefined => behaviours[id];
