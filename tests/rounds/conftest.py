"""孙老师's school, for the calendar that trainings and visits share."""

from tests.training.conftest import school

__all__ = ["school"]
