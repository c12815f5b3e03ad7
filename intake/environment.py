"""Settings from the environment, laid over the file's."""

from __future__ import annotations

import tomllib
import types
import typing
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel

if TYPE_CHECKING:
    from collections.abc import Mapping

PREFIX = "REFERRAL_INTAKE__"


def overlay(
    table: dict[str, Any],
    environ: Mapping[str, str],
    model: type[BaseModel],
    refuse: type[Exception],
) -> dict[str, Any]:
    """`REFERRAL_INTAKE__SMTP__HOST` sets `smtp.host`; a number names a table of a list.

    Raises `refuse` with one sentence for a variable that names no key.
    """
    for variable in sorted(environ):
        if variable.startswith(PREFIX):
            path = variable.removeprefix(PREFIX).lower().split("__")
            try:
                _set(table, path, environ[variable], model)
            except (KeyError, IndexError, ValueError):
                raise refuse(f"{variable}: names no key of the settings; unset it") from None
    return table


def _set(table: Any, path: list[str], text: str, kind: Any) -> None:
    name, *rest = path
    if isinstance(table, list):
        _set_in_list(table, int(name), rest, text, kind)
        return
    inner = _field(kind, name)
    if rest:
        _set(table.setdefault(name, [] if _is_list(inner) else {}), rest, text, inner)
    else:
        table[name] = _value(text, inner)


def _set_in_list(table: list[Any], number: int, rest: list[str], text: str, kind: Any) -> None:
    if number == len(table):
        table.append({})
    if not rest:
        table[number] = text
        return
    _set(table[number], rest, text, kind)


def _models(kind: Any) -> list[type[BaseModel]]:
    """Every table that may stand at a place: through Annotated, unions and lists."""
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        return [kind]
    return [model for part in typing.get_args(kind) for model in _models(part)]


def _field(kind: Any, name: str) -> Any:
    for model in _models(kind):
        if name in model.model_fields:
            return model.model_fields[name].annotation
    raise KeyError(name)


def _is_list(kind: Any) -> bool:
    return typing.get_origin(kind) is list


def _value(text: str, kind: Any) -> Any:
    """A text stays a text wherever the key takes one; all else is written as in TOML."""
    if _takes_text(kind):
        return text
    try:
        return tomllib.loads(f"value = {text}")["value"]
    except tomllib.TOMLDecodeError:
        return text


def _takes_text(kind: Any) -> bool:
    origin = typing.get_origin(kind)
    if origin is list:
        return False
    if origin in (typing.Union, types.UnionType, typing.Annotated, typing.Literal):
        return any(_takes_text(part) or isinstance(part, str) for part in typing.get_args(kind))
    return kind is str or (isinstance(kind, type) and kind.__name__ == "Path")
