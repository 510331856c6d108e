"""Without uv, or with a broken lock, the reason is told and nothing half-made is left."""

import os
from pathlib import Path

import pytest

from nlu import environment
from nlu.environment import NluUnavailable, ensure_environment
from nlu.process import start_server


@pytest.fixture
def empty_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    return tmp_path / "frontdoor"


def no_uv(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("UV", raising=False)
    monkeypatch.setattr(environment.sys, "executable", str(tmp_path / "none"))


def test_no_uv_is_said(empty_cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    no_uv(monkeypatch, tmp_path)
    with pytest.raises(NluUnavailable, match="uv is not installed"):
        ensure_environment(lambda line: None)


def test_a_failed_installation_leaves_nothing(
    empty_cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fake = tmp_path / "uv"
    fake.write_text('#!/bin/sh\n[ "$1" = --version ] && exit 0\necho "no network" >&2\nexit 1\n')
    fake.chmod(0o755)
    monkeypatch.setenv("UV", str(fake))
    with pytest.raises(NluUnavailable, match="no network"):
        ensure_environment(lambda line: None)
    assert [name for name in os.listdir(empty_cache) if not name.endswith(".lock")] == []


def test_the_server_reports_why_it_failed(
    empty_cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    no_uv(monkeypatch, tmp_path)
    server = start_server(progress=lambda line: None)
    assert server.wait(20) is False
    assert (server.state, server.reason) == ("failed", "uv is not installed (pip install uv)")
