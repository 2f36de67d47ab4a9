"""The bundle of a chapter: all that it may show, as released objects and as bytes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache
from types import MappingProxyType
from typing import Any, Final, Literal

from pydantic import TypeAdapter

from analysis.depot.garde.accuse import Apercu
from analysis.impact.records import ENSEMBLE as TOUS
from analysis.impact.records import Resultats
from analysis.indicateurs.comparaison.records import Comparaison
from analysis.indicateurs.depenses_passives.resultats import Etude
from analysis.indicateurs.habilitation.records import Habilitation
from analysis.indicateurs.participation.demandes import FAMILLE, QuestionLocale, Verbatim
from analysis.indicateurs.territoires_suivis.records import Suivis
from analysis.noyau.declared.constats import Constat
from analysis.noyau.declared.dictionary import Dictionary
from analysis.noyau.declared.nomenclatures import Choix
from analysis.noyau.errors import BilanError, UnknownName
from analysis.noyau.mesures import ENSEMBLE, Definition, Definitions, Mesure
from analysis.noyau.paths import Nature
from analysis.noyau.territoires import Territoire
from analysis.secret.release import (
    Citation,
    Parole,
    Released,
    release_demonstration,
    release_etude,
    release_impact,
    release_parole,
    release_published,
    release_question,
    release_verbatim,
)
from analysis.sources.commentaires import Commentaire
from analysis.sources.fiches import (
    Chiffre,
    Desaccord,
    Ensemble,
    Essentiel,
    Evaluation,
    Preuve,
    Recommandation,
    Serie,
    Source,
)
from analysis.sources.register import Register
from analysis.sources.texts import Texte
from analysis.sources.verdicts import Verdict

Mode = Literal["atelier", "apercu", "publication"]
"""What a chapter is for: an evaluator at work, a territory's own eyes, everyone."""

QUOTED: Final = 2
"""Sentences quoted of one survey and one theme, at most."""

LISTES: Final = (
    "college",
    "hypothese",
    "sens_cible",
    "genre_commentaire",
    "statut_commentaire",
    "rattachement",
    "enquete",
)
"""The closed lists whose words a chapter needs."""


@dataclass(frozen=True)
class Bundle:
    """What one chapter may show: released figures and series, and the words to tell them.

    ``territoire`` is None for a synthesis, which gets every territory's figures. ``texte`` is what
    an evaluator wrote of the territory, None where nobody has. ``depots`` tell what the territories
    deposited: only those of a demonstration, whose ``nature`` every page then shows. ``mesures`` are what
    was computed of deposits, ``definitions`` say what each of them is. ``questions`` are what the
    territories ask, ``verbatims`` what people wrote, ``paroles`` what was said of the chapters; ``listes``
    the words of their codes. ``empeches`` says of each territory whose deposit could not be computed why.
    ``verdicts`` are what is concluded of each hypothesis, ``constats`` the rules by which a measure speaks of
    one: the synthesis has them. ``essentiel`` are the numbers to remember, ``recommandations`` what the
    evidence allows to decide. ``comparaison`` is what the chapter of comparisons shows, ``habilitation``
    that of the régimes or of a candidate, ``suivis`` that of the territories that are followed. ``impact``
    are the
    accepted results of impact: a territory's chapter has its own and those of all together.

    Raises ValueError for a publication that holds what may not be published.
    """

    chapitre: str
    mode: Mode
    territoire: Territoire | None
    territoires: tuple[Territoire, ...]
    dictionary: Dictionary
    ensembles: tuple[Ensemble, ...]
    sources: tuple[Source, ...]
    evaluations: tuple[Evaluation, ...]
    desaccords: tuple[Desaccord, ...]
    tranches: tuple[Desaccord, ...]
    preuves: tuple[Preuve, ...]
    chiffres: tuple[Released[Chiffre], ...]
    series: tuple[Released[Serie], ...]
    texte: Texte | None
    nature: Nature = "reel"
    depots: tuple[Released[Apercu], ...] = ()
    mesures: tuple[Released[Mesure], ...] = ()
    definitions: tuple[Definition, ...] = ()
    etude: Released[Etude] | None = None
    questions: tuple[Released[QuestionLocale], ...] = ()
    verbatims: tuple[Released[Citation], ...] = ()
    paroles: tuple[Released[Parole], ...] = ()
    listes: Mapping[str, tuple[Choix, ...]] = field(default_factory=dict)
    empeches: Mapping[str, str] = field(default_factory=dict)
    verdicts: tuple[Verdict, ...] = ()
    essentiel: tuple[Essentiel, ...] = ()
    recommandations: tuple[Recommandation, ...] = ()
    constats: tuple[Constat, ...] = ()
    comparaison: Released[Comparaison] | None = None
    impact: Released[Resultats] | None = None
    habilitation: Released[Habilitation] | None = None
    suivis: Released[Suivis] | None = None

    def __post_init__(self) -> None:
        whole = (self.habilitation, self.suivis, *self.mesures)
        if self.mode == "publication" and any(r and r.rule == "non-publiable" for r in whole):
            raise ValueError("a publication takes nothing whole")

    def to_bytes(self) -> bytes:
        """The bundle as JSON, the same bytes for the same content."""
        return _ADAPTER.dump_json(self)

    @staticmethod
    def from_bytes(content: bytes) -> Bundle:
        """The bundle that these bytes tell, not to be changed: one of the last that a process read again is
        the same."""
        return _told_by(content)

    def of(self, *indicators: str, place: str | None = None) -> tuple[Released[Chiffre], ...]:
        """The released figures of these indicators, of one place or of all, in the register's order.

        Raises UnknownName for an indicator that the dictionary does not hold.
        """
        names = {self.dictionary.indicator(name).indicateur for name in indicators}
        places = None if place is None else self._codes(place)
        return tuple(
            released
            for released in self.chiffres
            if released.content.indicateur in names
            and (places is None or released.content.territoire in places)
        )

    def of_families(self, *families: str) -> tuple[Released[Chiffre], ...]:
        """The released figures whose indicator belongs to one of these families, in the register's order."""
        names = {i.indicateur for i in self.dictionary.indicators if i.famille in families}
        return tuple(released for released in self.chiffres if released.content.indicateur in names)

    def disputing(self, *desaccords: str) -> tuple[Released[Chiffre], ...]:
        """The released figures that these disagreements are between, in the register's order."""
        return tuple(released for released in self.chiffres if released.content.desaccord in desaccords)

    @property
    def has_figures(self) -> bool:
        """Whether anything was published of its places: nothing ever is of invented ones."""
        return bool(self.chiffres)

    def is_set_aside(self, chiffre: Chiffre) -> bool:
        """Whether what was read since contradicts a figure: it stays in the tables, and is not drawn."""
        return any(chiffre.desaccord == settled.desaccord for settled in self.tranches)

    def number(self, numero: int) -> Released[Chiffre]:
        """The released figure of that register number; raises BilanError when it is not in the chapter."""
        if numero not in self._by_number:
            raise BilanError(f"« {{#{numero}}} » : aucun chiffre de ce numéro dans ce chapitre.")
        return self._by_number[numero]

    def measured(
        self, mesure: str, *, place: str, periode: str = "", modalite: str = "", ebe: str = ""
    ) -> Released[Mesure] | None:
        """The measure of that name, place, period, category and EBE; None where none was computed."""
        return self._by_cle.get((mesure, place, ebe, modalite, periode))

    def measures(self, mesure: str, *, place: str | None = None) -> tuple[Released[Mesure], ...]:
        """Every measure of that name, of one place or of all, in the order of their computation."""
        return tuple(r for r in self._by_mesure.get(mesure, ()) if place in (None, r.content.lieu))

    def definition(self, mesure: str) -> Definition:
        """What a measure is; raises UnknownName with the nearest known one."""
        if mesure not in self._definitions:
            raise UnknownName("mesure", mesure, self._definitions)
        return self._definitions[mesure]

    def categories(self, mesure: str, *places: str) -> tuple[tuple[str, str], ...]:
        """The codes and words of a measure's categories as they are told at these places, in their order.

        A union stands after the last of its categories; these are left out where every row tells it instead.
        """
        definition = self.definition(mesure)
        told = {r.content.modalite for r in self.measures(mesure) if not places or r.content.lieu in places}
        unions = [one for code, one in definition.reunions.items() if code in told]
        hidden = {code for one in unions for code in one.modalites} - told
        found: list[tuple[str, str]] = []
        for choix in definition.modalites:
            if choix.code not in hidden:
                found.append((choix.code, choix.libelle))
            found += [(one.code, one.libelle) for one in unions if one.modalites[-1] == choix.code]
        return tuple(found)

    def label(self, liste: str, code: str) -> str:
        """The words of a code of a closed list; raises UnknownName for one that the list does not hold."""
        labels = {choix.code: choix.libelle for choix in self.listes[liste]}
        if code not in labels:
            raise UnknownName(liste, code, labels)
        return labels[code]

    def serie(self, indicator: str, *, zone_type: str, zone: str) -> Released[Serie] | None:
        """The released series of a zone, None where none was published."""
        self.dictionary.indicator(indicator)
        return self._by_zone.get((indicator, zone_type, zone))

    def source(self, code: str) -> Source:
        return self._sources[code]

    def place_name(self, code: str) -> str:
        """The name of a territory, a site or an ensemble."""
        return self._place_names[code]

    def _codes(self, place: str) -> tuple[str, ...]:
        return next((t.codes for t in self.territoires if t.code == place), (place,))

    @cached_property
    def _by_number(self) -> dict[int, Released[Chiffre]]:
        return {released.content.numero: released for released in self.chiffres}

    @cached_property
    def _by_cle(self) -> dict[tuple[str, str, str, str, str], Released[Mesure]]:
        return {released.content.cle: released for released in self.mesures}

    @cached_property
    def _by_mesure(self) -> dict[str, list[Released[Mesure]]]:
        by_name: dict[str, list[Released[Mesure]]] = {}
        for released in self.mesures:
            by_name.setdefault(released.content.mesure, []).append(released)
        return by_name

    @cached_property
    def _definitions(self) -> dict[str, Definition]:
        return {definition.mesure: definition for definition in self.definitions}

    @cached_property
    def _by_zone(self) -> dict[tuple[str, str, str], Released[Serie]]:
        return {(r.content.indicateur, r.content.zone_type, r.content.zone): r for r in self.series}

    @cached_property
    def _sources(self) -> dict[str, Source]:
        return {source.source: source for source in self.sources}

    @cached_property
    def _place_names(self) -> dict[str, str]:
        names = {ensemble.ensemble: ensemble.nom for ensemble in self.ensembles}
        for territoire in self.territoires:
            names |= {site.code: site.nom for site in territoire.sites}
            names[territoire.code] = territoire.nom
        return names


_ADAPTER = TypeAdapter(Bundle)


@lru_cache(maxsize=4)
def _told_by(content: bytes) -> Bundle:
    return _ADAPTER.validate_json(content)


def bundle_territoire(register: Register, code: str, *, texte: Texte | None) -> Bundle:
    """The bundle of a territory's chapter: its figures, its zones' series and France's.

    Raises UnknownName when no territory has that code.
    """
    territoire = register.territoire(code)
    zones = set(_zones(territoire))
    return _bundle(
        register,
        chapitre=code,
        territoire=territoire,
        chiffres=tuple(c for c in register.chiffres if c.territoire in territoire.codes),
        series=tuple(s for s in register.series if (s.zone_type, s.zone) in zones),
        texte=texte,
    )


def bundle_ensemble(register: Register, code: str, *, texte: Texte | None) -> Bundle:
    """The bundle of a chapter on all the territories: every figure and every series."""
    return _bundle(
        register,
        chapitre=code,
        territoire=None,
        chiffres=register.chiffres,
        series=register.series,
        texte=texte,
    )


def with_deposits(bundle: Bundle, apercus: Iterable[Apercu], nature: Nature) -> Bundle:
    """The bundle with what the territories of a demonstration deposited; raises TypeError for real ones."""
    depots = tuple(release_demonstration(apercu, nature) for apercu in apercus)
    return replace(bundle, nature=nature, depots=depots)


def with_measures(
    bundle: Bundle,
    mesures: Iterable[Released[Mesure]],
    definitions: Definitions,
    mode: Mode,
    empeches: Mapping[str, str] = MappingProxyType({}),
) -> Bundle:
    """The bundle with the measures of its chapter, as the gate left them or whole, and who has none why.

    A territory's chapter gets its own and those of all the territories together; a chapter of all of
    them gets every place's. Raises ValueError for a publication with measures whole.
    """
    places = None if bundle.territoire is None else {bundle.territoire.code, ENSEMBLE}
    kept = tuple(r for r in mesures if places is None or r.content.lieu in places)
    own = {r.content.mesure for r in kept}
    return replace(
        bundle,
        mode=mode,
        mesures=kept,
        empeches={code: why for code, why in empeches.items() if places is None or code in places},
        definitions=tuple(d for d in definitions.by_name.values() if d.famille != FAMILLE or d.mesure in own),
    )


def with_etude(bundle: Bundle, etude: Etude | None) -> Bundle:
    """The bundle with the study of passive expenditure; its coefficients go to the chapters on all only."""
    if etude is None:
        return bundle
    kept = etude if bundle.territoire is None else replace(etude, coefficients=())
    return replace(bundle, etude=release_etude(kept))


def with_impact(bundle: Bundle, resultats: Resultats | None) -> Bundle:
    """The bundle with the accepted results of impact, whole or those of its territory and of all together."""
    if resultats is None:
        return bundle
    if bundle.territoire is None:
        return replace(bundle, impact=release_impact(resultats))
    places = {bundle.territoire.code, TOUS}
    kept: dict[str, Any] = {
        name: tuple(row for row in getattr(resultats, name) if row.territoire in places)
        for name in ("comparaisons", "annees", "poids", "estimations", "diagnostics", "foret")
    }
    own = replace(resultats, **kept)
    return replace(bundle, impact=release_impact(own))


def with_participation(
    bundle: Bundle,
    *,
    questions: Iterable[QuestionLocale],
    verbatims: Iterable[Verbatim],
    commentaires: Iterable[Commentaire],
    listes: Mapping[str, tuple[Choix, ...]],
) -> Bundle:
    """The bundle with what the territories ask, wrote and said; a territory's chapter gets its own."""
    own = None if bundle.territoire is None else bundle.territoire.code
    return replace(
        bundle,
        questions=tuple(release_question(q) for q in questions if own in (None, q.territoire)),
        verbatims=tuple(_quoted(bundle, (v for v in verbatims if own in (None, v.territoire)))),
        paroles=tuple(release_parole(c) for c in commentaires if own in (None, c.territoire)),
        listes={name: listes[name] for name in LISTES},
    )


def _quoted(bundle: Bundle, verbatims: Iterable[Verbatim]) -> Iterator[Released[Citation]]:
    """The sentences that a chapter quotes: two of a survey and theme at most, each once, in no one's order.

    The theme is told only where the number of answers of that theme is: it would give back that there are
    some.
    """
    labelled = (replace(verbatim, theme=_told_theme(bundle, verbatim)) for verbatim in verbatims)
    count: Counter[tuple[str, str]] = Counter()
    seen: set[str] = set()
    for verbatim in sorted(labelled, key=lambda v: (v.enquete, v.theme, v.annee, v.texte, v.territoire)):
        key, released = (verbatim.enquete, verbatim.theme), release_verbatim(verbatim)
        if released is None or verbatim.texte in seen or count[key] == QUOTED:
            continue
        count[key] += 1
        seen.add(verbatim.texte)
        yield released


def _told_theme(bundle: Bundle, verbatim: Verbatim) -> str:
    """The theme of a sentence, or the union of themes that is told instead; empty where neither is."""
    name = f"themes_{verbatim.enquete}"
    unions = bundle.definition(name).reunions.values() if bundle.measures(name) else ()
    for code in (verbatim.theme, *(one.code for one in unions if verbatim.theme in one.modalites)):
        shown = bundle.measured(name, place=verbatim.territoire, periode=str(verbatim.annee), modalite=code)
        if shown is not None and shown.content.etat == "calculee":
            return code
    return ""


def _bundle(
    register: Register,
    *,
    chapitre: str,
    territoire: Territoire | None,
    chiffres: tuple[Chiffre, ...],
    series: tuple[Serie, ...],
    texte: Texte | None,
) -> Bundle:
    cited = {chiffre.source for chiffre in chiffres} | {serie.source for serie in series}
    cited |= {chiffre.seconde_source for chiffre in chiffres} - {""}
    if territoire is not None:
        cited |= {territoire.source, *(ebe.source for ebe in territoire.ebe)}
    else:
        cited |= {source.source for source in register.sources}
    disputed = {chiffre.desaccord for chiffre in chiffres}
    return Bundle(
        chapitre=chapitre,
        mode="atelier",
        territoire=territoire,
        territoires=register.territoires,
        dictionary=register.dictionary,
        ensembles=register.ensembles,
        sources=tuple(source for source in register.sources if source.source in cited),
        evaluations=register.evaluations,
        desaccords=tuple(d for d in register.desaccords if d.desaccord in disputed),
        tranches=tuple(d for d in register.tranches if d.desaccord in disputed),
        preuves=register.preuves if territoire is None else (),
        essentiel=register.essentiel if territoire is None else (),
        recommandations=register.recommandations if territoire is None else (),
        chiffres=tuple(release_published(chiffre) for chiffre in chiffres),
        series=tuple(release_published(serie) for serie in series),
        texte=texte,
    )


def _zones(territoire: Territoire) -> Iterator[tuple[str, str]]:
    yield "france", "FR"
    for commune in territoire.communes_suivies:
        yield "commune", commune.code
        yield "epci", commune.epci
        yield "zone_emploi", commune.zone_emploi
        yield "departement", commune.departement
