from tests.providers.fixtures import telegram, wechat, wecom

__all__ = ["telegram", "wechat", "wecom"]
