"""How easily the questionnaires read: a table by survey, from the texts that LimeSurvey shows.

    python benchmarks/lisibilite.py

The score is that of Flesch as Kandel and Moles adapted it to French in 1958 (``textstat``): 207 − 1.015 ×
words a sentence − 73.6 × syllables a word; 80 and more is « facile », 60 and more « standard ». It sees
lengths alone: a short word may be hard and a short question badly put, so people of the territories try each.
"""

from __future__ import annotations

import argparse
import re

import textstat
from commun import begin

from analysis.depot.ecrits.questionnaire import load_questionnaires, sentences
from analysis.noyau.paths import Project


def main() -> None:
    """Print one line a questionnaire: score, score of the consent, words a sentence, longest sentence."""
    begin(argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter))
    textstat.set_lang("fr")
    print(
        f"{'questionnaire':16}{'score':>8}{'accord':>8}{'mots/phrase':>13}{'la plus longue':>16}{'mots':>7}"
    )
    for enquete, one in load_questionnaires(Project.here()).items():
        text = flat(" ".join(part if part[-1] in ".?!" else f"{part}." for part in one.textes()))
        words = textstat.lexicon_count(text)
        longest = max(len(sentence.split()) for sentence in sentences(text))
        mean = words / textstat.sentence_count(text)
        score, consent = (textstat.flesch_reading_ease(part) for part in (text, flat(one.consentement)))
        print(f"{enquete:16}{score:8.1f}{consent:8.1f}{mean:13.1f}{longest:16}{words:7}")


def flat(text: str) -> str:
    """A text without the spaces before double punctuation, which would count as words."""
    return re.sub(r" (?=[?!:;»])", "", text)


if __name__ == "__main__":
    main()
