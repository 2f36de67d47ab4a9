"""What the register of a project refuses."""

from __future__ import annotations

import pytest

from analysis.noyau.errors import Finding, InvalidData
from analysis.noyau.paths import Project
from analysis.sources.register import load_register


def findings(project: Project) -> list[Finding]:
    """Every finding of a register that is refused; a test that asks for those of one that loads fails."""
    with pytest.raises(InvalidData) as caught:
        load_register(project)
    return list(caught.value.findings)


def refusals(project: Project) -> list[str]:
    """The same, in the words that are shown."""
    return [str(finding) for finding in findings(project)]
