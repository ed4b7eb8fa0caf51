#!/usr/bin/env python3
"""Makes mock/fixtures/ from a simulated day: make_fixtures.py MARKTWACHT. All lines are the program's own."""
import json
import pathlib
import subprocess
import sys
import tempfile

PROGRAM = sys.argv[1]
HERE = pathlib.Path(__file__).parent / "fixtures"
REPLAYED = 90  # events of each book replay
BOOK_TYPES = {"order", "replace", "cancel", "trade", "triggered"}


def run(*words: str) -> str:
    done = subprocess.run([PROGRAM, *words], capture_output=True, text=True, check=True)
    return done.stdout


def last_revisions(path: pathlib.Path, key: str) -> list[dict]:
    lines = [json.loads(line) for line in path.read_text().splitlines()]
    return list({line[key]: line for line in lines}.values())


def write(name: str, value: object) -> None:
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    (HERE / f"{name}.json").write_text(text + "\n")
    print(f"{name}.json {len(text) // 1024} KiB")


def difference(before: list[dict], after: list[dict]) -> list[dict]:
    """Levels that are new or differ, and what is gone with a total of 0."""
    old = {level["price"]: level for level in before}
    new = {level["price"]: level for level in after}
    gone = [{**level, "visible": "0", "total": "0", "own_visible": "0", "own_total": "0",
             "orders": 0, "owners": []} for price, level in old.items() if price not in new]
    return [level for level in after if old.get(level["price"]) != level] + gone


def story_event(seq: int, event: dict) -> dict:
    accounts = [event[key] for key in ("buyer_id", "seller_id", "account_id") if key in event]
    told = {"seq": seq, "ts": event["ts"], "type": event["type"], "account_ids": accounts}
    for key in ("instrument_id", "side", "price", "quantity"):
        if key in event:
            told[key] = event[key]
    return {**told, "event": event}


def replay(alert: dict, instrument: str, events: list[dict], data: str) -> dict:
    seqs = []
    for seq in range(max(1, alert["first_seq"] - 400), len(events) + 1):
        event = events[seq - 1]
        if event.get("instrument_id") == instrument and event["type"] in BOOK_TYPES:
            seqs.append(seq)
    at = next((i for i, seq in enumerate(seqs) if seq >= alert["first_seq"]), 0)
    seqs = seqs[max(0, at - 10):][:REPLAYED]
    asked = [word for seq in [seqs[0] - 1, *seqs] for word in ("--seq", str(seq))]
    story = json.loads(run("explain", alert["alert_id"], "--data", data, "--json", "--depth", "14",
                           "--events", "1", *asked))
    books = {book["seq"]: book for book in story["books"]}  # the last of a seq is the one asked for
    steps, before = [], books[seqs[0] - 1]
    for seq in seqs:
        after = books[seq]
        steps.append({"seq": seq, "ts": events[seq - 1]["ts"],
                      "event": story_event(seq, events[seq - 1]),
                      "bids": difference(before["bids"], after["bids"]),
                      "asks": difference(before["asks"], after["asks"])})
        before = after
    first = {**books[seqs[0] - 1], "moment": "at"}
    return {"instrument_id": instrument, "depth": 14, "book": first, "steps": steps}


def series(alert: dict, instrument: str, events: list[dict]) -> dict:
    margin = max(20_000_000_000, (alert["to_ts"] - alert["from_ts"]) // 5)
    from_ts, to_ts = alert["from_ts"] - margin, alert["to_ts"] + margin
    accounts = set(alert["account_ids"])
    trades, index, fills, orders, alive = [], [], [], [], {}
    for seq, event in enumerate(events, 1):
        if event.get("instrument_id") != instrument or event["ts"] > to_ts:
            continue
        ts, kind = event["ts"], event["type"]
        if kind == "order" and event["account_id"] in accounts:
            order = {"order_id": event["order_id"], "account_id": event["account_id"],
                     "side": event["side"], "quantity": event["quantity"], "filled": "0",
                     "from_ts": ts, "first_seq": seq, "end": "resting"}
            if "price" in event:
                order["price"] = event["price"]
            alive[event["order_id"]] = order
            orders.append(order)
        elif kind in ("cancel", "replace") and event["order_id"] in alive:
            order = alive.pop(event["order_id"])
            order.update(to_ts=ts, end="cancelled" if kind == "cancel" else "replaced")
            if kind == "replace":
                again = {**order, "from_ts": ts, "first_seq": seq, "end": "resting"}
                again.pop("to_ts")
                again.update({key: event[key] for key in ("price", "quantity") if key in event})
                again["order_id"] = event.get("new_order_id", order["order_id"])
                alive[again["order_id"]] = again
                orders.append(again)
        elif kind == "trade":
            if ts >= from_ts:
                trades.append({"ts": ts, "price": event["price"], "quantity": event["quantity"]})
            for key, side in (("buyer_id", "buy"), ("seller_id", "sell")):
                if event.get(key) in accounts and ts >= from_ts:
                    fills.append({"seq": seq, "ts": ts, "account_id": event[key], "side": side,
                                  "price": event["price"], "quantity": event["quantity"]})
            for key in ("maker_order_id", "taker_order_id"):
                if event.get(key) in alive:
                    order = alive[event[key]]
                    order["filled"] = event["quantity"]
                    order.update(to_ts=ts, end="filled")
        elif kind == "index_price" and ts >= from_ts:
            index.append({"ts": ts, "price": event["price"]})
    orders = [order for order in orders if order.get("to_ts", to_ts) >= from_ts]
    order_of = ("order_id", "account_id", "side", "price", "quantity", "filled", "from_ts", "to_ts",
                "first_seq", "end")
    orders = [{key: order[key] for key in order_of if key in order} for order in orders]
    thinned = trades[:: max(1, len(trades) // 150)]
    return {"instrument_id": instrument, "from_ts": from_ts, "to_ts": to_ts, "trades": thinned,
            "quotes": [], "index": index, "orders": orders[:80], "fills": fills[:80],
            "orders_left_out": max(0, len(orders) - 80)}


def account_facts(events: list[dict], wanted: set[str]) -> dict:
    facts = {account: {"account_id": account, "announced": False, "devices": {}}
             for account in wanted}
    users: dict[str, set[str]] = {}
    keys = ("person_id", "master_id", "referrer_id", "desk_id", "kyc_level", "country",
            "opened_ts", "roles")
    for event in events:
        account = event.get("account_id")
        if event["type"] == "login" and "device_id" in event:
            users.setdefault(event["device_id"], set()).add(account)
        if account not in facts:
            continue
        if event["type"] == "account":
            facts[account].update({key: event[key] for key in keys if key in event},
                                  announced=True)
        elif event["type"] == "login" and "device_id" in event:
            device = facts[account]["devices"].setdefault(
                event["device_id"], {"device_id": event["device_id"], "first_ts": event["ts"],
                                     "last_ts": event["ts"], "logins": 0})
            device["last_ts"] = event["ts"]
            device["logins"] += 1
    for fact in facts.values():
        fact["devices"] = [{**device, "accounts": len(users[device["device_id"]])}
                           for device in fact["devices"].values()]
    return facts


def main() -> None:
    HERE.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        at = pathlib.Path(folder)
        data = str(at / "data")
        run("simulate", "--seed", "1", "--events", "300000", "--accounts", "3000", "--instruments",
            "20", "--abuse", "all", "--out", str(at / "day.mwj"), "--labels", str(at / "labels"))
        run("run", "--no-close", "--data", data, "--alerts", str(at / "alerts"), "--cases",
            str(at / "cases"), "--measures", str(at / "measures"), "--groups", str(at / "groups"),
            str(at / "day.mwj"))
        run("convert", "--from", "journal", "--to", "ndjson", data, str(at / "events"))
        events = [json.loads(line) for line in (at / "events").read_text().splitlines()]
        alerts = last_revisions(at / "alerts", "alert_id")
        measures = last_revisions(at / "measures", "measure_id")
        write("alerts", alerts)
        write("cases", last_revisions(at / "cases", "case_id"))
        write("measures", measures)
        write("groups", [json.loads(line) for line in (at / "groups").read_text().splitlines()])
        stories = {alert["alert_id"]: json.loads(
            run("explain", alert["alert_id"], "--data", data, "--json", "--events", "12",
                "--depth", "6")) for alert in alerts}
        write("stories", stories)
        first = {}
        for alert in alerts:
            first.setdefault(alert["detector"], alert)
        replays, markets = {}, {}
        for alert in alerts:
            instrument = stories[alert["alert_id"]].get("book_instrument_id")
            if not instrument:
                continue
            markets[alert["alert_id"]] = series(alert, instrument, events)
            if first[alert["detector"]] is alert:
                replays[alert["alert_id"]] = replay(alert, instrument, events, data)
        write("markets", markets)
        write("replays", replays)
        wanted = {account for alert in alerts for account in alert["account_ids"]}
        write("accounts", account_facts(events, wanted))
        write("previews", {measure["measure_id"]: json.loads(
            run("measures", "show", measure["measure_id"], data, "--json"))
            for measure in measures})
        seen = {}
        for event in events:
            if event["type"] == "instrument":
                event = {key: value for key, value in event.items() if key not in ("type", "ts")}
                seen[event["instrument_id"]] = {"instrument": event}
            elif event["type"] == "trade":
                seen[event["instrument_id"]].update(last_price=event["price"], last_ts=event["ts"])
            elif event["type"] in ("index_price", "mark_price"):
                seen[event["instrument_id"]][event["type"]] = event["price"]
        write("markets_now", seen)
        rates: dict[int, list[int]] = {}
        types: dict[str, int] = {}
        for event in events:
            minute = event["ts"] // 10_000_000_000 * 10_000_000_000
            row = rates.setdefault(minute, [0, 0])
            row[0] += 1
            row[1] += event["type"] == "alert" and event["revision"] == 1
            types[event["type"]] = types.get(event["type"], 0) + 1
        write("counts", {
            "events_by_type": {key: value for key, value in types.items()
                               if key not in ("alert", "proposal", "timer", "config")},
            "rates": [{"ts": ts, "events": row[0], "alerts": row[1]}
                      for ts, row in sorted(rates.items())][-120:],
            "clock_ts": max(event["ts"] for event in events), "last_seq": len(events)})
        varied = run("backtest", str(at / "day.mwj"), "--vary", "self_trade.limit=3:9:1", "--json")
        compared = run("backtest", str(at / "day.mwj"), "--set", "self_trade.limit=4", "--json")
        write("backtests", {"varied": json.loads(varied), "what_if": json.loads(compared)})


main()
