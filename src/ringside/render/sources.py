"""The sources of a page, numbered in the order in which it cites them."""

from __future__ import annotations

from html import escape

from ringside.answers.report import Report


class Sources:
    """Numbers the sources in the order in which the page cites them."""

    def __init__(self, report: Report) -> None:
        """Take the sources of a report."""
        self._entries = {s.key: s for s in report.sources}
        self._order: list[str] = []

    def cite(self, keys: tuple[str, ...]) -> str:
        """Return the citation marks of some source keys ("key: locator")."""
        marks: list[str] = []
        for key in (k.split(":", 1)[0].strip() for k in keys):
            if key not in self._order:
                self._order.append(key)
            number = self._order.index(key) + 1
            marks.append(f'<a href="#source-{number}">{number}</a>')
        return f"<sup>[{','.join(dict.fromkeys(marks))}]</sup>" if marks else ""

    def section(self) -> str:
        """Return the numbered list, cited sources first."""
        keys = self._order + sorted(set(self._entries) - set(self._order))
        if not keys:
            return ""
        items: list[str] = []
        for number, key in enumerate(keys, start=1):
            s = self._entries.get(key)
            text = escape(s.citation) if s else escape(key)
            if s and s.url.startswith(("http://", "https://")):
                text += f' <a href="{escape(s.url, quote=True)}">{escape(s.url.removeprefix("https://"))}</a>'
            elif s and s.url:
                text += f' <a href="https://doi.org/{escape(s.url, quote=True)}">doi:{escape(s.url)}</a>'
            read = f" ({escape(s.read_as)})" if s and s.read_as and s.kind not in {"judgement", "seed"} else ""
            items.append(f'<li id="source-{number}">{text}{read}</li>')
        return (
            f'<h2>Sources</h2><ol class="sources">{"".join(items)}</ol>'
            '<p class="small">In brackets: how the source was read for this number. A number marked as judgement carries a wide interval.</p>'
        )
