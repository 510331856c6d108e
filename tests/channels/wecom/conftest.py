from tests.providers.fixtures import wecom

__all__ = ["wecom"]
