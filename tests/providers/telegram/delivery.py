"""Telegram's side of a webhook: POST, secret header, again until 2xx; also twice and in any order, as it happens."""

import json
import random
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx

from tests.providers.record import Call
from tests.providers.telegram.state import State
from tests.providers.telegram.updates import callback
from tests.waiting import PATIENCE

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"
Update = dict[str, Any]


class Delivery:
    """`client` may be a Starlette TestClient; without it the requests go over the network."""

    state: State
    lock: threading.RLock
    handle: Callable[[Call], Any]
    retry_pause = 0.05  # Telegram waits longer and longer

    def deliver(
        self,
        update: Update,
        to: str | None = None,
        secret: str | None = None,
        tries: int = 3,
        client: httpx.Client | None = None,
    ) -> list[int]:
        """The status of every try; 0 for none. `to` and `secret` default to what setWebhook asked for.

        An update of a kind that the webhook did not ask for is not sent.
        """
        with self.lock:
            self.state.learn(update)
            if self.state.webhook["url"] and not self.state.wants(update):
                return []
        statuses: list[int] = []
        while len(statuses) < tries and not (statuses and 200 <= statuses[-1] < 300):
            if statuses:
                time.sleep(self.retry_pause)
            statuses.append(self._post(update, to, secret, client))
        return statuses

    def deliver_all(
        self, updates: list[Update], copies: int = 1, shuffle: int | None = None, workers: int = 8, **how: Any
    ) -> list[list[int]]:
        """Many at once, each so many times, in the order of a shuffle with that seed."""
        jobs = updates * copies
        if shuffle is not None:
            random.Random(shuffle).shuffle(jobs)
        with ThreadPoolExecutor(workers) as pool:
            return list(pool.map(lambda update: self.deliver(update, **how), jobs))

    def press(self, chat_id: int, label: str, **who: Any) -> Update:
        """The update of pressing the newest button whose label contains this text."""
        for message in reversed([*self.state.chats[chat_id].messages.values()]):
            for row in message.get("reply_markup", {}).get("inline_keyboard", []):
                for button in row:
                    if label in button["text"]:
                        return callback(button["callback_data"], message=message, **who)
        raise AssertionError(f"no button {label} in chat {chat_id}")

    def _post(self, update: Update, to: str | None, secret: str | None, client: httpx.Client | None) -> int:
        token = self.state.webhook.get("secret_token") if secret is None else secret
        headers = {"Content-Type": "application/json"} | ({SECRET_HEADER: token} if token else {})
        content = json.dumps(update, ensure_ascii=False).encode()
        post = client.post if client else _direct
        try:
            answer = post(to or self.state.webhook["url"], content=content, headers=headers)
        except httpx.HTTPError as error:
            self._failed(f"{type(error).__name__}: {error}")
            return 0
        if not 200 <= answer.status_code < 300:
            self._failed(f"Wrong response from the webhook: {answer.status_code} {answer.reason_phrase}")
        elif b'"method"' in answer.content:  # the answer to a webhook may carry one API call
            params = answer.json()
            self.handle(Call(params.pop("method"), params))
        return answer.status_code

    def _failed(self, why: str) -> None:
        self.state.webhook |= {"last_error_date": int(time.time()), "last_error_message": why}


def _direct(url: str, content: bytes, headers: dict[str, str]) -> httpx.Response:
    return httpx.post(url, content=content, headers=headers, timeout=PATIENCE, trust_env=False, verify=False)
