"""The whole repository: finds the files, runs the rules on each, and checks what no file shows."""
import os
import re
import shutil
import subprocess
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from . import layout
from .rules import COLUMNS_MAX, RULES
from .source import ESCAPE, Finding, Source

SKIPPED_FOLDERS = {".git", "build", "node_modules", "__pycache__", ".cache"}
TEXT_BYTES_MAX = 1 << 20
SCRIPTS = re.compile(r"^(tools/.*|cmake/.*|CMakeLists\.txt|Makefile|\.ci/.*)$")
FORMATTER = "clang-format-19"
CATALOGUE = "src/detectors/catalogue.def"

# Places that exist on one machine only, and hosts that packages come from: the one breaks every
# other checkout, the other belongs to the machine's own configuration.
MACHINE = re.compile(
    r"(?<![\w.}])/(?:work|root)/|/[t]mp/b-"
    r"|\b(?:deb|security)\.debian\.org|\bpypi\.(?:org|python)|pythonhosted\.org|\bregistry\.npmjs"
    r"|\b(?:static\.)?crates\.io\b|\bproxy\.golang\.org|\brepo1?\.maven"
)


def all_files(root: Path) -> list[str]:
    found = []
    for folder, folders, files in os.walk(root):
        folders[:] = sorted(set(folders) - SKIPPED_FOLDERS)
        found += [(Path(folder) / name).relative_to(root).as_posix() for name in sorted(files)
                  if name not in SKIPPED_FOLDERS]  # in a worktree .git is a file
    return found


def read_text(path: Path) -> str | None:
    """The text, or None where the file is large or no text."""
    if not path.is_file() or path.stat().st_size > TEXT_BYTES_MAX:
        return None
    try:
        return path.read_bytes().decode("utf-8")
    except UnicodeDecodeError:
        return None


def is_cxx(path: str) -> bool:
    return path.startswith(("src/", "bench/", "sim/")) and path.endswith((".h", ".cc"))


def folders_with_sources(paths: list[str]) -> list[str]:
    found = {Path(path).parent.relative_to("src").as_posix()
             for path in paths if path.startswith("src/") and path.endswith((".h", ".cc"))}
    return sorted(found - {"."})


def folder_names(root: Path, paths: list[str]):
    seen = set()
    for path in paths:
        for folder in Path(path).parents:
            if folder.name in layout.FOLDER_NAMES_BANNED and folder not in seen:
                seen.add(folder)
                yield Finding(path, 1, "folder_names",
                              f"{folder.as_posix()} says nothing: name it by what it holds")


def folder_table(root: Path, paths: list[str]):
    """src/README.md has one row for each folder, and its last cell is the layout's."""
    table = root / "src/README.md"
    rows = {}
    lines = table.read_text(encoding="utf-8").split("\n") if table.exists() else []
    for line, text in enumerate(lines, 1):
        match = re.match(r"\|\s*`([\w/]+)`\s*\|.*\|([^|]*)\|\s*$", text)
        if match:
            rows[match.group(1)] = (line, re.findall(r"`([\w/]+)`", match.group(2)))
    folders = folders_with_sources(paths)
    for folder in folders:
        allowed = layout.may_include(folder) or []
        expected = [name for name in allowed if name in folders]
        cell = " ".join(f"`{name}`" for name in expected) or "std"
        if folder not in rows:
            yield Finding("src/README.md", len(lines) or 1, "folder_table",
                          f"add a row for {folder}: | `{folder}` | <what it holds> | {cell} |")
        elif "*" not in allowed and set(rows[folder][1]) != set(expected):
            yield Finding("src/README.md", rows[folder][0], "folder_table",
                          f"the row of {folder} should end in: | {cell} |")
    for folder, (line, _) in rows.items():
        if folder not in folders:
            yield Finding("src/README.md", line, "folder_table",
                          f"src/{folder} has no sources: remove its row")


def machine_words(path: str, text: str):
    for line, part in enumerate(text.split("\n"), 1):
        match = MACHINE.search(part)
        if match and not ESCAPE.search(part):
            yield Finding(path, line, "machine_words",
                          f"{match.group()} is true of one machine only: take it as an argument")


def script_columns(path: str, text: str):
    for line, part in enumerate(text.split("\n"), 1):
        if len(part) > COLUMNS_MAX:
            yield Finding(path, line, "columns", f"{len(part)} columns: break the line")


def formatting(root: Path, paths: list[str]):
    for path in sorted(set(layout.NOT_FORMATTED) - set(paths)):
        if (root / "tools/tidying/layout.py").exists():
            yield Finding("tools/tidying/layout.py", 1, "formatting",
                          f"{path} is gone: remove it from NOT_FORMATTED")
    files = [path for path in paths if is_cxx(path) and path not in layout.NOT_FORMATTED]
    if not files:
        return
    if not shutil.which(FORMATTER):
        yield Finding("tools/setup", 1, "formatting", f"{FORMATTER} is missing: run tools/setup")
        return

    def run(part: list[str]) -> str:
        command = [FORMATTER, "--dry-run", "--style=file", *part]
        return subprocess.run(command, cwd=root, capture_output=True, text=True).stderr

    jobs = min(os.cpu_count() or 1, 8)
    parts = [files[start::jobs] for start in range(jobs) if files[start::jobs]]
    first: dict[str, int] = {}
    with ThreadPoolExecutor(jobs) as pool:
        for output in pool.map(run, parts):
            for path, line in re.findall(r"^(\S+?):(\d+):\d+: \w+: code should be", output, re.M):
                first.setdefault(path, int(line))
    for path, line in first.items():
        yield Finding(path, line, "formatting", f"run {FORMATTER} -i {path}")


def catalogue(root: Path, paths: list[str]):
    """Each detector of catalogue.def has its source, scenario and page, and there are no others."""
    listed = root / CATALOGUE
    if not listed.exists():
        return
    places = {"src/detectors/{}.cc": "its source", "scenarios/{}.scn": "its scenario",
              "docs/detectors/{}.md": "its page"}
    lines = listed.read_text(encoding="utf-8").split("\n")
    ids = {}
    for line, text in enumerate(lines, 1):
        match = re.match(r"MW_DETECTOR\((\w+)\)$", text)
        if match:
            ids[match.group(1)] = line
            for place, what in places.items():
                if place.format(match.group(1)) not in paths:
                    yield Finding(CATALOGUE, line, "catalogue",
                                  f"{match.group(1)} lacks {what}: {place.format(match.group(1))}")
    for path in paths:
        own = re.match(r"(?:scenarios|docs/detectors)/([^/]+)\.(?:scn|md)$", path)
        if path.startswith("src/detectors/") and path.endswith(".cc"):
            own = re.search(r"^MW_DETECTOR_IS\((\w+),", read_text(root / path) or "", re.M)
        if own and own.group(1) not in ids and own.group(1) != "README":
            yield Finding(path, 1, "catalogue",
                          f"no detector is called {own.group(1)}: add it to {CATALOGUE}")


def check_sources(root: Path, paths: list[str]) -> list[Finding]:
    sources = {}
    for path in filter(is_cxx, paths):
        text = read_text(root / path)
        if text is not None:
            sources[path] = Source(path, text)
    findings = []
    for source in sources.values():
        for name, rule in RULES.items():
            if source.path.startswith("bench/") and name.startswith("include_"):
                continue
            findings += [Finding(source.path, line, name, text)
                         for line, text in rule(source, sources) if not source.escaped(line)]
    return findings


def check(root: Path, with_format: bool = True) -> list[Finding]:
    paths = all_files(root)
    findings = check_sources(root, paths)
    for path in paths:
        text = read_text(root / path)
        if text is not None:
            findings += machine_words(path, text)
            if SCRIPTS.match(path):
                findings += script_columns(path, text)
    findings += folder_names(root, paths)
    findings += folder_table(root, paths)
    findings += catalogue(root, paths)
    if with_format:
        findings += formatting(root, paths)
    return sorted(findings)


PROJECT_RULES = ("folder_names", "folder_table", "catalogue", "machine_words", "formatting")
