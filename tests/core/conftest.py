"""Failures are provoked here by the hundred: their logs are plain, for the coloured ones take half a second each."""

import structlog

structlog.configure(
    processors=[structlog.processors.format_exc_info, structlog.processors.KeyValueRenderer()],
    logger_factory=structlog.PrintLoggerFactory(),
)
