"""Names, texts and paths as DuckDB's SQL writes them."""

from __future__ import annotations


def quoted(name: str) -> str:
    """Return a name as SQL writes it, whatever is in it."""
    return '"' + name.replace('"', '""') + '"'


def literal(text: str) -> str:
    """Return a text as SQL writes it."""
    return "'" + text.replace("'", "''") + "'"


def glob_escaped(path: str) -> str:
    """Return a path as a pattern that matches only that path."""
    return path.replace("[", "[[]").replace("*", "[*]").replace("?", "[?]")
