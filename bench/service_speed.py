#!/usr/bin/env python3
"""How fast the service takes events in, and how soon the gate denies: two rows of the speed table.

bench/service_speed.py --marktwacht build/release/marktwacht [--events 400000] [--rounds 5]

Each round starts a fresh service, sends it a simulated day over loopback in batches of 1,000, each
answered when it is durable, and stops it; once alone, once with open event streams. One connection
stands for a gateway that has some of the instruments. Printed: medians, and with them the CPU time
of the server and of the clients, which share the machine.
"""

import argparse
import http.client
import json
import multiprocessing
import os
import resource
import selectors
import shutil
import socket
import statistics
import sys
import tempfile
import threading
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../tools"))
from fresh_memory import fetch_memory  # noqa: E402
from serving import Running, Speaker, metric_buckets, new_directory, quantile, run  # noqa: E402

BATCH = 1_000
MEASURES = 200


def lanes_of(path, lanes):
    """What all must know first; for each connection its batches: an instrument is of one; more for
    one that goes on afterwards; some of the accounts."""
    first, lines, accounts = [], [[] for _ in range(lanes)], {}
    for line in open(path, "rb"):
        event = json.loads(line)
        if event["type"] in ("asset", "instrument", "program"):
            first.append(line)
        else:
            if event["type"] == "account" and len(accounts) < MEASURES:
                accounts[event["account_id"]] = True
            lines[hash(event.get("instrument_id", "")) % lanes].append(line)
    batches = [[b"".join(lane[at:at + BATCH]) for at in range(0, len(lane), BATCH)]
               for lane in lines]
    later = batches[0][len(batches[0]) * 3 // 4:]
    return b"".join(first), [batches[0][:-len(later)], *batches[1:]], later, list(accounts)


def send(port, token, batches, start, results):
    """One gateway. Puts (accepted, rejected, ns each)."""
    connection = http.client.HTTPConnection("127.0.0.1", port)
    head = {"Authorization": "Bearer " + token, "Content-Type": "application/x-ndjson"}
    connection.connect()
    connection.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    start.wait()
    accepted = rejected = 0
    took = []
    for at, batch in enumerate(batches):
        before = time.monotonic_ns()
        while True:
            connection.request("POST", "/v1/events", batch,
                               {**head, "Idempotency-Key": f"{os.getpid()}-{at}"})
            reply = connection.getresponse()
            text = reply.read()
            if reply.status != 503:
                break
            time.sleep(float(reply.getheader("Retry-After", "0.05")))
        answer = json.loads(text)
        accepted += answer["accepted"]
        rejected += answer["rejected"]
        took.append(time.monotonic_ns() - before)
    results.put((accepted, rejected, took, resource.getrusage(resource.RUSAGE_SELF).ru_utime))


def listen(port, token, count, ready, end, results):
    """Open streams, read and thrown away. None may be cut: then it would cost nothing."""
    selector = selectors.DefaultSelector()
    for _ in range(count):
        one = socket.create_connection(("127.0.0.1", port))
        one.sendall(b"GET /v1/stream HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer " +
                    token.encode() + b"\r\n\r\n")
        if b" 200 " not in one.recv(4096):
            raise RuntimeError("no stream")
        one.setblocking(False)
        selector.register(one, selectors.EVENT_READ)
    ready.set()
    told = 0
    while not end.is_set():
        for key, _ in selector.select(0.2):
            size = len(key.fileobj.recv(1 << 16))
            if size == 0:
                results.put(None)
                return
            told += size
    results.put(told / count)


def ingest(service, tokens, first, lanes):
    """(events a second, server's CPU s, clients' CPU s, p99 of an answer in ns, rejected)"""
    Speaker(service.port, tokens["ingest"]).ask("POST", "/v1/events", first)
    start, results = multiprocessing.Barrier(len(lanes) + 1), multiprocessing.Queue()
    senders = [multiprocessing.Process(target=send, daemon=True,
                                       args=(service.port, tokens["ingest"], lane, start, results))
               for lane in lanes]
    for sender in senders:
        sender.start()
    start.wait()
    before, cpu = time.monotonic(), service.cpu_seconds()
    answers = [results.get() for _ in senders]
    seconds = time.monotonic() - before
    took = sorted(ns for answer in answers for ns in answer[2])
    sent = sum(answer[0] + answer[1] for answer in answers)
    return {"events_per_s": sent / seconds, "server_cpu_us_per_event":
            (service.cpu_seconds() - cpu) / sent * 1e6,
            "client_cpu_us_per_event": sum(answer[3] for answer in answers) / sent * 1e6,
            "answer_p99_ms": took[int(len(took) * 0.99)] / 1e6,
            "rejected": sum(answer[1] for answer in answers)}


def with_streams(service, token, count, measure):
    ready, end = multiprocessing.Event(), multiprocessing.Event()
    results = multiprocessing.Queue()
    listener = multiprocessing.Process(target=listen, daemon=True,
                                       args=(service.port, token, count, ready, end, results))
    listener.start()
    if not ready.wait(60):
        raise RuntimeError("the streams do not open")
    figures = measure()
    end.set()
    told = results.get()
    if told is None:
        raise RuntimeError("a stream was cut while it was read")
    return {**figures, "kib_told_to_each": told / 1024}


def case_of(person, account):
    """Lists follow a little behind the journal."""
    for _ in range(1_000):
        items = person.ask("GET", f"/v1/cases?account_id={account}")[1]["items"]
        if items:
            return items[0]["case_id"]
        time.sleep(0.01)
    raise RuntimeError(f"no case about {account}")


def gate_p99_ms(service, tokens, batches, accounts):
    """While events come in: from a decision's durability to the gate saying so, by the service's
    own clock."""
    anna = Speaker(service.port).log_in("anna")
    stop = threading.Event()

    def keep_sending():
        exchange = Speaker(service.port, tokens["ingest"])
        for batch in batches:
            if stop.is_set():
                return
            exchange.ask("POST", "/v1/events", batch)

    for account in accounts:
        anna.decide("raise_alert", clause="2.7", account_ids=[account])
    sender = threading.Thread(target=keep_sending)
    sender.start()
    try:
        for account in accounts:
            anna.decide("impose", case_id=case_of(anna, account),
                        measure={"kind": "close_only", "clause": "2.7", "duration_s": 3600,
                                 "target": {"account_id": account}})
    finally:
        stop.set()
        sender.join()
    text = Speaker(service.port, tokens["read"]).ask("GET", "/metrics")[1].decode()
    return quantile(metric_buckets(text, "gate_seconds"), 0.99) * 1e3


def one_round(binary, prepared, tokens, stream, streams):
    figures = {}
    order = [0, streams] if one_round.count % 2 == 0 else [streams, 0]
    one_round.count += 1
    for count in order:
        with tempfile.TemporaryDirectory() as folder:
            data = folder + "/data"
            shutil.copytree(prepared, data)
            fetch_memory()
            with Running(binary, data) as service:
                first, lanes, later, accounts = stream
                def measure():
                    return ingest(service, tokens, first, lanes)
                if count:
                    figures["with_streams"] = with_streams(service, tokens["read"], count, measure)
                else:
                    figures["alone"] = measure()
                    figures["gate_p99_ms"] = gate_p99_ms(service, tokens, later, accounts)
    return figures


one_round.count = 0


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--marktwacht", required=True)
    parser.add_argument("--events", type=int, default=400_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--connections", type=int, default=4)
    parser.add_argument("--streams", type=int, default=500)
    asked = parser.parse_args()
    binary = os.path.abspath(asked.marktwacht)
    with tempfile.TemporaryDirectory() as folder:
        run(binary, "simulate", "--seed", "1", "--events", str(asked.events), "--accounts",
            "100000", "--instruments", "200", "--out", folder + "/day.ndjson")
        stream = lanes_of(folder + "/day.ndjson", asked.connections)
        prepared = folder + "/prepared"
        tokens = new_directory(binary, prepared, {"anna": "analyst"}, ("ingest", "read"))
        rounds = [one_round(binary, prepared, tokens, stream, asked.streams)
                  for _ in range(asked.rounds)]
    alone = [one["alone"] for one in rounds]
    for name in alone[0]:
        print(f"{name:26} {statistics.median(one[name] for one in alone):12.2f}")
    slower = [one["alone"]["events_per_s"] / one["with_streams"]["events_per_s"] for one in rounds]
    print(f"{'alone ÷ with streams':26} {statistics.median(slower):12.2f}   goal at most 1.10")
    told = statistics.median(one["with_streams"]["kib_told_to_each"] for one in rounds)
    print(f"{'KiB told on each stream':26} {told:12.0f}")
    gate = statistics.median(one["gate_p99_ms"] for one in rounds)
    print(f"{'decision to gate p99, ms':26} {gate:12.3f}   goal at most 1")
    print(f"{'goal of events_per_s':26} {300_000:12}   load {os.getloadavg()[0]:.1f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
