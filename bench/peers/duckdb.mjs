// DuckDB on the events that Marktwacht reads, one thread: see bench/README.md.
//
//   node duckdb.mjs load EVENTS.ndjson NEW.duckdb   the tables, owners of orders looked up
//   node duckdb.mjs five|rings NEW.duckdb           JSON: seconds, peak memory, keys of each answer
import { DuckDBInstance } from '@duckdb/node-api';

const [what, ...files] = process.argv.slice(2);

// What each line may have of what the queries ask for.
const columns = `{type: 'VARCHAR', ts: 'BIGINT', order_id: 'VARCHAR', new_order_id: 'VARCHAR',
  account_id: 'VARCHAR', instrument_id: 'VARCHAR', quantity: 'DECIMAL(38, 9)',
  trigger_price: 'VARCHAR', reason: 'VARCHAR', buyer_id: 'VARCHAR', seller_id: 'VARCHAR',
  maker_order_id: 'VARCHAR', taker_order_id: 'VARCHAR',
  kind: 'VARCHAR', large_order_quantity: 'DECIMAL(38, 9)', position_limit: 'DECIMAL(38, 9)'}`;

// An order that waits for its trigger counts from then on. A replaced order goes on under its next
// id: `lives` has all ids, each with the owner. Accounts and instruments become numbers.
const loading = [
  `CREATE TEMP TABLE lines AS SELECT row_number() OVER () AS seq, *
     FROM read_ndjson('${files[0]}', columns = ${columns})`,
  `CREATE TEMP TABLE lives AS WITH RECURSIVE life AS (
     SELECT order_id AS id, account_id, quantity, trigger_price IS NOT NULL AS waits
       FROM lines WHERE type = 'order'
     UNION ALL
     SELECT r.new_order_id, l.account_id, coalesce(r.quantity, l.quantity), l.waits
       FROM life l JOIN lines r ON r.type = 'replace' AND r.order_id = l.id
     WHERE r.new_order_id IS NOT NULL) SELECT * FROM life`,
  `CREATE TEMP TABLE fills AS SELECT seq, maker_order_id AS id, quantity FROM lines
     WHERE type = 'trade' UNION ALL SELECT seq, taker_order_id, quantity FROM lines
     WHERE type = 'trade'`,
  // Replaced under its old id: what was filled until then, and the new remaining quantity.
  `CREATE TEMP TABLE resized AS SELECT r.order_id AS id, r.seq,
     any_value(r.quantity) + coalesce(sum(f.quantity), 0) AS quantity
     FROM lines r LEFT JOIN fills f ON f.id = r.order_id AND f.seq < r.seq
     WHERE r.type = 'replace' AND r.new_order_id IS NULL AND r.quantity IS NOT NULL GROUP BY ALL`,
  `CREATE TABLE accounts AS SELECT row_number() OVER () AS number, id FROM
     (SELECT account_id AS id FROM lines UNION SELECT buyer_id FROM lines
      UNION SELECT seller_id FROM lines) WHERE id IS NOT NULL`,
  `CREATE TABLE instruments AS SELECT row_number() OVER () AS number, instrument_id AS id, kind,
     large_order_quantity, position_limit FROM lines WHERE type = 'instrument'`,
  `CREATE TEMP TABLE triggered AS SELECT order_id AS id, seq FROM lines WHERE type = 'triggered'`,
  `CREATE TABLE messages AS SELECT m.seq, m.ts, m.kind, a.number AS account,
     i.number AS instrument, m.quantity FROM (
       SELECT seq, ts, type AS kind, account_id, instrument_id, quantity FROM lines
         WHERE type = 'reject' OR (type = 'order' AND trigger_price IS NULL)
       UNION ALL
       SELECT t.seq, t.ts, 'order', l.account_id, t.instrument_id, l.quantity
         FROM lines t JOIN lives l ON l.id = t.order_id WHERE t.type = 'triggered'
       UNION ALL
       SELECT c.seq, c.ts, c.type, l.account_id, c.instrument_id,
         coalesce(z.quantity, l.quantity)
         FROM lines c ASOF LEFT JOIN resized z ON z.id = c.order_id AND c.seq >= z.seq
         JOIN lives l ON l.id = c.order_id LEFT JOIN triggered t ON t.id = l.id
         WHERE (c.type = 'replace' OR (c.type = 'cancel' AND c.reason = 'user'))
           AND (NOT l.waits OR t.seq < c.seq)) m
     JOIN accounts a ON a.id = m.account_id JOIN instruments i ON i.id = m.instrument_id
     ORDER BY m.seq`,
  `CREATE TABLE trades AS SELECT t.seq, t.ts, b.number AS buyer, s.number AS seller,
     i.number AS instrument, t.quantity FROM lines t JOIN accounts b ON b.id = t.buyer_id
     JOIN accounts s ON s.id = t.seller_id JOIN instruments i ON i.id = t.instrument_id
     WHERE t.type = 'trade' ORDER BY t.seq`,
  `CREATE TABLE input AS SELECT max(ts) AS ends FROM lines`,
];

const day = 86_400_000_000_000n, minute = 60_000_000_000n, second = 1_000_000_000n;
const from = (length, ts = 'ts') => `${ts} // ${length} * ${length}`;
// As a rule by cycle does, a query judges windows that have ended.
const ended = (length, query) =>
  `SELECT * FROM (${query}) WHERE start + ${length} <= (SELECT ends FROM input)`;

// The rules of five.toml, by their ids: account, instrument (or 0), start of the window.
const five = {
  self_trades: `SELECT buyer, instrument, ${from(day)} AS start FROM trades
    WHERE buyer = seller GROUP BY ALL`,
  placed_and_cancelled: ended(minute, `SELECT account, instrument, ${from(minute)} AS start
    FROM messages
    WHERE kind IN ('order', 'cancel') GROUP BY ALL
    HAVING count(*) FILTER (kind = 'order') >= 30 AND count(*) FILTER (kind = 'cancel') >= 30`),
  large_cancels: `SELECT account, instrument, ${from(day)} AS start
    FROM messages JOIN instruments ON number = instrument
    WHERE messages.kind = 'cancel' AND quantity >= large_order_quantity
    GROUP BY ALL HAVING count(*) >= 5`,
  daily_openings: `WITH fills AS (
      SELECT seq, ts, buyer AS account, instrument, quantity, 0 AS side FROM trades
      UNION ALL SELECT seq, ts, seller, instrument, -quantity, 1 FROM trades),
    positions AS (SELECT *, sum(quantity) OVER (PARTITION BY account, instrument
      ORDER BY seq, side ROWS UNBOUNDED PRECEDING) AS position FROM fills)
    SELECT account, instrument, ${from(day)} AS start
    FROM positions JOIN instruments ON number = instrument WHERE kind = 'perpetual'
    GROUP BY account, instrument, start, position_limit
    HAVING sum(least(abs(quantity), greatest(0, position * sign(quantity)))) > position_limit`,
  messages_a_second: ended(second, `SELECT account, 0, ${from(second)} AS start FROM messages
    GROUP BY ALL HAVING count(*) >= 50`),
};

// Goods go from a seller to a buyer.
const rings = {
  circular_trade: `SELECT DISTINCT a.seller, a.instrument, ${from(day, 'a.ts')} AS start
    FROM trades a
    JOIN trades b ON b.instrument = a.instrument AND b.seller = a.buyer
      AND b.seq > a.seq AND b.ts <= a.ts + 600000000000
    JOIN trades c ON c.instrument = a.instrument AND c.seller = b.buyer AND c.buyer = a.seller
      AND c.seq > b.seq AND c.ts <= a.ts + 600000000000
    WHERE a.buyer <> a.seller AND b.buyer <> b.seller AND b.buyer <> a.seller`,
};

async function connect(file, options) {
  const instance = await DuckDBInstance.create(file, { threads: '1', ...options });
  return instance.connect();
}

async function load() {
  const connection = await connect(files[1], {});
  for (const step of loading) await connection.run(step);
}

async function ask(queries) {
  const connection = await connect(files[0], { access_mode: 'READ_ONLY' });
  const names = async (table) => new Map((await connection.runAndReadAll(
    `SELECT number, id FROM ${table}`)).getRows().map(([number, id]) => [number, id]));
  const seconds = {}, answers = {};
  for (const [id, query] of Object.entries(queries)) {
    const before = performance.now();
    answers[id] = (await connection.runAndReadAll(query)).getRows();
    seconds[id] = (performance.now() - before) / 1e3;
  }
  const peak_bytes = process.resourceUsage().maxRSS * 1024;
  const accounts = await names('accounts'), instruments = await names('instruments');
  const keys = Object.fromEntries(Object.entries(answers).map(([id, rows]) => [id,
    rows.map(([account, instrument, start]) =>
      `${accounts.get(account)} ${instruments.get(instrument) ?? ''} ${start}`)]));
  console.log(JSON.stringify({ seconds, peak_bytes, keys }));
}

await (what === 'load' ? load() : ask({ five, rings }[what]));
