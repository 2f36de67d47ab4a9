"""The first deposits build: every call of the real chapters, on one deposit, on two, on all of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from itertools import pairwise

import pytest
from carnets import check_chapters

from analysis.indicateurs import calcul
from analysis.indicateurs.calcul import Resultats
from analysis.noyau.paths import Project
from analysis.sources.register import Register, load_register

Codes = tuple[str, ...]


@pytest.fixture(scope="module")
def register(ten: Project) -> Register:
    return load_register(ten)


@pytest.fixture(scope="module")
def of(ten: Project) -> Iterator[Callable[[Codes], Resultats]]:
    """The measures of these deposits; what each says by itself is computed once."""
    with pytest.MonkeyPatch.context() as patch:
        for name in ("load_definitions", "load_referentiel"):
            patch.setattr(calcul, name, cache(getattr(calcul, name)))
        calcule, known = calcul._calcule, {}

        def once(*arguments: object) -> object:
            code = arguments[-1]
            if code not in known:
                known[code] = calcule(*arguments)  # type: ignore[arg-type]
            return known[code]

        patch.setattr(calcul, "_calcule", once)
        yield cache(lambda codes: calcul.calculer(ten, codes))


def test_every_deposit_alone_gives_all_its_chapters(
    ten: Project, register: Register, of: Callable[[Codes], Resultats], sketched: None
) -> None:
    for territoire in register.territoires:
        check_chapters(ten, register, of((territoire.code,)), (territoire.code,))


def test_ten_pairs_of_deposits_give_all_their_chapters(
    ten: Project, register: Register, of: Callable[[Codes], Resultats], sketched: None
) -> None:
    codes = [territoire.code for territoire in register.territoires]
    for pair in pairwise([*codes, codes[0]]):
        check_chapters(ten, register, of(pair), ())


def test_all_the_deposits_give_all_their_chapters(
    ten: Project, register: Register, of: Callable[[Codes], Resultats], sketched: None
) -> None:
    codes = tuple(territoire.code for territoire in register.territoires)
    check_chapters(ten, register, of(codes), codes[:1])
