"""All findings at once, the same fault on many lines told once."""

from __future__ import annotations

from analysis.noyau.errors import Finding, InvalidData, UnknownName


def test_the_same_fault_on_many_lines_is_one_line_of_the_message() -> None:
    findings = [Finding("c.csv", line, "source", "« x »", "un code connu") for line in range(2, 302)]
    error = InvalidData([*findings, Finding("c.csv", 5, "unite", "« y »", "une unité")])
    assert len(error.findings) == 301
    assert str(error).splitlines() == [
        "301 points à corriger :",
        "- c.csv, ligne 2, colonne « source » : trouvé « x » ; attendu un code connu. (et 299 autres lignes)",
        "- c.csv, ligne 5, colonne « unite » : trouvé « y » ; attendu une unité.",
    ]


def test_a_name_close_to_a_known_one_is_suggested() -> None:
    assert "Vouliez-vous dire « thiers » ?" in str(UnknownName("territoire", "thier", ["premery", "thiers"]))
    assert "Vouliez-vous" not in str(UnknownName("territoire", "zzz", ["premery"]))


def test_of_a_long_list_only_what_is_near_is_told() -> None:
    names = ["effectif_ebe", "effectif_une_ebe", *(f"autre_{number}" for number in range(248))]
    told = str(UnknownName("indicateur", "effectif_eb", names))
    assert told == (
        "Indicateur inconnu : « effectif_eb ». Vouliez-vous dire « effectif_ebe » ? "
        "Proches : effectif_une_ebe. 250 sont connus."
    )
    assert str(UnknownName("mesure", "zzz", names)) == "Mesure inconnue : « zzz ». 250 sont connues."
