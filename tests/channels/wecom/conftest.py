from tests.channels.wecom.lesson import lesson
from tests.providers.fixtures import wecom

__all__ = ["lesson", "wecom"]
