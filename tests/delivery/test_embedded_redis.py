"""The embedded server: private, lasting, and findable from a deep folder."""

import os
import signal
import stat
from pathlib import Path

import pytest
from redis import Redis

from feedback.delivery import embedded_redis
from feedback.delivery.embedded_redis import (
    EmbeddedRedis,
    EmbeddedRedisFailed,
    SocketPathTooLong,
    socket_path,
)


@pytest.fixture(autouse=True)
def short_base(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A runtime folder of the test's own, in the place of the user's."""
    base = tmp_path_factory.mktemp("r")
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(base))
    return base


def deep(folder: Path) -> Path:
    return folder / ("deep" * 25)


def test_what_was_written_survives_a_killed_server(tmp_path: Path) -> None:
    server = EmbeddedRedis(tmp_path)
    server.start()
    with Redis.from_url(server.url) as client:
        client.set("kept", "yes")
    server.kill()
    with EmbeddedRedis(tmp_path) as again, Redis.from_url(again.url) as client:
        assert client.get("kept") == b"yes"


def test_only_its_owner_reaches_it_and_nothing_is_evicted(tmp_path: Path) -> None:
    data_dir = tmp_path / "data"
    with EmbeddedRedis(data_dir) as server, Redis.from_url(server.url) as client:
        path = socket_path(data_dir)
        assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
        assert stat.S_IMODE(path.stat().st_mode) == 0o700
        expected = {
            "port": "0",
            "appendonly": "yes",
            "appendfsync": "everysec",
            "maxmemory-policy": "noeviction",
        }
        assert client.config_get(*expected) == expected


def test_nothing_is_left_running_after_a_stop(tmp_path: Path) -> None:
    with EmbeddedRedis(tmp_path) as server:
        pid = server.pid
        os.kill(pid, 0)
    with pytest.raises(ProcessLookupError):
        os.kill(pid, signal.SIG_DFL)


def test_a_second_server_in_the_same_folder_is_refused(tmp_path: Path) -> None:
    with EmbeddedRedis(tmp_path), pytest.raises(EmbeddedRedisFailed, match="already uses"):
        EmbeddedRedis(tmp_path).start()


def test_a_server_that_cannot_start_says_why(tmp_path: Path) -> None:
    server = EmbeddedRedis(tmp_path)
    (tmp_path / "redis" / "appendonlydir").write_text("in the way")
    with pytest.raises(EmbeddedRedisFailed, match=r"did not start: .+"):
        server.start()


def test_a_deep_data_folder_gets_a_short_private_socket_and_remembers_it(
    tmp_path: Path, short_base: Path
) -> None:
    data_dir = deep(tmp_path)
    path = socket_path(data_dir)
    assert path.is_relative_to(short_base)
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert socket_path(data_dir) == path
    with EmbeddedRedis(data_dir) as server, Redis.from_url(server.url) as client:
        assert client.ping()


def test_a_remembered_folder_that_others_can_enter_is_not_used_again(tmp_path: Path) -> None:
    first = socket_path(deep(tmp_path))
    first.parent.chmod(0o755)
    assert socket_path(deep(tmp_path)) != first


def test_a_remembered_folder_that_was_swept_away_is_made_anew(tmp_path: Path) -> None:
    first = socket_path(deep(tmp_path))
    first.parent.rmdir()
    assert socket_path(deep(tmp_path)).parent.is_dir()


def test_no_short_folder_at_all_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(embedded_redis, "LONGEST_SOCKET_PATH", 5)
    with pytest.raises(SocketPathTooLong, match="too deep"):
        socket_path(tmp_path)
