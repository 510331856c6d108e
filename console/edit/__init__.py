"""Editing the reference data: articles, outlets, hotlines, wording and policies (H3)."""
