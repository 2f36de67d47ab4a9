"""From the validated tables of the deposits to measures: one module a question, and ``calcul.py`` runs them."""
