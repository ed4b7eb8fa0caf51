"""Feeds the rules small repositories, bad and good, and expects exactly what each should say."""
import tempfile
from dataclasses import dataclass
from pathlib import Path

from . import layout, project
from .rules import RULES

HEAD = "// What it is.\n"
HEADER = "// What it is.\n#pragma once\n"


@dataclass(frozen=True)
class Case:
    """`expected` are the lines of `path` at which `rule` speaks, and nothing else may be said."""
    rule: str
    path: str
    text: str
    expected: tuple[int, ...]
    others: tuple[tuple[str, str], ...] = ()


def bad(rule: str, path: str, text: str, *lines: int, others=()) -> Case:
    return Case(rule, path, text, lines, tuple(others))


def good(rule: str, path: str, text: str, others=()) -> Case:
    return Case(rule, path, text, (), tuple(others))


def function(lines: int, signature: str = "void f() {") -> str:
    return signature + "\n" + "  g();\n" * (lines - 2) + "}\n"


INCLUDES = [
    bad("include_form", "src/base/a.cc", HEAD + '#include "b.h"\n', 2),
    bad("include_form", "src/events/a.cc", HEAD + '#include "../base/b.h"\n#include <map>\n', 2),
    bad("include_form", "src/base/a.cc", HEAD + '#include "base/a_twin.h"\n', 2),
    good("include_form", "src/base/a_test.cc", HEAD + '#include "base/a_twin.h"\n'),
    bad("include_order", "src/base/a.cc", HEAD + '#include "events/event.h"\n', 2),
    bad("include_order", "src/books/a.cc", HEAD + '#include "accounts/terms.h"\n', 2),
    bad("include_order", "src/links/a.h", HEADER + '#include "books/books.h"\n', 3),
    bad("include_order", "src/market/a.cc", HEAD + '#include "engine/engine.h"\n', 2),
    bad("include_order", "src/detectors/a.cc", HEAD + '#include "rules/table.h"\n', 2),
    bad("include_order", "src/measures/a.cc", HEAD + '#include "rules/rules.h"\n', 2),
    bad("include_order", "src/engine/a.cc", HEAD + '#include "edges/journal/journal.h"\n', 2),
    bad("include_order", "src/edges/http/a.cc", HEAD + '#include "edges/journal/journal.h"\n', 2),
    bad("include_order", "src/edges/http/a.cc", HEAD + '#include "app/run.h"\n', 2),
    bad("include_order", "src/stuff/a.cc", HEAD, 1),
    good("include_order", "src/market/a.cc",
         HEAD + '#include "accounts/a.h"\n#include "books/b.h"\n#include "market/c.h"\n'),
    good("include_order", "src/edges/adapters/a.cc", HEAD + '#include "edges/journal/b.h"\n'),
    good("include_order", "src/app/a.cc", HEAD + '#include "edges/journal/b.h"\n'),
    good("include_order", "src/base/a.cc",
         HEAD + '#include "events/event.h"  // tidy: reads the table only\n'),
    bad("include_of_others", "src/books/a.cc", HEAD + "#include <simdjson.h>\n", 2),
    bad("include_of_others", "src/engine/a.cc", HEAD + "#include <CLI/CLI.hpp>\n", 2),
    bad("include_of_others", "src/market/a.cc", HEAD + "#include <openssl/evp.h>\n", 2),
    bad("include_of_others", "src/events/a.cc", HEAD + "#include <immintrin.h>\n", 2),
    bad("include_of_others", "src/base/a.cc", HEAD + "#include <unistd.h>\n", 2),
    bad("include_of_others", "src/base/a.cc", HEAD + "#include <boost/json.hpp>\n", 2),
    good("include_of_others", "src/base/a.cc",
         HEAD + "#include <immintrin.h>\n#include <openssl/evp.h>\n#include <vector>\n"),
    good("include_of_others", "src/books/a.cc",
         HEAD + "#include <boost/unordered/unordered_flat_map.hpp>\n"),
    good("include_of_others", "src/edges/http/a.cc", HEAD + "#include <boost/beast.hpp>\n"),
    good("include_of_others", "src/books/a_test.cc", HEAD + "#include <gtest/gtest.h>\n"),
]

LOOKS = [
    bad("columns", "src/base/a.cc", HEAD + "// " + "x" * 98 + "\n", 2),
    good("columns", "src/base/a.cc", HEAD + "// " + "→" * 97 + "\n"),
    good("columns", "src/base/a.cc", HEAD + 'auto a = R"(\n' + "x" * 101 + '\n)";\n'),
    bad("columns", "src/base/a.cc", HEAD + "auto a =\n    \"" + "x" * 99 + "\";\n", 3),
    bad("columns", "tools/thing", "#" * 101 + "\n", 1),
    bad("whitespace", "src/base/a.cc", HEAD + "int a;\tint b;\n", 2),
    bad("whitespace", "src/base/a.cc", HEAD + "int a; \nint b;\r\n", 2, 3),
    bad("whitespace", "src/base/a.cc", HEAD + "int a;", 2),
    bad("whitespace", "src/base/a.cc", HEAD + "int a;\n\n", 4),
    bad("head_comment", "src/base/a.cc", "#include <map>\n", 1),
    bad("head_comment", "src/base/a.cc", "// One\n// two\n// three\n// four.\nint a;\n", 1),
    good("head_comment", "src/base/a.cc", "// One\n// two\n// three.\n//\n// To add: append.\n"),
    bad("comment_block", "src/base/a.cc", HEAD + "\n" + "// why\n" * 9 + "int a;\n", 3),
    good("comment_block", "src/base/a.cc", HEAD + "\n" + "// why\n" * 8 + "int a;\n"),
    bad("unfinished", "src/base/a.cc", HEAD + "int a;  // TO" "DO later\n", 2),
    bad("unfinished", "src/base/a.cc", HEAD + "/* FIX" "ME */ int a;\n", 2),
    bad("escape_reason", "src/base/a.cc", HEAD + "int a;  // tidy:\n", 2),
    bad("pragma_once", "src/base/a.h", HEAD + "int a();\n", 1),
    bad("type_names", "src/base/a.cc", HEAD + "class OrderManager {};\n", 2),
    bad("type_names", "src/base/a.cc", HEAD + "struct Impl;\nstruct IReader {};\n", 2, 3),
    good("type_names", "src/base/a.cc", HEAD + "struct IdIndex {};\nstruct Implied {};\n"),
]

LENGTHS = [
    bad("file_length", "src/base/a.cc", HEAD + "int a();\n" * 400, 1),
    good("file_length", "src/base/a.cc", HEAD + "int a();\n" * 399),
    good("file_length", "src/base/a_test.cc", HEAD + "int a();\n" * 900),
    bad("function_length", "src/base/a.cc", HEAD + "namespace a {\n" + function(61) + "}\n", 3),
    good("function_length", "src/base/a.cc", HEAD + "namespace a {\n" + function(60) + "}\n"),
    bad("function_length", "src/base/a.cc",
        HEAD + "class [[gnu::packed]] A final {\n " + function(61) + "};\n", 3),
    bad("function_length", "src/base/a.cc",
        HEAD + function(61, "A::A(int a) : a_(a), b_{a} {"), 2),
    bad("function_length", "src/base/a.cc",
        HEAD + "void f() {\n  auto a = [] {\n" + "    g('{', \"}\");  // }\n" * 58
        + "  };\n}\n", 2),
    bad("function_length", "src/base/a.cc",
        HEAD + function(61, "template <class T>\nstruct A<T> make(T a) {"), 2),
    bad("function_length", "src/base/a_twin.cc", HEAD + function(61), 2),
    good("function_length", "src/base/a_test.cc", HEAD + function(61, "TEST(A, B) {")),
    good("function_length", "src/base/a.cc", HEAD + "struct A {\n" + "  int a();\n" * 90 + "};\n"),
    good("function_length", "src/base/a.cc",
         HEAD + "enum class A : int {\n" + " a,\n" * 90 + "};\n"),
    good("function_length", "src/base/a.cc",
         HEAD + "constexpr std::array<int, f(90)> a = {\n" + "    1,\n" * 90 + "};\n"),
    good("function_length", "src/base/a.cc",
         HEAD + 'extern "C" {\n' + "int a();\n" * 90 + "}\n"),
    good("function_length", "src/base/a.cc",
         HEAD + "#define A(F) {\\\n" + " F(a) \\\n" * 90 + "  F(b)\n"),
]

SAME = "struct Same {};\n"
NAMES = [
    bad("one_name", "src/base/b.cc",
        HEAD + "namespace m {\ntemplate <class T, class U = A<T>>\n"
        "class Same final : B<T> {};\n}\n", 3,
        others=[("src/base/a.h", HEADER + "namespace m {\n" + SAME + "}\n")]),
    good("one_name", "src/base/b.cc", HEAD + "namespace m {\n" + SAME + "}\n", others=[
        ("src/base/a1.h", HEADER + "namespace m {\nstruct Same;\n}\n"),
        ("src/base/a2.h", HEADER + "namespace m::n {\nenum class Same : int {};\n}\n"),
        ("src/base/a3.h", HEADER + "namespace m {\nstruct A {\n" + SAME + "};\n}\n"),
        ("src/base/a4.cc", HEAD + "namespace m {\nnamespace {\n" + SAME + "}\n}\n"),
        ("src/base/a5.cc", HEAD + "namespace m {\nstruct A::Same {};\n}\n"),
        ("src/app/a_test.cc", HEAD + "namespace m {\n" + SAME + "}\n")]),
]

BANS = [
    bad("banned", "src/engine/a.cc", HEAD + "auto a = std::chrono::steady_clock::now();\n", 2),
    bad("banned", "src/engine/a.cc", HEAD + "auto a = std::time(nullptr);\n", 2),
    bad("banned", "src/books/a.cc", HEAD + "int a = rand();\n", 2),
    bad("banned", "src/books/a.cc", HEAD + "#include <random>\nstd::mt19937 a;\n", 2, 3),
    bad("banned", "src/market/a.cc", HEAD + "std::mutex a;\n", 2),
    bad("banned", "src/market/a.cc", HEAD + "std::atomic<int> a;\n", 2),
    bad("banned", "src/base/a.cc", HEAD + "void f() { throw 1; }\n", 2),
    bad("banned", "src/base/a.cc", HEAD + "void f() {\n  try {\n  } catch (...) {\n  }\n}\n", 3, 4),
    bad("banned", "src/events/a.cc", HEAD + "#include <iostream>\nauto& a = std::cerr;\n", 2, 3),
    bad("banned", "src/events/a.cc", HEAD + "void f() { std::printf(\"a\"); }\n", 2),
    bad("banned", "src/base/a.cc", HEAD + "auto a = std::getenv(\"A\");\n", 2),
    good("banned", "src/base/check.cc", HEAD + "void f() { std::fprintf(stderr, \"a\"); }\n"),
    good("banned", "src/base/a.cc", HEAD + "int a = snprintf(b, 1, \"throw\");  // try\n"),
    good("banned", "src/base/a.cc", HEAD + "Time time() const;\nint a = record_time(&b);\n"),
    good("banned", "src/gate/a.cc", HEAD + "std::atomic<int> a;\n"),
    good("banned", "src/edges/http/a.cc", HEAD + "std::mutex a;\n"),
    good("banned", "src/app/a.cc", HEAD + "auto a = std::chrono::steady_clock::now();\n"),
    good("banned", "src/books/a_test.cc", HEAD + "std::mt19937 a;\n"),
    good("banned", "src/books/a.cc", HEAD + "// tidy: a twin of the system's\nint a = rand();\n"),
    bad("fetching", "src/books/a.h", HEADER + "void f() { __builtin_prefetch(a); }\n", 3),
    good("fetching", "src/base/prefetch.h", HEADER + "void f() { __builtin_prefetch(a); }\n"),
    good("fetching", "src/books/a.cc", HEAD + "void f() { prefetch_line(a); }\n"),
    bad("exact_money", "src/accounts/a.cc", HEAD + "double ratio = 0;\n", 2),
    bad("exact_money", "src/base/a.cc", HEAD + "void f(double fee_rate);\n", 2),
    good("exact_money", "src/algorithms/a.cc", HEAD + "double mean = 0;\n"),
    good("exact_money", "src/books/a.cc", HEAD + "// a double\nint a;\n"),
]

UNORDERED = [
    bad("unordered_iteration", "src/market/a.cc",
        HEAD + "std::unordered_map<int, std::vector<int>> a;\nvoid f() {\n  for (auto& b : a) {\n"
        "  }\n}\n", 4),
    bad("unordered_iteration", "src/market/a.cc",
        HEAD + '#include "market/a.h"\nvoid A::f() {\n  for (const auto& [k, v] : m_) {\n  }\n'
        "  auto b = m_.begin();\n}\n", 4, 6,
        others=[("src/market/a.h",
                 HEADER + "struct A {\n  boost::unordered_flat_map<int, int> m_;\n};\n")]),
    bad("unordered_iteration", "src/market/a.cc",
        HEAD + "using Set = std::unordered_set<int>;\nvoid f(const Set& a) {\n"
        "  std::ranges::for_each(a, g);\n}\n", 4),
    good("unordered_iteration", "src/market/a.cc",
         HEAD + "std::unordered_map<int, int> a;\nvoid f() {\n"
         "  for (auto& b : a) {  // tidy: sorted below\n  }\n}\n"),
    good("unordered_iteration", "src/market/a.cc",
         HEAD + "std::unordered_map<int, int> a;\nstd::vector<int> b;\nvoid f() {\n"
         "  for (int c : b) {\n    a[c] = a.size() == 0 ? 1 : 2;\n  }\n"
         "  if (a.find(1) != a.end()) {\n  }\n}\n"),
]

TABLE_HEAD = "| folder | holds | may include |\n| --- | --- | --- |\n"
DETECTOR = HEAD + "MW_DETECTOR_IS(pump, Pump, spec)\n"

WHOLE = [
    bad("folder_names", "src/edges/utils/a.cc", HEAD, 1),
    bad("folder_table", "src/README.md", TABLE_HEAD, 3, others=[("src/base/a.cc", HEAD)]),
    bad("folder_table", "src/README.md", TABLE_HEAD + "| `base` | numbers | `events` |\n", 3,
        others=[("src/base/a.cc", HEAD)]),
    bad("folder_table", "src/README.md", TABLE_HEAD + "| `base` | numbers | std |\n", 3),
    good("folder_table", "src/README.md",
         TABLE_HEAD + "| `base` | numbers | std |\n| `events` | events | `base` |\n",
         others=[("src/base/a.cc", HEAD), ("src/events/a.cc", HEAD)]),
    bad("catalogue", project.CATALOGUE, "// All.\nMW_DETECTOR(pump)\n", 2, 2,
        others=[("src/detectors/pump.cc", DETECTOR)]),
    bad("catalogue", "src/detectors/pump.cc", DETECTOR, 1,
        others=[(project.CATALOGUE, "// All.\n")]),
    bad("catalogue", "scenarios/pump.scn", "# A story.\n", 1,
        others=[(project.CATALOGUE, "// All.\n")]),
    good("catalogue", project.CATALOGUE, "MW_DETECTOR(pump)\n",
         others=[("src/detectors/pump.cc", DETECTOR), ("scenarios/pump.scn", "# A story.\n"),
                 ("scenarios/default/x.scn", "# Of a rule.\n"),
                 ("docs/detectors/README.md", "All.\n"),
                 ("docs/detectors/pump.md", "# pump\n")]),
    bad("machine_words", "docs/a.md", "See /wor" "k/main.\n", 1),
    bad("machine_words", "tools/a", "apt update\ncurl https://deb" ".debian.org/\n", 2),
    bad("machine_words", "src/base/a.cc", HEAD + "// /ro" "ot/x\n", 2),
    good("machine_words", "docs/a.md", "https://www.apache.org/licenses/ and a/wor" "k/b\n"),
    bad("formatting", "src/base/a.cc", HEAD + "int  a;\n", 2),
    good("formatting", "src/base/a.cc", HEAD + "int a;\n"),
]

CASES = INCLUDES + LOOKS + LENGTHS + NAMES + BANS + UNORDERED + WHOLE


def readme_for(paths: list[str]) -> str:
    """A true src/README.md, so that a case about something else is quiet."""
    folders = project.folders_with_sources(paths)
    rows = []
    for folder in folders:
        allowed = [name for name in layout.may_include(folder) or [] if name in folders]
        rows.append(f"| `{folder}` | … | {' '.join(f'`{name}`' for name in allowed) or 'std'} |\n")
    return TABLE_HEAD + "".join(rows)


def findings_of(case: Case) -> list[tuple[str, str, int]]:
    files = dict(case.others) | {case.path: case.text}
    files.setdefault("src/README.md", readme_for(list(files)))
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        for path, text in files.items():
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            (root / path).write_bytes(text.encode())
        (root / ".clang-format").write_text("BasedOnStyle: Google\nColumnLimit: 100\n")
        found = project.check(root, with_format=case.rule == "formatting")
    return [(finding.path, finding.rule, finding.line) for finding in found]


def run() -> int:
    failed = 0
    for case in CASES:
        expected = [(case.path, case.rule, line) for line in case.expected]
        found = findings_of(case)
        if found != expected:
            failed += 1
            print(f"{case.rule}: {case.path}\n{case.text}  expected {expected}\n  found    {found}")
    untried = sorted((set(RULES) | set(project.PROJECT_RULES))
                     - {case.rule for case in CASES if case.expected})
    for rule in untried:
        print(f"{rule}: no case in tools/tidying/self_test.py makes it speak: add one")
    print(f"tidy --self-test: {len(CASES)} cases, {failed + len(untried)} failed")
    return 1 if failed or untried else 0
