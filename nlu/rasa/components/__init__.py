"""Frontdoor's own Rasa components; they run in Rasa's Python 3.10 only."""
