"""From validated tables of deposits to measures: one module a question, ``calcul.py`` runs them."""
