#!/usr/bin/env bash
# statsmodels 0.15.0: the standard error of a Kaplan-Meier curve changes when every person is given a frequency weight
# of one.
#
# Expected: a frequency weight says how many people a row stands for, so weights of one, or rows repeated in place of a
# weight of three, leave the survival and its standard error as they are. Of twelve people who leave one a month, the survival
# after nine months is 3/12 and its error the binomial one: the square root of 0.25 x 0.75 / 12, that is 0.125.
# Seen: the survival is the same; surv_prob_se without weights is 0.125, with weights of one it is 0.452, and with weights it
# grows while the survival falls to nothing: it is the error of the cumulative hazard, not of the survival. The summary
# prints it under the same name, and simultaneous_cb() draws its band from it: no word of a difference in the docstring.
# Run: bash statsmodels-unit-weights-change-the-survival-error.sh   (Python 3.11 to 3.13; exits with 1 if it changed)
set -euo pipefail
folder="$(mktemp -d)"
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
./env/bin/python -m pip install --quiet --disable-pip-version-check statsmodels==0.15.0

./env/bin/python - <<'PYTHON'
import sys

import numpy as np
from statsmodels.duration.survfunc import SurvfuncRight

months, left = np.arange(1.0, 13.0), np.ones(12, dtype=int)
binomial = np.sqrt(0.25 * 0.75 / 12)
NINTH = 8

plain = SurvfuncRight(months, left)
weighted = SurvfuncRight(months, left, freq_weights=np.ones(12))
thrice = SurvfuncRight(months, left, freq_weights=np.full(12, 3))
repeated = SurvfuncRight(np.repeat(months, 3), np.repeat(left, 3))
hazard = np.sqrt(np.cumsum(1 / np.arange(12.0, 0.0, -1.0) ** 2))[NINTH]

for name, curve in (("no weight", plain), ("weights of one", weighted), ("weights of three", thrice), ("rows thrice", repeated)):
    print(f"{name:17} survival {curve.surv_prob[NINTH]:.3f}  error {curve.surv_prob_se[NINTH]:.3f}")
print(f"binomial error {binomial:.3f}, error of the cumulative hazard {hazard:.3f}")
print(weighted.summary().loc[[9.0]].to_string())
with np.errstate(divide="ignore", invalid="ignore"):  # the last survival is zero
    band = [np.ptp([side[NINTH] for side in curve.simultaneous_cb()]) for curve in (plain, weighted)]
print(f"width of the simultaneous band: {band[0]:.3f} without weights, {band[1]:.3f} with weights of one")

as_described = (
    np.allclose(plain.surv_prob, weighted.surv_prob)
    and np.isclose(plain.surv_prob_se[NINTH], binomial)
    and np.isclose(weighted.surv_prob_se[NINTH], hazard)
    and np.isclose(repeated.surv_prob_se[NINTH], np.sqrt(0.25 * 0.75 / 36))
    and thrice.surv_prob_se[NINTH] > 2 * repeated.surv_prob_se[NINTH]
    and band[1] > band[0]
)
print("As described." if as_described else "The behaviour changed.")
sys.exit(not as_described)
PYTHON
