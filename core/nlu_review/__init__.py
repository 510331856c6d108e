"""Sentences that were understood badly, for people to label; nothing here trains anything."""
