"""XML of strangers as a tree: no document type, no entities of its own, nothing endless."""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.etree.ElementTree import Element, TreeBuilder
from xml.parsers import expat

from parsers.model import Reason
from parsers.unreadable import UnreadableError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import NoReturn

_DEPTH = 200
_ELEMENTS = 400_000
_CHARACTERS = 20_000_000


def tree(content: bytes) -> Element:
    """The root; names are `{namespace}local`. UnreadableError: `damaged` for what is no XML or
    declares a document type, `too-large` for what is too deep, or has too many elements or letters.
    """
    return _Reading().root(content)


def local(element: Element) -> str:
    """An element's name without its namespace."""
    return element.tag.rpartition("}")[2]


def attribute(element: Element, name: str) -> str | None:
    """An attribute by its name, whatever its namespace."""
    for key, value in element.items():
        if key.rpartition("}")[2] == name:
            return value
    return None


def child(element: Element, *names: str) -> Element | None:
    """The first element of these names that lies along this path, whatever the namespaces."""
    found: Element | None = element
    for name in names:
        if found is None:
            return None
        found = next((each for each in found if local(each) == name), None)
    return found


def within(element: Element, name: str) -> Iterator[Element]:
    """Every element of this name below, whatever its namespace."""
    return (each for each in element.iter() if local(each) == name)


class _Reading:
    def __init__(self) -> None:
        self._builder = TreeBuilder()
        self._depth = self._elements = self._letters = 0
        parser = expat.ParserCreate(None, "}")
        parser.buffer_text = True
        parser.StartDoctypeDeclHandler = self._refuse
        parser.EntityDeclHandler = self._refuse
        parser.ExternalEntityRefHandler = self._refuse
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._text
        self._parser = parser

    def root(self, content: bytes) -> Element:
        try:
            self._parser.Parse(content, True)
            return self._builder.close()
        except (expat.ExpatError, AssertionError, ValueError, LookupError):
            raise UnreadableError(Reason.DAMAGED) from None

    def _refuse(self, *_: object) -> NoReturn:
        raise UnreadableError(Reason.DAMAGED)

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        self._elements += 1
        if self._depth > _DEPTH or self._elements > _ELEMENTS:
            raise UnreadableError(Reason.TOO_LARGE)
        self._builder.start(_braced(name), {_braced(key): attributes[key] for key in attributes})

    def _end(self, name: str) -> None:
        self._depth -= 1
        self._builder.end(_braced(name))

    def _text(self, text: str) -> None:
        self._letters += len(text)
        if self._letters > _CHARACTERS:
            raise UnreadableError(Reason.TOO_LARGE)
        self._builder.data(text)


def _braced(name: str) -> str:
    return f"{{{name}" if "}" in name else name
