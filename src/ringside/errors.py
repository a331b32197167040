"""The exception tree, and the complaint that every refusal is made of."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Complaint:
    """One thing that is wrong, said so that its reader can mend it.

    Attributes:
        code: Short stable name of the kind of fault, such as ``unknown-key``.
        text: What is wrong, in one sentence.
        file: The file at fault, or empty.
        field: The field in that file, such as ``charge[2].amount``, or empty.
        value: What was found there, as text, or empty.
        limit: What would have been accepted, or empty.
        next_step: What to do about it, or empty.
    """

    code: str
    text: str
    file: str = ""
    field: str = ""
    value: str = ""
    limit: str = ""
    next_step: str = ""

    def __str__(self) -> str:
        """Return the complaint as it is shown to a person."""
        where = ": ".join(part for part in (self.file, self.field) if part)
        lines = [f"{where}: {self.text}" if where else self.text]
        if self.value:
            lines.append(f"  found: {self.value}")
        if self.limit:
            lines.append(f"  accepted: {self.limit}")
        if self.next_step:
            lines.append(f"  next step: {self.next_step}")
        return "\n".join(lines)


class RingsideError(Exception):
    """Root of everything that Ringside raises on purpose."""

    exit_code = 1
    http_status = 500

    def __init__(self, *complaints: Complaint) -> None:
        """Keep the complaints and join them into one message."""
        super().__init__("\n".join(str(c) for c in complaints))
        self.complaints = complaints


class BadInput(RingsideError):
    """Something the user wrote cannot be used."""

    exit_code = 2
    http_status = 422


class BadKnowledge(RingsideError):
    """The knowledge base is unsound."""

    exit_code = 3
    http_status = 500


class NoAnswer(RingsideError):
    """A fair question that the model cannot answer."""

    exit_code = 4
    http_status = 409


def bad_input(code: str, text: str, **parts: str) -> BadInput:
    """Return a BadInput of one complaint."""
    return BadInput(Complaint(code, text, **parts))


def no_answer(code: str, text: str, **parts: str) -> NoAnswer:
    """Return a NoAnswer of one complaint."""
    return NoAnswer(Complaint(code, text, **parts))
