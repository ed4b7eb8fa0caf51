"""A service that is started to be tried or measured, and those who speak to it."""

import http.client
import json
import os
import signal
import subprocess

PASSWORD = "correct horse battery staple"


class Speaker:
    """Somebody with a token, or a person who logs in. One connection, kept."""

    def __init__(self, port, token=None):
        self.port, self.token, self.cookie, self.csrf = port, token, None, None
        self.connection, self.reply_headers = None, {}  # of the last answer

    def ask(self, method, path, body=None, headers=None):
        """Status and answer: JSON where it is, else bytes. A dict or list is sent as JSON."""
        sent = dict(headers or {})
        if self.token:
            sent["Authorization"] = "Bearer " + self.token
        if self.cookie:
            sent["Cookie"] = self.cookie
        if self.csrf and method != "GET":
            sent.setdefault("X-CSRF-Token", self.csrf)
        if isinstance(body, (dict, list)):
            sent["Content-Type"] = "application/json"
            body = json.dumps(body)
        if self.connection is None:
            self.connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)
        try:
            self.connection.request(method, path, body, sent)
            reply = self.connection.getresponse()
            text = reply.read()
        except OSError:
            self.connection = None
            raise
        self.reply_headers = reply.headers
        cookie = reply.getheader("Set-Cookie")
        self.cookie = cookie.split(";")[0] if cookie else self.cookie
        is_json = (reply.getheader("Content-Type") or "").startswith("application/json")
        return reply.status, json.loads(text) if is_json and text else text

    def log_in(self, user):
        status, answer = self.ask("POST", "/v1/login", {"user_id": user, "password": PASSWORD})
        if status != 200:
            raise RuntimeError(f"{user} cannot log in: {answer}")
        self.csrf = answer["csrf_token"]
        return self

    def decide(self, kind, **members):
        """The answer to a decision; an error where it is refused."""
        status, answer = self.ask("POST", "/v1/decisions",
                                  {"kind": kind, "reason": "as the alert says", **members})
        if status != 200:
            raise RuntimeError(f"{kind}: {answer}")
        return answer


def run(binary, *arguments, stdin=""):
    """What the program prints. An error where it fails."""
    done = subprocess.run([binary, *arguments], input=stdin, text=True, capture_output=True)
    if done.returncode != 0:
        raise RuntimeError(f"{' '.join(arguments[:3])}: {done.stderr}")
    return done.stdout.strip()


def new_directory(binary, data, users, scopes):
    """A data directory with these users (name: role); a token for each scope, by scope."""
    for user, role in users.items():
        run(binary, "user", "add", user, "--role", role, "--data", data, stdin=PASSWORD + "\n")
    more = {"read": [], "ingest": ["--source", "exchange", "--trusted"],
            "commands": ["--source", "exchange"]}
    return {scope: run(binary, "token", "new", "--data", data, "--scope", scope,
                       *more[scope]).split()[-1] for scope in scopes}


class Running:
    """`serve` on a port that is free, until the block ends."""

    def __init__(self, binary, data, *options):
        self.data = data
        self.command = [binary, "serve", "--data", data, "--listen", "127.0.0.1:0", *options]
        self.start()

    def start(self):
        self.process = subprocess.Popen(self.command, stdout=subprocess.PIPE, text=True)
        line = self.process.stdout.readline()
        if ":" not in line:
            raise RuntimeError(f"serve prints no URL: {line!r}")
        self.port = int(line.rstrip("/\n").rsplit(":", 1)[1])

    def stop(self, how=signal.SIGTERM):
        if self.process.poll() is None:
            self.process.send_signal(how)
        return self.process.wait(120)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()

    def cpu_seconds(self):
        fields = open(f"/proc/{self.process.pid}/stat").read().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def memory_bytes(self):
        """(resident, its peak)"""
        lines = dict(line.split(":", 1) for line in open(f"/proc/{self.process.pid}/status"))
        return tuple(int(lines[name].split()[0]) * 1024 for name in ("VmRSS", "VmHWM"))


def metric_buckets(text, name):
    """[(upper bound, how many were below)] of a histogram in Prometheus form."""
    found = []
    for line in text.splitlines():
        if line.startswith(f"marktwacht_{name}_bucket{{"):
            bound = line.split('le="', 1)[1].split('"', 1)[0]
            found.append((float(bound), float(line.rsplit(" ", 1)[1])))
    return found


def quantile(buckets, share):
    """The bound below which this share of them lies."""
    total = buckets[-1][1] if buckets else 0
    return next((bound for bound, below in buckets if below >= share * total), float("nan"))
