"""One C++ file as the rules see it: text, code without comments and literals, comments."""
import re
from dataclasses import dataclass

TOKEN = re.compile(
    r"""//[^\n]*(?:\\\n[^\n]*)*"""
    r"""|/\*.*?\*/"""
    r"""|R"([^()\\\s]{0,16})\(.*?\)\1\""""
    r"""|"(?:\\.|[^"\\\n])*\""""
    r"""|(?<![0-9A-Za-z_])'(?:\\.|[^'\\\n])+'""",
    re.S,
)
DIRECTIVE = re.compile(r"^[ \t]*#[^\n]*(?:\\\n[^\n]*)*", re.M)
ESCAPE = re.compile(r"(?://|#)\s*tidy:\s*(.*)")
TEST_FILE = re.compile(r"_(test|twin|fuzz|bench)\.(cc|h)$")


@dataclass(frozen=True, order=True)
class Finding:
    path: str
    line: int
    rule: str
    text: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.rule}: {self.text}"


def blank(text: str) -> str:
    return re.sub(r"[^\n]", " ", text)


class Source:
    """`code` and `text` have the same lines; what is no code is blank in `code`."""

    def __init__(self, path: str, text: str):
        self.path = path
        self.text = text
        self.lines = text.split("\n")
        self.comments: dict[int, str] = {}
        self.raw_lines: set[int] = set()  # inside raw string literals
        self._types: set[str] | None = None
        self.code = TOKEN.sub(self._take, text)
        self.code_lines = self.code.split("\n")
        self.is_test = bool(TEST_FILE.search(path))
        self.is_header = path.endswith(".h")
        parts = path.removeprefix("src/").split("/")
        self.folder = "/".join(parts[:-1]) if len(parts) > 1 else parts[0]

    def _take(self, match: re.Match) -> str:
        token = match.group()
        first = self.text.count("\n", 0, match.start()) + 1
        if token.startswith("R"):
            self.raw_lines.update(range(first, first + token.count("\n") + 1))
        elif token.startswith("/"):
            for line, part in enumerate(token.split("\n"), first):
                self.comments[line] = part
        else:
            return token[0] + blank(token[1:-1]) + token[-1]
        return blank(token)

    def line_of(self, offset: int) -> int:
        return self.code.count("\n", 0, offset) + 1

    def is_comment_line(self, line: int) -> bool:
        return line in self.comments and not self.code_lines[line - 1].strip()

    def escaped(self, line: int) -> bool:
        """Whether `// tidy: <why>` stands on the line, or alone on the line above."""
        if self._says_why(line):
            return True
        return line > 1 and self.is_comment_line(line - 1) and self._says_why(line - 1)

    def _says_why(self, line: int) -> bool:
        match = ESCAPE.search(self.comments.get(line, ""))
        return bool(match and match.group(1).strip())

    def without_directives(self) -> str:
        return DIRECTIVE.sub(lambda match: blank(match.group()), self.code)

    def types(self, types_of) -> set[str]:
        if self._types is None:
            self._types = {name for _, name in types_of(self)}
        return self._types

    def includes(self) -> list[tuple[int, str, bool]]:
        """(line, name, in quotes)"""
        found = []
        for line, text in enumerate(self.lines, 1):
            match = re.match(r'\s*#\s*include\s*(?:"([^"]+)"|<([^>]+)>)', text)
            if match:
                found.append((line, match.group(1) or match.group(2), match.group(1) is not None))
        return found
