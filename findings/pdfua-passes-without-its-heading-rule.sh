#!/usr/bin/env bash
# pdfua 0.1.3 with pikepdf 10.18.0: the rule on empty headings is never evaluated, and the file passes.
#
# Expected: a PDF/UA checker that cannot evaluate one of its rules says so in its result (a finding, or an exit
# status of its own), so that « PASS » means that the rules were applied.
# Seen: on a valid tagged PDF of one heading and one paragraph, written by Typst (typst 0.15.2), rule UA-14-001
# raises ValueError inside the checker: it asks an array of the structure tree for an attribute of numbers. The
# command line prints « PASS (no findings) » and exits with 0, as for a file on which the rule was applied; a
# line below says that the rule was not evaluated. Every heading whose content is an array (/K [0]) is in this case.
# Run: bash pdfua-passes-without-its-heading-rule.sh   (Python 3.11 to 3.13; exits with 1 if the behaviour changed)
set -euo pipefail
folder="$(mktemp -d)"
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
./env/bin/python -m pip install --quiet --disable-pip-version-check pdfua==0.1.3 pikepdf==10.18.0 typst==0.15.2

cat > page.typ <<'TYPST'
#set document(title: "A title")
#set text(lang: "en")
= A heading
A paragraph.
TYPST
./env/bin/python - <<'PYTHON'
import typst

typst.compile("page.typ", output="page.pdf", pdf_standards=["ua-1"])
PYTHON

status=0
./env/bin/pdfua check page.pdf > said.txt 2>&1 || status=$?
cat said.txt
echo "exit status: $status"
if [ "$status" = 0 ] && grep -q "PASS" said.txt && grep -qi "skip.*UA-14-001\|UA-14-001.*skip" said.txt; then
  echo "As described: rule UA-14-001 was skipped, and the checker says PASS."
else
  echo "The behaviour changed."
  exit 1
fi
