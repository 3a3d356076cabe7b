"""Lines of a terminal: plain text, indented, broken where a reader expects it, in what the encoding can say."""

from __future__ import annotations

import re
from collections.abc import Iterator

from attrs import frozen
from rich.cells import cell_len, chop_cells
from rich.console import Console
from rich.text import Text

_LEAST = 20  # columns that a text has however deep it stands
_WHOLE = 40  # columns of a word that is broken only where it does not fit into a line of its own
_STEP = re.compile(r"[^/.]*[/.]+|[^/.]+")  # of a path or a dotted name, whose parts stay whole


@frozen
class Page:
    """A console that takes lines."""

    console: Console

    def line(self, indent: int, text: str, style: str = "") -> None:
        encoding = self.console.encoding
        fitting = text.replace("→", "->") if self.console.options.ascii_only else text
        said = fitting.encode(encoding, "backslashreplace").decode(encoding)
        margin = "  " * indent
        for number, part in enumerate(broken(said, max(_LEAST, self.console.width - len(margin)))):
            # What goes on is further in, so that it is not taken for the next thing.
            rest = "  " if number else ""
            self.console.print(Text(f"{margin}{rest}{part}", style=style), highlight=False, soft_wrap=True)

    def heading(self, text: str, style: str = "bold") -> None:
        self.line(0, "")
        self.line(0, text, style)


def broken(text: str, width: int) -> Iterator[str]:
    """The lines of a text, the later ones two columns shorter: broken between words, and long words after / or a full stop."""
    line, room = "", width
    for word in text.split(" "):
        space = " " if line else ""
        if cell_len(line) + len(space) + cell_len(word) <= room:
            line += space + word
            continue
        for place, piece in enumerate([word] if cell_len(word) <= min(_WHOLE, width - 2) else _pieces(word, width - 2)):
            joint = space if not place else ""
            if cell_len(line) + len(joint) + cell_len(piece) <= room:
                line += joint + piece
            else:
                if line:
                    yield line.rstrip()
                line, room = piece, width - 2
    yield line.rstrip()


def _pieces(word: str, width: int) -> Iterator[str]:
    for step in _STEP.findall(word):
        yield from chop_cells(step, width)
