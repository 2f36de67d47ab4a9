"""The law: case types asked of OpenFisca, corrected, kept, and what follows a hire."""
