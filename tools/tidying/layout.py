"""The layout of src/: which folder may include which, and which headers of others it may use."""

BASICS = ["base", "algorithms", "events"]
MARKET = BASICS + ["books", "accounts", "links", "market"]
STAGE = ["base", "events", "market"]

# Folder -> what it may include besides itself, in the order in which data flows. A folder below
# `edges` stands for itself; `edges/*` for those not named.
MAY_INCLUDE = {
    "base": [],
    "algorithms": ["base"],
    "events": ["base"],
    "books": BASICS,
    "accounts": BASICS,
    "links": BASICS,
    "wash_trades": ["base", "algorithms"],
    "market": BASICS + ["books", "accounts", "links"],
    "findings": ["base", "events"],
    "detectors": MARKET + ["findings"],
    "rules": MARKET + ["findings", "detectors"],  # the catalogue: rulebooks name detectors
    "alerts": STAGE + ["findings"],
    "cases": STAGE + ["findings", "alerts"],
    "measures": STAGE + ["alerts", "cases"],
    "gate": STAGE + ["measures"],
    "engine": MARKET + ["findings", "detectors", "rules", "alerts", "cases", "measures", "gate"],
    "edges/*": ["base", "events", "findings", "alerts", "engine"],
    "edges/adapters": ["base", "events", "engine", "edges/journal"],
    "edges/gate": ["base", "events", "measures", "gate", "engine"],
    "edges/itch": ["base", "events", "market", "engine"],
    "edges/labels": ["base", "events", "findings", "alerts", "engine", "edges/adapters"],
    "edges/sqlite": ["base", "events", "findings", "alerts", "cases", "measures", "engine"],
    "edges/secrets": ["base"],
    "edges/auth": ["base", "events", "measures", "edges/secrets", "edges/sqlite"],
    "edges/http": ["base"],
    "edges/vault": ["base", "algorithms", "events", "edges/secrets", "edges/sqlite"],
    "edges/webhook": ["base", "edges/http"],
    "app": ["*"],
    "service": ["*"],
    "main.cc": ["app", "service"],
    "sim": ["base", "events"],
    "sim/agents": ["base", "events", "sim"],
    "sim/abuse": ["base", "events", "sim", "sim/agents"],
    "python": ["base", "events", "market", "findings", "engine"],
}

# What tests may include besides: a simulated stream is tried on the engine that will read it.
TESTS_MAY_INCLUDE = {"sim": ["engine", "measures"]}

# Not under the bans of the core: the engine never waits for what runs here.
OUTSIDE_CORE = ("edges/", "app", "service", "main.cc", "python", "bench")

# Where money, prices and quantities live: no floating point at all.
EXACT_FOLDERS = ("accounts", "books", "market", "wash_trades")

FOLDER_NAMES_BANNED = {"utils", "util", "common", "helpers", "helper", "manager", "managers",
                       "misc", "shared", "lib"}

# Data beside the sources, no folders of the table.
DATA_FOLDERS = {"fuzz_seeds", "test_data"}

# Prefixes of `#include <...>` that are no standard header -> folders that may use them (tests may
# use any, and so may each edges/<x>).
HEADERS_OF_OTHERS = {
    "simdjson.h": ("events",),
    "toml++/": ("rules", "measures", "app"),
    "CLI/": ("app", "service", "main.cc"),
    "spdlog/": ("app", "service", "main.cc"),
    "openssl/": ("base",),
    "boost/unordered/": ("base", "books", "accounts", "links", "market", "rules", "engine", "sim"),
    "sys/mman.h": ("base", "app", "main.cc"),
    "immintrin.h": ("base",),
    "emmintrin.h": ("base",),
    "smmintrin.h": ("base",),
    "nmmintrin.h": ("base",),
    "x86intrin.h": ("base",),
    "arm_neon.h": ("base",),
    "arm_acle.h": ("base",),
    "cpuid.h": ("base",),
    "sys/": ("app", "service", "main.cc"),
    "unistd.h": ("app", "service", "main.cc"),
    "fcntl.h": ("app", "service", "main.cc"),
    "signal.h": ("app", "service", "main.cc"),
    "poll.h": ("app", "service", "main.cc"),
    "termios.h": ("app", "service", "main.cc"),
    "spawn.h": ("service",),
    "time.h": ("service",),
    "malloc.h": ("app", "service", "main.cc"),
    "sched.h": ("app", "service", "main.cc"),
    "pthread.h": ("app", "service", "main.cc"),
}

STANDARD_HEADERS = set("""
algorithm any array atomic barrier bit bitset cassert cctype cerrno cfenv cfloat charconv chrono
cinttypes climits clocale cmath codecvt compare complex concepts condition_variable coroutine
csetjmp csignal cstdarg cstddef cstdint cstdio cstdlib cstring ctime cuchar cwchar cwctype deque
exception execution expected filesystem flat_map flat_set format forward_list fstream functional
future generator initializer_list iomanip ios iosfwd iostream istream iterator latch limits list
locale map mdspan memory memory_resource mutex new numbers numeric optional ostream print queue
random ranges ratio regex scoped_allocator semaphore set shared_mutex source_location span
spanstream sstream stack stacktrace stdexcept stdfloat stop_token streambuf string string_view
strstream syncstream system_error thread tuple type_traits typeindex typeinfo unordered_map
unordered_set utility valarray variant vector version cxxabi.h
""".split())

# clang-format would unfold the tables of macros in these.
NOT_FORMATTED = {
    "src/events/table.h": "one row a line: a table of macros",
}


def may_include(folder: str) -> list[str] | None:
    """What `folder` may include, or None for a folder that the layout does not know."""
    if folder in MAY_INCLUDE:
        return MAY_INCLUDE[folder]
    return MAY_INCLUDE["edges/*"] if folder.startswith("edges/") else None


def folders_for_header(header: str) -> tuple[str, ...] | None:
    """The folders that may use a header of others, or None for one that no folder may."""
    for prefix, folders in HEADERS_OF_OTHERS.items():
        if header == prefix or (prefix.endswith("/") and header.startswith(prefix)):
            return folders
    return None
