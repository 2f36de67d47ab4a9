"""Measures kept by territory and family for as long as what they are computed of is the same:
confidential."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from pydantic import TypeAdapter
from pydantic_core import to_json

from analysis.depot.referentiel import load_referentiel
from analysis.indicateurs import calcul
from analysis.indicateurs.calcul import Resultats, calculer
from analysis.indicateurs.depenses_passives import etude, personnes
from analysis.indicateurs.depenses_passives.personnes import Joints
from analysis.indicateurs.depenses_passives.resultats import Etude
from analysis.indicateurs.donnees import Donnees
from analysis.indicateurs.participation import locaux
from analysis.noyau.definitions import load_definitions
from analysis.noyau.mesures import Mesure
from analysis.noyau.paths import Project
from analysis.sources.register import Register, load_register
from analysis.stations.modules import Modules, modules_of
from analysis.stations.store import Store, of_files, sha256

MESURES, ETUDE = "mesures", "etude"
"""The stations: the first is kept with the deposits, the second is about case types, who are nobody."""

_RESULTATS = TypeAdapter(Resultats)
_MESURES = TypeAdapter(tuple[Mesure, ...])
_ETUDE: TypeAdapter[Etude | None] = TypeAdapter(Etude | None)


@dataclass
class Gardees:
    """The measures of each territory and family, computed where they are not kept."""

    project: Project
    store: Store
    modules: Modules
    _read_once: dict[str, dict[str, str]] = field(default_factory=dict)

    def resultats(self, codes: Iterable[str]) -> Resultats:
        """All the measures of these territories, as :func:`~analysis.indicateurs.calcul.calculer` gives
        them."""
        named = tuple(codes)
        inputs = {name: digest for code in named for name, digest in self.depot(code).items()}
        places = load_referentiel(self.project).territoires
        inputs |= {"les territoires et leurs EBE": sha256(to_json((named, places)))}
        inputs |= {**self._declared, **self._law, **of_files(self.project.root, [self.project.individus])}
        inputs |= self.modules.of_names([calcul.__name__])
        return _RESULTATS.validate_json(
            self._take("toutes", inputs, lambda: _RESULTATS.dump_json(calculer(self.project, named, self)))
        )

    def famille(self, donnees: Donnees, mesures: Callable[[Donnees], Iterable[Mesure]]) -> tuple[Mesure, ...]:
        """The measures of one family of one territory."""
        module = mesures.__module__
        place = f"{donnees.territoire.code}/{module.rpartition('.')[2]}"
        inputs = {**self._of(donnees), **self.modules.of_names([module])}
        return _MESURES.validate_json(
            self._take(place, inputs, lambda: _MESURES.dump_json(tuple(mesures(donnees))))
        )

    def simulees(
        self, joints: Sequence[Joints], simuler: Callable[[Sequence[Joints]], Iterable[Mesure]]
    ) -> tuple[Mesure, ...]:
        """The measures that are simulated of all these territories together: of those alone that changed."""
        sources = self.modules.of_names([personnes.__name__])
        places = {place.lieu: place for place in joints}
        common = {**self._declared, **self._law, **sources, **self._lock}
        inputs = {code: {**self.depot(code), **common} for code in places}
        place = {code: f"{MESURES}/{code}/depenses_passives" for code in inputs}
        found = {code: self.store.kept(place[code], inputs[code]) for code in inputs}
        made: dict[str, list[Mesure]] = {code: [] for code, content in found.items() if content is None}
        for mesure in simuler([places[code] for code in made]) if made else ():
            made[mesure.lieu].append(mesure)
        for code, mesures in made.items():
            content = _MESURES.dump_json(tuple(mesures))
            self.store.keep(place[code], inputs[code], content, seconds=0.0)
            found[code] = content
        return tuple(m for content in found.values() if content for m in _MESURES.validate_json(content))

    def depot(self, code: str) -> dict[str, str]:
        """The fingerprint of what is kept of a territory's deposits; nothing where nothing was received."""
        kept = of_files(self.project.root, [self.project.depots / "recus" / code])
        return {f"le dépôt de {code}": sha256(to_json(kept))} if kept else {}

    def _of(self, donnees: Donnees) -> dict[str, str]:
        """What the measures of one territory are computed of, the code apart."""
        code = donnees.territoire.code
        if code not in self._read_once:
            self._read_once[code] = self._read(donnees)
        return self._read_once[code]

    def _read(self, donnees: Donnees) -> dict[str, str]:
        return {
            **self.depot(donnees.territoire.code),
            "le territoire et ses EBE": sha256(to_json(donnees.territoire)),
            "ses indicateurs": sha256(to_json(locaux.definitions(donnees))),
            **self._declared,
        }

    @cached_property
    def _declared(self) -> dict[str, str]:
        """What is declared of measures and surveys: the records, whatever else their files say."""
        definitions, referentiel = load_definitions(self.project), load_referentiel(self.project)
        return {
            "les définitions des mesures": sha256(to_json(definitions)),
            "les questions": sha256(to_json(referentiel.questions)),
            "les rangs des réponses": sha256(to_json(referentiel.positions)),
            "les champs": sha256(to_json(referentiel.fields)),
        }

    @cached_property
    def _law(self) -> dict[str, str]:
        """What is declared of the law, payers and scenarios; the same for a demonstration."""
        return of_files(self.project.checkout, [self.project.depenses_passives])

    @cached_property
    def _lock(self) -> dict[str, str]:
        return of_files(self.project.root, [self.project.lock])

    def _take(self, place: str, inputs: Mapping[str, str], make: Callable[[], bytes]) -> bytes:
        return self.store.take(f"{MESURES}/{place}", {**inputs, **self._lock}, make)


def gardees(project: Project, *, anew: bool = False) -> Gardees:
    """The measures of a project, kept with its deposits; computed whatever is kept with ``anew``."""
    store = Store(project.stations_privees, anew=anew)
    return Gardees(project, store, modules_of(project))


def etude_gardee(project: Project, register: Register, *, anew: bool = False) -> Etude | None:
    """The study on case types, as :func:`~analysis.indicateurs.depenses_passives.etude.etudier` makes it.

    It is made of the published amounts in euros alone: another figure leaves it as it is. A demonstration,
    whose study is that of the real bilan, takes what that one keeps where it is made of the same. None where
    a project declares no case type: nothing of the real register is then read.
    """
    if not project.depenses_passives.is_dir():
        return None
    real = Project(project.checkout) if project.nature == "demonstration" else project
    known = load_register(real) if project.nature == "demonstration" else register
    amounts = replace(known, chiffres=tuple(c for c in known.chiffres if c.is_money))
    codes = (
        sorted(t.code for t in known.territoires),
        sorted(s.source for s in known.sources),
        sorted(e.evaluation for e in known.evaluations),
    )
    inputs = {
        "les montants publiés": sha256(to_json(amounts.chiffres)),
        "les codes du registre": sha256(to_json(codes)),
        **of_files(real.root, [real.depenses_passives, real.lock]),
        **modules_of(project).of_names([etude.__name__]),
    }
    content = None if anew else Store(real.stations).kept(ETUDE, inputs)
    if content is None:
        content = Store(project.stations, anew=anew).take(
            ETUDE, inputs, lambda: _ETUDE.dump_json(etude.etudier(real, amounts))
        )
    return _ETUDE.validate_json(content)
