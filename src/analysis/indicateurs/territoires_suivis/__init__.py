"""The follow-up of every territory: what is known of each, and which rules raise an alert on a given day.

``records`` → ``declares`` what people wrote (who is followed, the rules, the silences) → ``alertes`` the
rules.
"""
