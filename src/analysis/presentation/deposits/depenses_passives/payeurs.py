"""Who spends and who receives, payer by payer: in brief, in a table, as flows, in each territory."""

from __future__ import annotations

import html

from analysis.indicateurs.depenses_passives.resultats import AUJOURDHUI, CENTRAL, Calcule, Etude
from analysis.noyau.periods import Period
from analysis.noyau.territoires import Territoire
from analysis.presentation.deposits.depenses_passives.etude_dite import (
    ARRONDIS,
    assumed,
    balance_of,
    cents_of,
    euro_cell,
    gain_or_loss,
    in_euros,
    in_percent,
    millesime,
    period_told,
    shortened,
    study_source,
    with_study,
)
from analysis.presentation.drawing.cascades import Compte, comptes_svg
from analysis.presentation.numbers import decimal
from analysis.presentation.parts.blocks import Block, Chart, Column, Table, dated
from analysis.presentation.parts.links import link
from analysis.presentation.parts.marks import territoire_of
from analysis.secret.bundle import Bundle


@with_study
def en_bref(_bundle: Bundle, etude: Etude) -> Block:
    """The central result with its interval, what the other assumptions on the effect give, what the law of
    today changes for the department."""
    central, today = etude.scenario(CENTRAL), etude.scenario(AUJOURDHUI)
    spread = dict(central.intervalles)["evite_et_recu"]
    year = millesime(central)
    items = [
        f"Pour un emploi à temps plein et un an, les administrations économisent ou reçoivent "
        f"{in_euros(central.evite_et_recu)} dans le scénario central (neuf tirages sur dix entre "
        f"{in_euros(spread.bas)} et {in_euros(spread.haut)}, à la centaine près), en euros de {year} et {year + 1}.",
        f"La contribution au développement de l'emploi (CDE) y est de {in_euros(central.contribution)} : la contribution "
        f"nette est de {in_euros(central.contribution_nette)}. La CDE n'est qu'une partie du coût public.",
        f"Tout dépend de ce qui serait arrivé sans l'EBE : {in_euros(etude.scenario('personne-sans-emploi').evite_et_recu)} "
        f"si personne n'avait retrouvé d'emploi, {in_euros(etude.scenario('comite-2021').evite_et_recu)} avec les 56 % en "
        "emploi du comité scientifique de 2021.",
        f"Pour le département, {gain_or_loss(balance_of(central, 'departement'))} par emploi et par an en première phase, "
        f"où sa part allait par convention, si la sienne ne prévoyait rien (le calcul compte alors 0 € de contribution) ; {gain_or_loss(balance_of(today, 'departement'))} sous la loi d'aujourd'hui, "
        f"qui lui demande {in_percent(assumed(today, 'cde_departement'))} de la part de l'État.",
    ]
    body = "".join(f"<li>{item}</li>" for item in items)
    return Block(
        f'<section class="en-bref" aria-labelledby="en-bref"><h2 id="en-bref">En bref</h2><ul>{body}</ul></section>'
    )


@with_study
def par_payeur(bundle: Bundle, etude: Etude) -> Block:
    """Gain of each payer by year since the hire, apart from the CDE and with it: in the first phase, today."""
    today = etude.scenario(AUJOURDHUI)
    year = millesime(today)
    captions = (
        (CENTRAL, "par-payeur", "En première phase : ce que gagne et ce que paie chaque payeur, par ETP"),
        (
            AUJOURDHUI,
            "par-payeur-aujourdhui",
            "Sous la loi d'aujourd'hui : ce que gagne et ce que paie chaque payeur, par ETP",
        ),
    )
    first, second = (_payers(bundle, etude, code, anchor, caption) for code, anchor, caption in captions)
    words = (
        f"Seuls l'État et le département versent la contribution. En première phase la part du département allait par "
        f"convention, et le calcul ne lui en compte aucune ; depuis 2021 la loi lui demande {in_percent(assumed(today, 'cde_departement'))} "
        f"de la part de l'État. Le second tableau prend aussi la législation de {year}, en euros de {year}."
    )
    return Block(f"<p>{words}</p>") + first + second


def _payers(bundle: Bundle, etude: Etude, code: str, anchor: str, caption: str) -> Block:
    told = etude.scenario(code)
    year = millesime(told)
    columns = (
        Column("Payeur"),
        Column("Économies et recettes, année 1 (€)", True),
        Column("Économies et recettes, année 2 (€)", True),
        Column("Contribution (CDE), moyenne (€)", True),
        Column("Solde, moyenne (€)", True),
    )
    rows = []
    for payeur, nom in (*etude.payeurs, ("", "Ensemble")):
        one, two = (cents_of(told, payeur, annee=annee, cde=False) for annee in (1, 2))
        cde = cents_of(told, payeur, cde=True)
        amounts = (one / 100, two / 100, cde / 200, balance_of(told, payeur))
        rows.append([html.escape(nom, quote=False), *(euro_cell(amount) for amount in amounts)])
    note = f"Embauche de janvier {year} ; un montant négatif est une dépense. {ARRONDIS} {study_source(bundle, etude)}"
    return Table(anchor, caption, columns, rows, note).block()


def compte_du_payeur(calcule: Calcule, payeur: str, nom: str) -> Compte:
    """What a payer spends for a job, the CDE and what the hire costs it besides, and what it saves or receives.

    In the mean of the two years, per ETP.
    """
    given, gained = (cents_of(calcule, payeur, cde=is_cde) / 200 for is_cde in (True, False))
    return Compte(shortened(nom), max(-given, 0) + max(-gained, 0), max(given, 0) + max(gained, 0))


@with_study
def flux(bundle: Bundle, etude: Etude) -> Block:
    """What each payer spends and receives for one person of the central public, before the hire and after."""
    payers, lines = dict(etude.payeurs), dict(etude.lignes)
    concerned = [code for code, _ in etude.payeurs if any(f.payeur == code for f in etude.flux)]
    panels, totals = [], {}
    for situation, title in (
        ("sans_emploi", "Avant : privée d'emploi"),
        ("en_ebe", "Après : en EBE, à temps plein"),
    ):
        counts = [_count(etude, code, situation, shortened(payers[code])) for code in concerned]
        spent, received = sum(c.depense for c in counts), sum(c.recette for c in counts)
        totals[situation] = (spent, received)
        panels.append((f"{title} ({decimal(spent, 0)} € dépensés, {decimal(received, 0)} € reçus)", counts))
    (before, _), (spent, received) = totals["sans_emploi"], totals["en_ebe"]
    rows = [
        [
            html.escape(payers[f.payeur], quote=False),
            html.escape(lines[f.ligne], quote=False),
            "avant" if f.situation == "sans_emploi" else "après",
            euro_cell(f.euros),
        ]
        for f in etude.flux
    ]
    columns = (
        Column("Payeur"),
        Column("Prestation, cotisation ou contribution"),
        Column("Quand"),
        Column("€ par an", True),
    )
    state = next(count for count in panels[1][1] if count.payeur == "État")
    told = " ; ".join(
        f"{title} : "
        + ", ".join(
            f"{c.payeur} {decimal(c.depense, 0)} € dépensés et {decimal(c.recette, 0)} € reçus"
            for c in counts
        )
        for title, counts in panels
    )
    return Chart(
        "flux",
        (
            f"Une fois la personne embauchée, {decimal(spent, 0)} € sont dépensés et {decimal(received, 0)} € reviennent ; "
            f"avant, {decimal(before, 0)} € étaient dépensés"
        ),
        comptes_svg(panels, "dépensés à gauche, reçus à droite, € par an"),
        f"Une fois la personne embauchée, {decimal(spent, 0)} € sont dépensés et {decimal(received, 0)} € reviennent. {told}.",
        "La réduction générale de cotisations est une dépense de l'État ; la contribution (CDE) est comprise. "
        f"{ARRONDIS} " + study_source(bundle, etude),
        Table("flux-donnees", "Dépenses et recettes par payeur (une recette est négative)", columns, rows),
        subtitle="Par personne embauchée à temps plein, deuxième année, euros par an",
        lecture=(
            f"Lecture : après l'embauche, l'État dépense {decimal(state.depense, 0)} € par an, surtout pour la contribution, "
            "la réduction générale de cotisations et la prime d'activité."
        ),
        champ="Champ : une personne du public du scénario central, au recours de ce scénario.",
    ).block()


def _count(etude: Etude, payeur: str, situation: str, nom: str) -> Compte:
    amounts = [f.euros for f in etude.flux if f.payeur == payeur and f.situation == situation]
    return Compte(nom, sum(a for a in amounts if a > 0), -sum(a for a in amounts if a < 0))


@with_study
def payeurs_du_rsa(bundle: Bundle, etude: Etude) -> Block:
    """Who pays the RSA in each territory: in a sentence, then one row a territory."""
    if bundle.nature == "demonstration":
        return Block("")
    apart = [t for t in bundle.territoires if _chiefs(t, etude)]
    usual = len(bundle.territoires) - len(apart)
    others = " ; ".join(f"{t.nom} : {', puis '.join(_payer_here(t, etude))}" for t in apart)
    words = (
        f"Le département paie le RSA dans {usual} des {len(bundle.territoires)} territoires. Ailleurs, une autre "
        f"collectivité en tient lieu. {others}."
        if apart
        else "Le département paie le RSA dans tous les territoires."
    )
    rows = [
        [html.escape(t.nom, quote=False), html.escape(", puis ".join(_payer_here(t, etude)), quote=False)]
        for t in bundle.territoires
    ]
    columns = (Column("Territoire"), Column("Qui y paie le RSA"))
    table = Table(
        "payeurs-rsa", "Qui paie le RSA dans les territoires", columns, rows, study_source(bundle, etude)
    )
    return Block(f"<p>{html.escape(words, quote=False)}</p>") + table.block()


def _chiefs(territoire: Territoire, etude: Etude) -> list[dict[str, str]]:
    """The authorities that take the department's place in a territory."""
    return [row for row in map(dict, etude.chefs_de_file) if row["territoire"] == territoire.code]


def _payer_here(territoire: Territoire, etude: Etude) -> list[str]:
    """The authorities that pay the RSA in a territory by date: its departments unless a row says otherwise."""
    chiefs = _chiefs(territoire, etude)
    if chiefs:
        return [f"{_with_article(row['collectivite'])} ({period_told(row)})" for row in chiefs]
    communes = territoire.communes_suivies or territoire.communes
    return [f"le département ({nom})" for nom in dict.fromkeys(c.departement_nom for c in communes)]


def _with_article(collectivite: str) -> str:
    return f"{'le' if collectivite.startswith('Département') else 'la'} {collectivite}"


@with_study
def qui_paie(_bundle: Bundle, etude: Etude) -> Block:
    """Who pays or receives each line, from when, by which text."""
    payers, lines = dict(etude.payeurs), dict(etude.lignes)
    shares = [
        [
            html.escape(lines[row["ligne"]], quote=False),
            html.escape(payers[row["payeur"]], quote=False),
            euro_cell(100 * float(row["part"]), 0, "%"),
            dated(Period(f"{row['debut']}/{row['fin']}" if row["fin"] else row["debut"]), period_told(row)),
            html.escape(row["reference"], quote=False),
        ]
        for row in map(dict, etude.affectations)
    ]
    heads = (
        Column("Prestation, cotisation ou impôt"),
        Column("Qui la paie ou la reçoit"),
        Column("Part (%)", True),
        Column("Quand"),
        Column("Texte"),
    )
    return Table("qui-paie", "Qui paie ou reçoit chaque montant, d'après quel texte", heads, shares).block()


@with_study
def local(bundle: Bundle, etude: Etude) -> Block:
    """Who pays the RSA here, by date, and what the law asks of it; the amounts are those of the chapter on all."""
    payers = ", puis ".join(_payer_here(territoire_of(bundle), etude))
    today = etude.scenario(AUJOURDHUI)
    words = (
        f"Le RSA y est payé par {payers}. En première phase, sa part de la contribution (CDE) allait par convention ; "
        f"depuis 2021 la loi lui demande {in_percent(assumed(today, 'cde_departement'))} de celle de l'État."
    )
    chapter = link("depenses_passives.html", "le chapitre sur les dépenses passives")
    return Block(
        f"<p>{html.escape(words, quote=False)} Ce que chaque payeur gagne et verse pour un emploi, dans les "
        f"deux cas, est le même partout : {chapter} le dit.</p>"
    )
