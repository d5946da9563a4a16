"""Settings: one table, read once, errors that name what is allowed."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from web.settings import SettingError, Settings, describe


def test_nothing_set_gives_the_defaults() -> None:
    assert Settings.read({}) == Settings()
    assert Settings().host == "127.0.0.1"


def test_variables_are_read_and_options_win() -> None:
    environment = {"SELVEDGE_PORT": "9000", "SELVEDGE_VAR": "/srv/var", "PATH": "/bin"}
    settings = Settings.read(environment, host=None, port="9001")
    assert (settings.port, settings.var, settings.host) == (9001, Path("/srv/var"), "127.0.0.1")


def test_an_empty_variable_is_the_default() -> None:
    assert Settings.read({"SELVEDGE_PORT": " "}).port == Settings().port


@pytest.mark.parametrize("word", ["0.5", "-1", "65536", "８０８０", "http", "9" * 5000, "1_0"])
def test_a_port_that_is_none_names_value_and_range(word: str) -> None:
    with pytest.raises(SettingError) as caught:
        Settings.read({"SELVEDGE_PORT": word})
    message = caught.value.message
    assert message.startswith(f'SELVEDGE_PORT is "{word[:60]}"')
    assert "0 to 65535" in message


def test_a_misspelled_variable_names_the_allowed_ones() -> None:
    with pytest.raises(SettingError, match=r"SELVEDGE_PROT is not a setting.*SELVEDGE_PORT"):
        Settings.read({"SELVEDGE_PROT": "9000"})


def test_every_setting_is_described_with_its_default() -> None:
    table = dict(describe())
    assert "127.0.0.1" in table["SELVEDGE_HOST"]
    assert len(table) == len(Settings.__slots__)


@given(st.text())
def test_any_word_is_a_port_or_one_sentence(word: str) -> None:
    try:
        port = Settings.read({"SELVEDGE_PORT": word}).port
    except SettingError:
        return
    assert 0 <= port <= 65535
