"""Under which law a territory may be habilitated, on a given day, and what a candidate's dossier is worth to
it.

``records`` what is declared and what is judged → ``declares`` what people wrote of the law → ``dossier`` the
workbook of a candidate → ``examen``, ``financement``, ``ressemblance`` what follows from both.
"""
