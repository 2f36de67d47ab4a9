"""The surveys: how LimeSurvey writes them, how answers are read, the access codes."""
