"""The rules that look at one C++ file. Each yields (line, text); the text says the mend."""
import re
from dataclasses import dataclass

from . import layout
from .source import ESCAPE, Source

COLUMNS_MAX = 100
FUNCTION_LINES_MAX = 60
FILE_LINES_MAX = 400
COMMENT_LINES_MAX = 8
HEAD_LINES_MAX = 3


def in_core(source: Source) -> bool:
    return not source.is_test and not source.folder.startswith(layout.OUTSIDE_CORE)


def folder_of_include(name: str) -> str:
    return name.rsplit("/", 1)[0]


def include_form(source, _):
    for line, name, quoted in source.includes():
        if quoted and "/" not in name:
            yield line, f'write "{source.folder}/{name}": includes name their folder below src'
        elif quoted and (".." in name or name.startswith("/")):
            yield line, "includes start at src: \"folder/file.h\""
        if name.endswith("_twin.h") and not source.is_test:
            yield line, "twins are for tests: include the real thing, or rename the file"


def include_order(source, _):
    allowed = layout.may_include(source.folder)
    if allowed is None:
        yield 1, (f"folder {source.folder} is unknown: put the file into a folder of the table in "
                  "src/README.md, or add the folder to tools/tidying/layout.py")
        return
    if source.is_test:
        allowed = allowed + layout.TESTS_MAY_INCLUDE.get(source.folder, [])
    for line, name, quoted in source.includes():
        folder = folder_of_include(name)
        if not quoted or "/" not in name or ".." in name:
            continue
        if folder != source.folder and "*" not in allowed and folder not in allowed:
            may = " ".join(allowed) or "the standard library only"
            yield line, (f"{source.folder} may not include {folder} (it may: {may}); move what "
                         "both need up, or let a folder below join them")


def include_of_others(source, _):
    if source.is_test or source.folder.startswith("edges/"):
        return
    for line, name, quoted in source.includes():
        if quoted or name in layout.STANDARD_HEADERS:
            continue
        folders = layout.folders_for_header(name)
        if folders is None or source.folder not in folders:
            where = "edges/<x>" if folders is None else ", ".join(folders) + " or edges/<x>"
            yield line, f"<{name}> belongs into {where}: hide it behind a type of ours there"


def columns(source, _):
    for line, text in enumerate(source.lines, 1):
        if len(text) > COLUMNS_MAX and line not in source.raw_lines:
            yield line, f"{len(text)} columns: break the line at {COLUMNS_MAX}"


def whitespace(source, _):
    for line, text in enumerate(source.lines, 1):
        if "\t" in text:
            yield line, "a tab: use spaces"
        if text != text.rstrip():
            yield line, "trailing space or CR: remove it"
    if source.text and (not source.text.endswith("\n") or source.text.endswith("\n\n")):
        yield len(source.lines), "end the file with exactly one newline"


def head_comment(source, _):
    if not source.lines[0].startswith("//"):
        yield 1, "open the file with one to three comment lines: what it is, where its page is"
        return
    head = 0
    while head < len(source.lines) and re.match(r"//.*\w", source.lines[head]):
        head += 1
    if head > HEAD_LINES_MAX:
        yield 1, f"the head comment has {head} lines: say what the file is in {HEAD_LINES_MAX}"


def comment_block(source, _):
    first = None
    for line in range(1, len(source.lines) + 2):
        if line <= len(source.lines) and source.is_comment_line(line):
            first = first or line
        elif first is not None:
            if line - first > COMMENT_LINES_MAX:
                yield first, (f"a comment of {line - first} lines: keep to {COMMENT_LINES_MAX}, "
                              "move the rest to docs/")
            first = None


def unfinished(source, _):
    for line, text in source.comments.items():
        if re.search(r"\b(TODO|FIXME|XXX|HACK)\b", text):
            yield line, "finish it, or open an issue and remove the note"


def escape_reason(source, _):
    for line, text in source.comments.items():
        match = ESCAPE.search(text)
        if match and not match.group(1).strip():
            yield line, "say why: // tidy: <why>"


def pragma_once(source, _):
    if source.is_header and not re.search(r"^#pragma once$", source.text, re.M):
        yield 1, "add #pragma once below the head comment"


def file_length(source, _):
    count = source.text.count("\n")
    if count > FILE_LINES_MAX and not source.is_test:
        yield 1, f"{count} lines: split the file by meaning at {FILE_LINES_MAX}"


CONTAINER = re.compile(r"\b(namespace|class|struct|union|enum)\b|\bextern\s*\"")
ATTRIBUTE = re.compile(r"\[\[.*?\]\]|\balignas\s*\([^()]*\)", re.S)
TEMPLATE = re.compile(r"\btemplate\s*<(?:[^<>]|<[^<>]*>)*>")


def block_kind(head: str, outer: str) -> str:
    """What the brace after `head` opens: a container of declarations, a function or a list."""
    if outer != "container":
        return "inner"
    if not head:
        return "function"  # after a constructor's last `member_{value}`
    if head.endswith("=") or "(" not in head:
        return "container" if CONTAINER.search(head) else "inner"
    if CONTAINER.search(TEMPLATE.sub(" ", head).split("(")[0]) and ")" not in head:
        return "container"
    return "function"


@dataclass
class Block:
    kind: str
    head: str  # what stands before the brace, without attributes
    start: int  # where the head starts
    outer: list[str]  # the heads of the blocks around it
    end: int = 0


def blocks(source) -> list[Block]:
    """Every pair of braces, in the order in which they close."""
    code = source.without_directives()
    closed: list[Block] = []
    stack = [Block("container", "", 0, [])]
    head_at = 0
    for match in re.finditer(r"[{};]", code):
        at = match.start()
        if match.group() == "{":
            text = code[head_at:at]
            head = ATTRIBUTE.sub(" ", text).strip()
            stack.append(Block(block_kind(head, stack[-1].kind), head,
                               head_at + len(text) - len(text.lstrip()),
                               [block.head for block in stack[1:]]))
        elif match.group() == "}" and len(stack) > 1:
            stack[-1].end = at
            closed.append(stack.pop())
        head_at = at + 1
    return closed


def function_length(source, _):
    if source.path.endswith("_test.cc"):
        return  # tables of cases
    for block in blocks(source):
        first = source.line_of(block.start)
        lines = source.line_of(block.end) - first + 1
        if block.kind == "function" and lines > FUNCTION_LINES_MAX:
            yield first, (f"a function of {lines} lines: give its parts names, "
                          f"{FUNCTION_LINES_MAX} at most")


TYPE = re.compile(r"^(?:class|struct|union|enum(?:\s+(?:class|struct))?)\s+(\w+)(?:\s+final)?$")


def types_of(source) -> list[tuple[int, str]]:
    """(line, name with namespaces) of the types that other files can see by that name."""
    found = []
    for block in blocks(source):
        head = re.split(r"(?<!:):(?!:)", TEMPLATE.sub(" ", block.head).strip())[0]
        match = TYPE.match(head.strip())
        spaces = [re.match(r"(?:inline\s+)?namespace\s+([\w:]+)$", head) for head in block.outer]
        if block.kind == "container" and match and all(spaces):
            name = "::".join([space.group(1) for space in spaces] + [match.group(1)])
            found.append((source.line_of(block.start), name))
    return found


def one_name(source, sources):
    """Two types of one name are merged by the linker without a word."""
    for line, name in types_of(source):
        for other in sources.values():
            apart = (source.is_test or other.is_test) and source.folder != other.folder
            if other.path < source.path and not apart and name in other.types(types_of):
                yield line, (f"{name} is also a type of {other.path}, and the linker mixes them: "
                             "rename one, or put it into an unnamed namespace")


BANNED = [
    ("clock",
     r"\b(system|steady|high_resolution|utc|tai|gps|file)_clock\b|\bclock_gettime\b"
     r"|\bgettimeofday\b|\b(std::)?time\s*\(\s*(nullptr|NULL|0|&)|\b__rdtsc\b",
     "time is event time: take it from the event"),
    ("random",
     r"\bs?rand\s*\(|\brandom_device\b|\bmt19937|\bdefault_random_engine\b|\bgetrandom\b"
     r"|#\s*include\s*<random>",
     "the engine is deterministic: derive it from the event"),
    ("thread",
     r"\bstd::(jthread|thread|mutex|shared_mutex|recursive_mutex|condition_variable|async|future"
     r"|promise|call_once|once_flag|barrier|latch|counting_semaphore|binary_semaphore)\b"
     r"|\bthread_local\b|#\s*include\s*<(thread|mutex|shared_mutex|future|condition_variable)>",
     "one thread owns the engine: what needs another belongs into edges or app"),
    ("throw", r"\bthrow\b|\btry\b|\bcatch\b",
     "our bug: check(); the world failed: std::expected at the edges"),
    ("stream",
     r"\bstd::(cout|cerr|clog|cin)\b|\bstd::\w*(stringstream|fstream|ifstream|ofstream)\b"
     r"|#\s*include\s*<(iostream|fstream|sstream|ostream|istream|iomanip|print)>"
     r"|(?<!\w)(std::)?(printf|fprintf|vprintf|vfprintf|puts|fputs|putchar|fopen|fwrite)\s*\(",
     "no input or output here: return it, an edge writes it"),
    ("environment", r"\b(std::)?(getenv|setenv|system)\s*\(\s*[\"\w]",
     "a setting comes by configuration, which is an event"),
]
ATOMIC = re.compile(r"\bstd::atomic|#\s*include\s*<atomic>")


def banned(source, _):
    if not in_core(source) or source.path == "src/base/check.cc":
        return
    for line, text in enumerate(source.code_lines, 1):
        for word, pattern, mend in BANNED:
            if re.search(pattern, text):
                yield line, f"no {word} in {source.folder}: {mend}"
        if source.folder != "gate" and ATOMIC.search(text):
            yield line, f"no atomics in {source.folder}: one thread owns the engine"


def fetching(source, _):
    """A function that only prefetches is dropped by GCC unless it is made to keep it."""
    if source.path == "src/base/prefetch.h":
        return
    for line, text in enumerate(source.code_lines, 1):
        if "__builtin_prefetch" in text:
            yield line, "prefetch_line (base/prefetch.h): calls of a bare one are optimised away"


MONEY = re.compile(r"\b\w*(price|amount|quantity|notional|balance|money|gain|fee|cost)\w*\b", re.I)


def exact_money(source, _):
    if source.is_test:
        return
    for line, text in enumerate(source.code_lines, 1):
        floating = re.search(r"\b(double|float)\b\s*&?\s*(\w*)", text)
        if not floating:
            continue
        if source.folder in layout.EXACT_FOLDERS:
            yield line, f"no floating point in {source.folder}: Price, Quantity, Money or Int128"
        elif MONEY.search(floating.group(2)):
            yield line, "money is exact: Price, Quantity, Money or Decimal"


UNORDERED = re.compile(r"\bunordered_(?:flat_|node_)?(?:multi)?(?:map|set)\s*<")


def closing_angle(code: str, at: int) -> int:
    """The place behind the `>` that closes the `<` before `at`."""
    depth = 1
    while at < len(code) and depth > 0:
        depth += {"<": 1, ">": -1}.get(code[at], 0)
        at += 1
    return at


def unordered_names(code: str) -> set[str]:
    """Names of variables and members that are unordered containers, by type or by alias."""
    names: set[str] = set()
    aliases: set[str] = set()
    for match in UNORDERED.finditer(code):
        alias = re.search(r"\busing\s+(\w+)\s*=\s*[\w:\s]*$", code[:match.start()][-120:])
        if alias:
            aliases.add(alias.group(1))
        declared = re.match(r"[\s&*]*(\w+)", code[closing_angle(code, match.end()):])
        if declared and not alias:
            names.add(declared.group(1))
    for alias in aliases:
        names.update(re.findall(rf"\b{alias}\b[\s&*]+(\w+)\s*[;={{,)]", code))
    return names


def unordered_iteration(source, sources):
    if not in_core(source):
        return
    names = unordered_names(source.code)
    for _, name, quoted in source.includes():
        header = sources.get("src/" + name) or sources.get(name)
        if quoted and header and folder_of_include(name) == source.folder:
            names |= unordered_names(header.code)
    if not names:
        return
    any_name = "|".join(sorted(names))
    loop = (rf"\bfor\s*\([^;{{}}]*?[^:]:(?!:)\s*(?:[\w\]\[]+(?:\.|->))*({any_name})\s*\)"
            rf"|(?<![\w])({any_name})\s*(?:\.|->)\s*c?begin\s*\("
            rf"|\branges::\w+\s*\(\s*({any_name})\s*[,)]")
    for match in re.finditer(loop, source.code):
        yield source.line_of(match.start()), (
            f"{next(filter(None, match.groups()))} has no order of its own: keep an ordered list "
            "beside it, or sort what comes out and say so (// tidy: sorted below)")


EMPTY_NAME = re.compile(
    r"\b(?:class|struct)\s+(\w*(?:Impl|Manager|Helper|Utils?)|I[A-Z][a-z]\w*)\b")


def type_names(source, _):
    for line, text in enumerate(source.code_lines, 1):
        match = EMPTY_NAME.search(text)
        if match:
            yield line, f"{match.group(1)}: name it by what it is in the field's words"


RULES = {
    "include_form": include_form,
    "include_order": include_order,
    "include_of_others": include_of_others,
    "columns": columns,
    "whitespace": whitespace,
    "head_comment": head_comment,
    "comment_block": comment_block,
    "unfinished": unfinished,
    "escape_reason": escape_reason,
    "pragma_once": pragma_once,
    "file_length": file_length,
    "function_length": function_length,
    "one_name": one_name,
    "banned": banned,
    "fetching": fetching,
    "exact_money": exact_money,
    "unordered_iteration": unordered_iteration,
    "type_names": type_names,
}
