"""The passages of a chapter as its reviewers read them: an index of anchors, kept at each preparation."""

from __future__ import annotations

import hashlib
import json
import os
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from functools import cached_property

from analysis.noyau.errors import BilanError
from analysis.noyau.files.scratch import write_whole
from analysis.noyau.paths import Project

COPY = "copie"
"""The edition of a version that was never published: the working copy."""

LONGEST_BOOKMARK = 40
"""Characters of a bookmark's name in Word, which begins with a letter and has no hyphen."""

_QUOTES = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"', "«": '"', "»": '"', "–": "-", "—": "-"})


@dataclass(frozen=True)
class Passage:
    """One place that can be commented: its anchor, what it is (section, figure, tableau), its words.

    ``ecrit`` are those of its words that an evaluator wrote, the only ones that are shown once they changed.
    """

    ancre: str
    sorte: str
    titre: str
    texte: str
    ecrit: str = ""

    @property
    def words(self) -> str:
        return f"{self.titre}\n{self.texte}" if self.sorte == "section" else self.texte


@dataclass(frozen=True)
class Version:
    """What one chapter said on one day: its passages, in the order of reading.

    ``edition`` is the label of a published edition, or « copie ». Raises ValueError for two passages under
    one anchor.
    """

    edition: str
    territoire: str
    chapitre: str
    jour: str
    passages: tuple[Passage, ...]

    def __post_init__(self) -> None:
        if len({passage.ancre for passage in self.passages}) != len(self.passages):
            raise ValueError("two passages under one anchor")

    @cached_property
    def empreinte(self) -> str:
        """Twelve characters that name these very passages, whatever the day."""
        words = json.dumps([asdict(passage) for passage in self.passages], ensure_ascii=False)
        return hashlib.sha256(words.encode("utf-8")).hexdigest()[:12]

    @cached_property
    def by_anchor(self) -> dict[str, Passage]:
        return {passage.ancre: passage for passage in self.passages}

    @cached_property
    def ranks(self) -> dict[str, int]:
        return {passage.ancre: rank for rank, passage in enumerate(self.passages)}

    @property
    def mention(self) -> str:
        """What a file that leaves the project carries: which chapter, and which version of it."""
        return f"{self.territoire}/{self.empreinte}"


def flat(text: str) -> str:
    """A text as two readings of it compare: without blanks, case, or the differences of typography.

    >>> flat("L’emploi « neuf »") == flat('l\\'emploi  "neuf"')
    True
    """
    kept = (c for c in unicodedata.normalize("NFKC", text).translate(_QUOTES) if not c.isspace())
    return "".join(c for c in kept if unicodedata.category(c) != "Cf").casefold()


def plain(text: str) -> str:
    """A label without accents or case, as people type it.

    >>> plain(" Désaccord ")
    'desaccord'
    """
    letters = unicodedata.normalize("NFD", text.replace("’", "'").strip())
    return " ".join("".join(c for c in letters if not unicodedata.combining(c)).casefold().split())


def signets(passages: Sequence[Passage]) -> dict[str, str]:
    """The bookmark of each anchor in a Word file; no two anchors share one.

    >>> signets([Passage("trois-taux", "section", "", ""), Passage("1-an", "figure", "", "")])
    {'trois-taux': 'trois_taux', '1-an': 'p_1_an'}
    """
    names: dict[str, str] = {}
    for passage in passages:
        base = passage.ancre.replace("-", "_")
        base = (base if base[:1].isalpha() else f"p_{base}")[:LONGEST_BOOKMARK]
        name, rank = base, 1
        while name in names.values():
            rank += 1
            name = f"{base[: LONGEST_BOOKMARK - len(str(rank)) - 1]}_{rank}"
        names[passage.ancre] = name
    return names


def save_version(project: Project, version: Version) -> None:
    """Keep a version that is handed out, once, under its fingerprint."""
    path = project.relectures / version.territoire / "versions" / f"{version.empreinte}.json"
    if path.is_file():
        return
    before = max((other.stat().st_mtime_ns for other in path.parent.glob("*.json")), default=0)
    write_whole(path, json.dumps(asdict(version), ensure_ascii=False, indent=1))
    now = max(path.stat().st_mtime_ns, before + 1)  # the last one, even where the clock was set back
    os.utime(path, ns=(now, now))


def load_versions(project: Project, territoire: str) -> dict[str, Version]:
    """The versions that were handed out, by fingerprint, the last one made last.

    Raises BilanError for a file that is no longer what its name says.
    """
    folder = project.relectures / territoire / "versions"
    found = []
    for path in sorted(folder.glob("*.json"), key=lambda path: path.stat().st_mtime_ns):
        try:
            values = json.loads(path.read_text(encoding="utf-8"))
            passages = tuple(Passage(**passage) for passage in values.pop("passages"))
            version = Version(**values, passages=passages)
        except (ValueError, TypeError, KeyError, AttributeError):
            version = None
        if version is None or version.empreinte != path.stem:
            raise BilanError(
                f"« {project.shown(path)} » a été modifié : ce n'est plus la version remise. Reprenez-le "
                "d'une sauvegarde ; sans elle, les remarques de cette version ne se rattachent plus."
            )
        found.append(version)
    return {version.empreinte: version for version in sorted(found, key=lambda v: v.jour)}


def day_of(moment: str) -> str:
    """The day of a date and time, empty when it is none that a reviewer can have written on.

    >>> day_of("2026-11-20T10:00:00Z"), day_of("hier"), day_of("9999-01-01")
    ('2026-11-20', '', '')
    """
    match = re.match(r"(20\d\d)-(\d\d)-(\d\d)(?!\d)", moment.strip())
    try:
        return date(*map(int, match.groups())).isoformat() if match else ""
    except ValueError:
        return ""
