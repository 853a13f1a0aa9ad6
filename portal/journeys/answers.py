"""What somebody has answered so far, as a draft keeps it: one JSON object, read and changed as values."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

Stored = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Item:
    """One entry of a repeating step; `id` is random and made by the page, so that sending twice adds once."""

    id: str
    answers: Stored


@dataclass(frozen=True, slots=True)
class Answers:
    """Answers by step; every change makes a new value."""

    steps: Mapping[str, Stored] = field(default_factory=dict)
    items: Mapping[str, tuple[Item, ...]] = field(default_factory=dict)
    completed: frozenset[str] = frozenset()
    """Sections of a task list whose author has said that they are finished."""
    imported: frozenset[str] = frozenset()
    """Sections that were taken over from elsewhere and not saved here yet."""

    @classmethod
    def from_json(cls, stored: Stored) -> Answers:
        """What a draft's column holds."""
        items = {
            slug: tuple(Item(entry["id"], entry["answers"]) for entry in entries)
            for slug, entries in stored.get("items", {}).items()
        }
        said = (frozenset(stored.get(name, ())) for name in ("completed", "imported"))
        return cls(stored.get("steps", {}), items, *said)

    def to_json(self) -> dict[str, Any]:
        """The same for the column."""
        items = {
            slug: [{"id": item.id, "answers": dict(item.answers)} for item in entries]
            for slug, entries in self.items.items()
        }
        stored = {"steps": dict(self.steps), "items": items, "completed": sorted(self.completed)}
        return stored | ({"imported": sorted(self.imported)} if self.imported else {})

    # Reading

    def get(self, name: str, default: Any = None) -> Any:
        """The answer to a question of an ordinary step; names are unique in a journey."""
        return next((answers[name] for answers in self.steps.values() if name in answers), default)

    def flat(self) -> dict[str, Any]:
        """Every answer of ordinary steps by its name."""
        return {name: value for answers in self.steps.values() for name, value in answers.items()}

    def item(self, slug: str, identifier: str) -> Item | None:
        """One entry."""
        return next((item for item in self.items.get(slug, ()) if item.id == identifier), None)

    def saved(self, slug: str) -> bool:
        """Whether the page was ever saved, wholly or half."""
        return slug in self.steps or bool(self.items.get(slug))

    # Changing

    def with_step(self, slug: str, answers: Stored) -> Answers:
        """One page's answers replaced, all others as they are."""
        return replace(self, steps={**self.steps, slug: dict(answers)})

    def with_item(self, slug: str, item: Item) -> Answers:
        """An entry replaced where it stands, or added at the end."""
        entries = self.items.get(slug, ())
        if any(entry.id == item.id for entry in entries):
            entries = tuple(item if entry.id == item.id else entry for entry in entries)
        else:
            entries = (*entries, item)
        return replace(self, items={**self.items, slug: entries})

    def without_item(self, slug: str, identifier: str) -> Answers:
        """An entry taken out; none of that id is no fault."""
        kept = tuple(entry for entry in self.items.get(slug, ()) if entry.id != identifier)
        return replace(self, items={**self.items, slug: kept})

    def with_completed(self, section: str, *, completed: bool) -> Answers:
        """A section marked as finished, or not."""
        return replace(
            self, completed=self.completed | {section} if completed else self.completed - {section}
        )

    def taken_over(self, section: str) -> Answers:
        """A section whose answers come from elsewhere."""
        return replace(self, imported=self.imported | {section})

    def looked_at(self, section: str) -> Answers:
        """A section that was saved here: whatever it was taken over from, it is now somebody's word."""
        return replace(self, imported=self.imported - {section})

    def only(self, slugs: Iterable[str]) -> Answers:
        """The answers of these steps alone."""
        wanted = set(slugs)
        return replace(
            self,
            steps={slug: answers for slug, answers in self.steps.items() if slug in wanted},
            items={slug: entries for slug, entries in self.items.items() if slug in wanted},
        )
