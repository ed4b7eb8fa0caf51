"""What bench/table measures, group by group. Each function gives figures by row, one a round."""

import itertools
import json
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.join(HERE, "../tools")]
import service_speed  # noqa: E402
from fresh_memory import fetch_memory  # noqa: E402
from serving import Running, Speaker, new_directory, run  # noqa: E402

PEERS = os.path.join(HERE, "peers")
MILLION = 1_000_000


class Skipped(Exception):
    """What is needed cannot be had; says why."""


class Figures(dict):
    def add(self, row, value):
        self.setdefault(row, []).append(value)


class Sizes:
    """The standard stream and the rest; `quick` only tries whether all of it works."""

    def __init__(self, events, rounds, quick):
        self.events, self.rounds, self.quick = events, rounds, quick
        self.accounts, self.instruments = (1_000, 20) if quick else (100_000, 200)
        self.service_events = min(events, 400_000)
        self.many = 20_000 if quick else MILLION  # accounts to restart with, orders to keep
        self.streams = 5 if quick else 500
        if quick:
            service_speed.MEASURES = 20


def apart(*command):
    """Started by a shell: a process's peak memory begins with that of the one that started it."""
    done = subprocess.run(["sh", "-c", '"$@"; exit $?', "sh", *command], text=True,
                          capture_output=True)
    if done.returncode != 0:
        raise RuntimeError(f"{' '.join(command)}: {done.stderr}")
    return done


class Bench:
    def __init__(self, binary, sizes, folder):
        self.binary, self.sizes, self.folder = binary, sizes, folder
        self.notes, self.machine = [], {}

    def path(self, name):
        return os.path.join(self.folder, name)

    def stream(self, name="standard", accounts=1, instruments=1):
        """A journal; so many times the usual accounts and instruments."""
        path = self.path(name + ".mwj")
        if not os.path.exists(path):
            run(self.binary, "simulate", "--seed", "1", "--events", str(self.sizes.events),
                "--accounts", str(self.sizes.accounts * accounts),
                "--instruments", str(self.sizes.instruments * instruments), "--out", path)
        return path

    def lines(self):
        path = self.path("standard.ndjson")
        if not os.path.exists(path):
            run(self.binary, "convert", "--to", "ndjson", self.stream(), path)
        return path

    def timed(self, *arguments):
        """(seconds, peak bytes) of a whole process."""
        before = time.monotonic()
        said = apart(self.binary, *arguments).stderr
        seconds = time.monotonic() - before
        peak = re.search(r"peak memory ([0-9.]+) MiB", said)
        return seconds, float(peak[1]) * 1024 * 1024 if peak else None

    def run_time(self, path, *options, alerts="/dev/null"):
        return self.timed("run", path, "--alerts", alerts, *options)


def in_turn(rounds, lanes):
    """{name: value} of each round; nobody always comes after the same one."""
    def measured(name):
        fetch_memory()
        return lanes[name]()
    names = list(lanes)
    for at in range(rounds):
        first = at % len(names)
        yield {name: measured(name) for name in names[first:] + names[:first]}


def program(bench, figures):
    """What `marktwacht bench` measures inside one process, the machine's limits with it."""
    told = json.loads(run(bench.binary, "bench", "--json", "--events", str(bench.sizes.events),
                          "--rounds", str(bench.sizes.rounds)))
    bench.machine = told["machine"]
    for result in told["results"]:
        figures[result["name"]] = result["values"]


def simdjson_bytes(bench):
    """Bytes a second of a bare parse."""
    told = json.loads(run(bench.binary, "bench", "--json", "--only", "ndjson", "--rounds", "1",
                          "--events", str(min(bench.sizes.events, MILLION))))
    rate = {result["name"]: result["median"] for result in told["results"]}
    bytes_an_event = rate["ndjson_read_bytes"] * 1e9 / (rate["ndjson_read"] * 1e6)
    return rate["simdjson_many"] * 1e6 * bytes_an_event


def runs(bench, figures):
    journal, lines = bench.stream(), bench.lines()
    more_accounts = bench.stream("accounts", accounts=10)
    more_instruments = bench.stream("instruments", instruments=5 if bench.sizes.quick else 25)
    lanes = {"journal": lambda: bench.run_time(journal)[0],
             "ndjson": lambda: bench.run_time(lines)[0],
             "simdjson": lambda: simdjson_bytes(bench),
             "accounts": lambda: bench.run_time(more_accounts)[0],
             "instruments": lambda: bench.run_time(more_instruments)[0],
             "what_if": lambda: bench.timed("backtest", "--rulebook", "default", "--rulebook",
                                            "default", journal)[0]}
    for took in in_turn(bench.sizes.rounds, lanes):
        figures.add("journal_rate", bench.sizes.events / took["journal"] / 1e6)
        figures.add("ndjson_rate", bench.sizes.events / took["ndjson"] / 1e6)
        figures.add("ndjson_run_over_simdjson",
                    os.path.getsize(lines) / took["ndjson"] / took["simdjson"])
        figures.add("accounts_growth", took["accounts"] / took["journal"])
        figures.add("instruments_growth", took["instruments"] / took["journal"])
        figures.add("what_if", took["what_if"] / took["journal"])


def duckdb(*arguments):
    said = apart("node", os.path.join(PEERS, "duckdb.mjs"), *arguments).stdout
    return json.loads(said) if said else None


def keys_of(path):
    """What the alerts are about, by rule, as bench/peers/duckdb.mjs tells it."""
    found = {}
    for line in open(path, encoding="utf-8"):
        alert = json.loads(line)
        found.setdefault(alert["detector"], set()).add(
            f"{alert['account_ids'][0]} {alert.get('instrument_id', '')} {alert['from_ts']}")
    return found


def check_answers(bench, answers):
    """Whether the run's alerts are the rows of the queries, one by one."""
    alerts = keys_of(bench.path("five.alerts"))
    for rule, rows in answers.items():
        alone = len(set(rows) - alerts.get(rule, set()))
        other = len(alerts.get(rule, set()) - set(rows))
        bench.notes.append(f"{rule}: {len(rows)} rows of DuckDB, " + (
            f"NOT EQUAL to the alerts: {alone} and {other} are of one side alone" if alone or other
            else "equal to the alerts one by one"))


def peers(bench, figures):
    if not os.path.isdir(os.path.join(PEERS, "node_modules")) or not shutil.which("node"):
        raise Skipped("npm ci --prefix bench/peers   (needs Node 20 or newer)")
    journal, database = bench.stream(), bench.path("standard.duckdb")
    duckdb("load", bench.lines(), database)

    def rules(name):
        return lambda: bench.run_time(journal, "--rulebook", os.path.join(PEERS, name + ".toml"),
                                      alerts=bench.path(name + ".alerts"))
    lanes = {"none": rules("none"), "five": rules("five"), "rings": rules("rings"),
             "duckdb_five": lambda: duckdb("five", database),
             "duckdb_rings": lambda: duckdb("rings", database)}
    for took in in_turn(bench.sizes.rounds, lanes):
        if "duckdb_five" not in figures:
            check_answers(bench, took["duckdb_five"]["keys"])
        five = sum(took["duckdb_five"]["seconds"].values())
        figures.add("duckdb_five", five / took["five"][0])
        if (alone := took["five"][0] - took["none"][0]) > 0:  # noise may exceed it
            figures.add("duckdb_five_rules", five / alone)
        figures.add("duckdb_rings",
                    sum(took["duckdb_rings"]["seconds"].values()) / took["rings"][0])
        figures.add("duckdb_memory", took["five"][1] / took["duckdb_five"]["peak_bytes"])


def service(bench, figures):
    run(bench.binary, "simulate", "--seed", "1", "--events", str(bench.sizes.service_events),
        "--accounts", str(bench.sizes.accounts), "--instruments", str(bench.sizes.instruments),
        "--out", bench.path("day.ndjson"))
    stream = service_speed.lanes_of(bench.path("day.ndjson"), 4)
    prepared = bench.path("prepared")
    tokens = new_directory(bench.binary, prepared, {"anna": "analyst"}, ("ingest", "read"))
    for _ in range(bench.sizes.rounds):
        told = service_speed.one_round(bench.binary, prepared, tokens, stream, bench.sizes.streams)
        alone = told["alone"]["events_per_s"]
        figures.add("ingestion_rate", alone)
        figures.add("streams", alone / told["with_streams"]["events_per_s"])
        figures.add("gate_p99", told["gate_p99_ms"])


def fdatasync_seconds(file, size):
    before = time.monotonic()
    os.write(file, b"x" * size)
    os.fdatasync(file)
    return time.monotonic() - before


def paced(speaker, batches, interval, file):
    """Seconds from when each batch is due until its answer; those of an fdatasync between two."""
    took, synced = [], []
    for batch in batches:
        due = time.monotonic()
        speaker.ask("POST", "/v1/events", batch)
        took.append(time.monotonic() - due)
        synced.append(fdatasync_seconds(file, len(batch)))
        time.sleep(max(0.0, due + interval - time.monotonic()))
    return took, synced


def durable(bench, figures):
    """From a batch's post to its answer, which comes when it is durable and its alerts with it."""
    size = 100
    wanted = (10 if bench.sizes.quick else 1_000) * size
    with open(bench.lines(), "rb") as lines:  # accounts and instruments come first
        first = list(itertools.islice(lines, 3 * bench.sizes.accounts // 2))
        rest = list(itertools.islice(lines, 2 * wanted))
    batches = [b"".join(rest[at:at + size]) for at in range(0, len(rest), size)]
    half = len(batches) // 2
    for at in range(bench.sizes.rounds):
        data = bench.path(f"durable-{at}")
        tokens = new_directory(bench.binary, data, {}, ("ingest",))
        file = os.open(bench.path("synced"), os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        with Running(bench.binary, data) as serving:
            speaker = Speaker(serving.port, tokens["ingest"])
            for start in range(0, len(first), 1_000):
                speaker.ask("POST", "/v1/events", b"".join(first[start:start + 1_000]))
            fastest, _ = paced(speaker, batches[:half], 0, file)
            took, synced = paced(speaker, batches[half:], 2 * statistics.median(fastest), file)
        os.close(file)
        figures.add("durable_over_fdatasync",
                    sorted(took)[int(len(took) * 0.99)] / statistics.median(synced))


def account_line(number):
    return (f'{{"type":"account","ts":1761523200000000000,"account_id":"u{10**10 + number}",'
            f'"person_id":"p{number}"}}\n').encode()


def nameless_line(number):
    return (f'{{"type":"account","ts":1761523200000000000,'
            f'"account_id":"u{10**10 + number}"}}\n').encode()


def restart(bench, figures):
    data = bench.path("restart")
    tokens = new_directory(bench.binary, data, {}, ("ingest", "read"))
    with Running(bench.binary, data) as serving:
        speaker = Speaker(serving.port, tokens["ingest"])
        for at in range(0, bench.sizes.many, 1_000):
            status, said = speaker.ask("POST", "/v1/events",
                                       b"".join(map(account_line, range(at, at + 1_000))))
            if status != 200 or said["rejected"]:
                raise RuntimeError(f"accounts are not taken: {said}")
    for _ in range(bench.sizes.rounds):
        before = time.monotonic()
        with Running(bench.binary, data) as serving:
            status, said = Speaker(serving.port, tokens["read"]).ask("GET", "/v1/cases")
            seconds = time.monotonic() - before
        if status != 200:
            raise RuntimeError(f"no answer after a restart: {said}")
        figures.add("restart", seconds)


MARKET = (b'{"type":"asset","ts":1761523200000000000,"asset":"BTC","decimals":8}\n'
          b'{"type":"asset","ts":1761523200000000000,"asset":"USDT","decimals":8}\n'
          b'{"type":"instrument","ts":1761523200000000000,"instrument_id":"BTC-USDT",'
          b'"kind":"spot","base":"BTC","quote":"USDT","tick_size":"0.01","lot_size":"0.001"}\n')


def order_line(number):
    return (f'{{"type":"order","ts":{1761523201000000000 + number},"order_id":"{10**9 + number}",'
            f'"account_id":"u{10**10 + number % 1_000}","instrument_id":"BTC-USDT","side":"buy",'
            f'"price":"{100 + number % 500 / 100:.2f}","quantity":"0.1"}}\n').encode()


def memory(bench, figures):
    """Peak memory of a run with so many more of them, over that of one without."""
    many = bench.sizes.many
    inputs = {"few": (), "orders": map(order_line, range(many)),
              "accounts": map(nameless_line, range(1_000, 1_000 + many)),
              "persons": map(account_line, range(1_000, 1_000 + many))}
    for name, lines in inputs.items():
        with open(bench.path(name + ".ndjson"), "wb") as file:
            file.write(MARKET)
            file.writelines(map(account_line, range(1_000)))
            file.writelines(lines)
    no_rules = ("--rulebook", os.path.join(PEERS, "none.toml"))
    lanes = {name: lambda name=name: bench.run_time(bench.path(name + ".ndjson"), *no_rules)[1]
             for name in inputs}
    for peak in in_turn(bench.sizes.rounds, lanes):
        for row, name in (("idle_account_bytes", "accounts"), ("idle_person_bytes", "persons"),
                          ("live_order_bytes", "orders")):
            figures.add(row, (peak[name] - peak["few"]) / many)


GROUPS = {"program": program, "runs": runs, "peers": peers, "durable": durable,
          "service": service, "restart": restart, "memory": memory}


def measure(binary, sizes, groups, tell):
    """(figures by row, why groups were skipped, notes, the machine's limits)"""
    figures, skipped = Figures(), {}
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(binary, sizes, folder)
        for group in groups:
            tell(group)
            try:
                GROUPS[group](bench, figures)
            except Skipped as why:
                skipped[group] = str(why)
    if not bench.machine:
        bench.machine = json.loads(run(binary, "bench", "--json", "--only", "machine",
                                       "--events", str(sizes.events)))["machine"]
    return figures, skipped, bench.notes, bench.machine
