"""Logs: one line an event on standard error; tracebacks without the values of variables, which are people's data."""

import logging
import sys

import structlog


def to_stderr(level: int = logging.INFO) -> None:
    """Standard output belongs to data, and personal data does not belong in a log."""
    logging.basicConfig(stream=sys.stderr, level=logging.WARNING)
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso"),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        # Looked up at every event: whoever has put another stream in its place may have closed it since.
        logger_factory=lambda *_: structlog.PrintLogger(sys.stderr),
    )
