#!/usr/bin/env bash
# openfisca-core 44.7.1: a variable updated with a formula for 2019 loses its own formula of 2022, without a word.
#
# Expected: update_variable says that « all attributes of the updated variable that are not explicitly overridden » stay,
# so a formula dated 2019 stands from 2019 to the next formula of the variable, 2022, as dated formulas do.
# Seen: formulas of the old variable that begin after the first new one are gone. From 2022 on the formula of 2019 is
# computed; nothing is logged. Who corrects one year of a law has to write every later formula again.
# Run: bash openfisca-update-variable-drops-later-formulas.sh   (Python 3.11 to 3.13; exits with 1 if it changed)
set -euo pipefail
folder="$(mktemp -d)"
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
./env/bin/python -m pip install --quiet --disable-pip-version-check openfisca-core==44.7.1

./env/bin/python - <<'PYTHON'
import sys

from openfisca_core.entities import build_entity
from openfisca_core.periods import YEAR
from openfisca_core.simulations import SimulationBuilder
from openfisca_core.taxbenefitsystems import TaxBenefitSystem
from openfisca_core.variables import Variable

Person = build_entity(key="person", plural="persons", label="Someone", is_person=True)


class allowance(Variable):
    value_type = float
    entity = Person
    definition_period = YEAR

    def formula_2015(persons, period):
        return persons.filled_array(100.0)

    def formula_2022(persons, period):
        return persons.filled_array(300.0)


class corrected(Variable):
    def formula_2019(persons, period):
        return persons.filled_array(200.0)


corrected.__name__ = "allowance"


def paid(system):
    simulation = SimulationBuilder().build_default_simulation(system, count=1)
    return {year: float(simulation.calculate("allowance", str(year))[0]) for year in (2016, 2020, 2023)}


system = TaxBenefitSystem([Person])
system.add_variable(allowance)
before = paid(system)
system.update_variable(corrected)
after = paid(system)
print("before:", before)
print("after: ", after, list(system.get_variable("allowance").formulas))
if before == {2016: 100, 2020: 100, 2023: 300} and after == {2016: 100, 2020: 200, 2023: 200}:
    print("As described.")
else:
    print("The behaviour changed.")
    sys.exit(1)
PYTHON
