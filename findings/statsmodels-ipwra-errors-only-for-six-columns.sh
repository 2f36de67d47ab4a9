#!/usr/bin/env bash
# statsmodels 0.15.0: the weighted regression adjustment of TreatmentEffect gives standard errors for a selection model of
# six columns, and for no other number.
#
# Expected: ipw_ra() gives an effect and its standard error whatever the number of covariates, as ipw() and ra() do.
# Seen: the moment conditions take the last six parameters for those of the selection model. With any other number of
# columns the effect alone can be had (return_results=False); with the standard error a ValueError on shapes
# is raised. ipw(), ra() and aipw() answer in every case.
# Run: bash statsmodels-ipwra-errors-only-for-six-columns.sh   (Python 3.11 to 3.13; exits with 1 if it changed)
set -euo pipefail
folder="$(mktemp -d)"
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
./env/bin/python -m pip install --quiet --disable-pip-version-check statsmodels==0.15.0

./env/bin/python - <<'PYTHON'
import sys

import numpy as np
from statsmodels.discrete.discrete_model import Logit
from statsmodels.regression.linear_model import OLS
from statsmodels.treatment.treatment_effects import TreatmentEffect


def model(columns):
    draw = np.random.default_rng(0)
    known = np.column_stack([np.ones(2000), draw.normal(size=(2000, columns - 1))])
    treated = (draw.random(2000) < 1 / (1 + np.exp(-known[:, 1]))).astype(int)
    outcome = known.sum(axis=1) + treated + draw.normal(size=2000)
    return TreatmentEffect(OLS(outcome, known), treated, Logit(treated, known).fit(disp=0))


def answers(ask):
    try:
        ask()
    except ValueError as error:
        return str(error)
    return "an answer"


seen = {}
for columns in (2, 5, 6, 7, 12):
    asked = model(columns)
    others = {answers(asked.ipw), answers(asked.ra), answers(asked.aipw)}
    alone = float(np.atleast_1d(asked.ipw_ra(return_results=False)[0])[0])
    seen[columns] = answers(asked.ipw_ra)
    print(f"{columns} columns: effect alone {alone:.2f}; with its error: {seen[columns]}; ipw, ra, aipw: {others}")
    if others != {"an answer"}:
        sys.exit("The other estimators changed.")
if [columns for columns, said in seen.items() if said == "an answer"] == [6]:
    print("As described.")
else:
    print("The behaviour changed.")
    sys.exit(1)
PYTHON
