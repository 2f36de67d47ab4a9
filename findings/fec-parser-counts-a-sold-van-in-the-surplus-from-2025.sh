#!/usr/bin/env bash
# fec-parser 1.0.1: the same sale of a van leaves the gross operating surplus (excédent brut d'exploitation) alone in 2024 and
# raises it in 2025.
#
# Expected: the surplus is what is left of the year's production and operating subsidies once purchases, taxes and wages are
# paid; the price of a sold asset and its book value are no part of it, whichever accounts the chart of the year names for
# them (775 and 675 until 2024; 757 and 657 for exercices opened from 1 January 2025, règlement ANC 2022-06). One exercice of the
# same operations written with either year's accounts has one surplus: 100,000 - 80,000 = 20,000.
# Seen: the library knows both charts: its self-financing capacity (CAF) leaves the sale out in both years. Its surplus takes out classes
# 67 and 77 alone: 20,000 in 2024, 24,000 in 2025, of which 4,000 are the van (sold 7,000, book value 3,000).
# Run: bash fec-parser-counts-a-sold-van-in-the-surplus-from-2025.sh   (Python 3.11 to 3.13; exits with 1 if it changed)
set -euo pipefail
folder="$(mktemp -d)"
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
./env/bin/python -m pip install --quiet --disable-pip-version-check fec-parser==1.0.1

./env/bin/python - <<'PYTHON'
import sys
from io import BytesIO

from fec_parser.analyzer import FECAnalyzer

COLUMNS = (
    "JournalCode JournalLib EcritureNum EcritureDate CompteNum CompteLib CompAuxNum CompAuxLib PieceRef PieceDate EcritureLib "
    "Debit Credit EcritureLet DateLet ValidDate Montantdevise Idevise"
).split()
CHARTS = {2024: ("775000", "675000"), 2025: ("757000", "657000")}


def exercice(year):
    """A balanced file: services sold, wages paid, a van sold for 7,000 whose book value was 3,000."""
    price, book_value = CHARTS[year]
    entries = (
        ("1", "512000", "Banque", 100_000, 0),
        ("1", "706000", "Prestations", 0, 100_000),
        ("2", "641000", "Salaires", 80_000, 0),
        ("2", "512000", "Banque", 0, 80_000),
        ("3", "512000", "Banque", 7_000, 0),
        ("3", price, "Prix de cession", 0, 7_000),
        ("4", book_value, "Valeur comptable", 3_000, 0),
        ("4", "218200", "Vehicule", 0, 3_000),
    )
    lines = ["\t".join(COLUMNS)]
    for number, account, label, debit, credit in entries:
        values = {
            **dict.fromkeys(COLUMNS, ""),
            "JournalCode": "OD",
            "JournalLib": "Operations",
            "EcritureNum": number,
            "EcritureDate": f"{year}0630",
            "CompteNum": account,
            "CompteLib": label,
            "PieceRef": number,
            "PieceDate": f"{year}0630",
            "EcritureLib": label,
            "Debit": f"{debit},00",
            "Credit": f"{credit},00",
            "ValidDate": f"{year}1231",
        }
        lines.append("\t".join(values.values()))
    return BytesIO("\n".join(lines).encode())


seen = {}
for year in CHARTS:
    asked = FECAnalyzer()
    asked.parse(exercice(year))
    seen[year] = {name: int(value) for name, value in asked.get_indicateurs().items()}
    print(year, seen[year])
as_described = (seen[2024]["EBE"], seen[2025]["EBE"]) == (20_000, 24_000) and {seen[y]["CAF"] for y in seen} == {20_000}
print("As described." if as_described else "The behaviour changed.")
sys.exit(not as_described)
PYTHON
