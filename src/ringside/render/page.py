"""The frame of every page."""

from __future__ import annotations

from html import escape
from importlib import resources


def page(title: str, body: str) -> str:
    """Return a complete page that fetches nothing.

    Args:
        title: Plain text.
        body: HTML.
    """
    style = resources.files("ringside.render").joinpath("report.css").read_text(encoding="utf-8")
    title = escape(f"{title} · Ringside")
    return (
        f'<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>{title}</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<link rel="icon" href="data:,">'
        f"<style>{style}</style></head><body>\n{body}\n</body></html>\n"
    )
