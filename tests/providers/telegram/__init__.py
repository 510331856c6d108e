"""A Bot API server: every call is checked against the published schema."""
