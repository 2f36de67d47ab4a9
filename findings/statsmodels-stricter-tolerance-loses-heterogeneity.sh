#!/usr/bin/env bash
# statsmodels 0.15.0: asked for more digits, the Paule-Mandel estimate of a meta-analysis answers zero.
#
# Expected: combine_effects(..., method_re="pm") with a smaller tolerance gives the same variance between studies with more
# digits.
# Seen: on three effects that plainly differ, tau2 is 80.336 with the default tolerance and with 1e-10, and 0 with 1e-12:
# the estimating equation falls below zero by a rounding error before it is told as solved, which is read as no
# heterogeneity at all. The interval of the pooled effect is then eighteen times too narrow; no warning is given.
# Run: bash statsmodels-stricter-tolerance-loses-heterogeneity.sh   (Python 3.11 to 3.13; exits with 1 if it changed)
set -euo pipefail
folder="$(mktemp -d)"
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
./env/bin/python -m pip install --quiet --disable-pip-version-check statsmodels==0.15.0

./env/bin/python - <<'PYTHON'
import sys
import warnings

import numpy as np
from statsmodels.stats.meta_analysis import combine_effects

EFFECTS, VARIANCES = np.array([1.0, 9.0, -9.0]), np.array([0.1, 1.0, 1.0])
warnings.simplefilter("error")
found = {}
for tolerance in (1e-5, 1e-10, 1e-12):
    asked = combine_effects(EFFECTS, VARIANCES, method_re="pm", atol=tolerance)
    found[tolerance] = asked.tau2
    print(f"tolerance {tolerance:g}: tau2 {asked.tau2:.4f}, standard error of the pooled effect {asked.sd_eff_w_re:.4f}")
if found[1e-5] > 80 and found[1e-10] > 80 and found[1e-12] == 0:
    print("As described.")
else:
    print("The behaviour changed.")
    sys.exit(1)
PYTHON
