"""The rows of bench/table: what, goal, unit, and what limits a figure that is missed."""

import dataclasses

CACHES = "the event loop fetches most of its code anew and waits for several lines of memory"
PEER_RULES = ("likely: books, positions, groups and evidence are kept too, and events are judged"
              " at once; DuckDB is given orders with their owners and answers once, afterwards")


@dataclasses.dataclass(frozen=True)
class Row:
    id: str
    group: str  # measured together
    what: str
    goal: tuple  # ("<=" or ">=", number); None: printed beside the others
    unit: str = ""
    limits: str = ""  # printed when the goal is missed


def at_most(number):
    return "<=", number


def at_least(number):
    return ">=", number


ROWS = [
    Row("everything_over_books_only_tight", "program",
        "everything on ÷ the program with its books only, tight", at_most(2.0), "×", CACHES),
    Row("everything_over_books_only_deep", "program",
        "everything on ÷ the program with its books only, deep", at_most(2.0), "×", CACHES),
    Row("books_deep_over_tight", "program", "own book, deep ÷ tight", at_most(1.1), "×",
        "deep books also miss on pages of ticks and make levels more often"),
    Row("journal_rate", "runs", "everything on, from the journal", at_least(3.0), "M events/s",
        CACHES),
    Row("ndjson_rate", "runs", "everything on, from NDJSON, decoding on the second core",
        at_least(1.5), "M events/s", "the engine, not decoding: see journal_rate"),
    Row("ndjson_over_simdjson", "program", "decoding NDJSON alone ÷ a bare simdjson parse",
        at_least(0.6), "×", "a bare parse makes no decimals, checks no field and hashes no name"),
    Row("ndjson_run_over_simdjson", "runs", "a whole run from NDJSON ÷ that parse, by bytes",
        at_least(0.6), "×", "the engine; and a bare parse makes no decimals, checks no field and"
        " hashes no name"),
    Row("duckdb_five", "peers", "DuckDB's five window queries ÷ a whole run of five such rules",
        at_least(5.0), "×", PEER_RULES),
    Row("duckdb_five_rules", "peers",
        "the same ÷ these rules alone (the run without rules taken off)", None, "×"),
    Row("duckdb_rings", "peers", "DuckDB's rings A→B→C→A in 10 min ÷ a whole run of circular_trade",
        at_least(25.0), "×", PEER_RULES),
    Row("duckdb_memory", "peers", "peak memory of that run ÷ DuckDB's, five queries",
        at_most(0.25), "×", "likely: live orders, positions and evidence are kept for other"
        " questions"),
    Row("accounts_growth", "runs", "ten times as many accounts (1,000,000 ÷ 100,000)",
        at_most(1.15), "×", "likely: each account's records are further from the caches"),
    Row("instruments_growth", "runs", "25 times as many instruments (5,000 ÷ 200)", at_most(1.3),
        "×", "likely: each book's top, and each account's record in it, is further from the"
        " caches"),
    Row("one_more_rule_tight", "program", "one more window rule on tables already touched",
        at_most(5.0), "ns an event", "each rule's condition is interpreted and its evidence kept"),
    Row("alert_out_p50", "program", "event → alert out at half the maximum rate, p50",
        at_most(2_000), "ns", "the step itself, and the alert's evidence and line are in it"),
    Row("alert_out_p999", "program", "event → alert out at half the maximum rate, p99.9",
        at_most(50_000), "ns", "likely: alerts with much evidence; and what else runs on the"
        " machine"),
    Row("durable_over_fdatasync", "durable",
        "100 events posted until durable, at half the rate, p99 ÷ one fdatasync", at_most(2.0), "×",
        "likely: HTTP and the engine's turn are in it, and a group of commits waits for the one"
        " before"),
    Row("gate_p99", "service", "decision durable → gate denies, p99", at_most(1.0), "ms",
        "likely: the gate is written behind the batch that is under way"),
    Row("gate_check_over_miss", "program", "gate check ÷ one dependent memory miss, p50",
        at_most(0.8), "×", "lines of the table and the clock's page that are not in a cache"),
    Row("gate_check_batched", "program", "gate checks, batched of 16, each", at_most(40.0), "ns",
        "lines of the table that are not in a cache"),
    Row("links_evidence", "program", "evidence event into the link graph, amortised",
        at_most(1_000), "ns", "likely: an account's usual values and pieces are seldom in a cache"),
    Row("ingestion_rate", "service", "POST /v1/events, durable, batches of 1,000",
        at_least(300_000), "events/s", "the clients share the two cores with the server"),
    Row("streams", "service", "ingestion without ÷ with 500 open streams", at_most(1.1), "×",
        "each stream is a write of its own, and those who read share the cores"),
    Row("what_if", "runs", "what-if of two rulebooks ÷ one run", at_most(1.3), "×",
        "likely: an engine a core: decoding and a second engine share what the machine has"),
    Row("restart", "restart", "restart from the last snapshot (1,000,000 accounts) → first answer",
        at_most(10.0), "s", "likely: the snapshot is read and checked as a whole, the journal too"),
    Row("idle_account_bytes", "memory", "memory of an idle account", at_most(200), "bytes",
        "likely: its name and its rows in each part's tables; tables that grow stand twice"
        " meanwhile"),
    Row("idle_person_bytes", "memory", "the same, each of a person of its own", at_most(200),
        "bytes", "likely: the person's name, found by it and by its number, beside all that"),
    Row("live_order_bytes", "memory", "memory of a live order, no rules", at_most(96), "bytes",
        "likely: the order, its id, its place in the index; tables that grow stand twice"
        " meanwhile"),
]

# What needs a program that is not in a registry: the row and the commands that make its input.
STREAM = ("marktwacht simulate --seed 1 --events 10000000 --accounts 100000 --instruments 200"
          " --out s.mwj")
OUTSIDE = [
    ("everything on ÷ the bare full book of CppTrader (MarketManager)", "<= 1.0",
     (STREAM, "marktwacht convert --from journal --to itch s.mwj s.itch")),
    ("own L3 book ÷ CppTrader's fastest, tight stream", "<= 1.3",
     (STREAM, "marktwacht convert --from journal --to itch s.mwj s.itch")),
    ("the published wash-trade program (R with C++) ÷ wash-trades", ">= 100",
     ("CSV trade_id,timestamp,token,buyer,seller,amount: the published trades",
      "marktwacht wash-trades trades.csv > labels.csv    (their labels, identical)")),
]
