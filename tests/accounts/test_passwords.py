"""Which passwords are refused, and that the check does the same work for everybody."""

from __future__ import annotations

import argon2
import pytest

from portal.accounts import passwords

WORDS = (
    "Hana Khan",
    "hana.khan@example.org",
    "Southampton City Council",
    "Children’s services: careers and fostering",
)


@pytest.mark.parametrize(
    "password",
    [
        "marmalade lamp oak",
        "tulip-anvil-9931",
        "x8#Kq!22zP0$",
        "simplicity-velvet-otter",
        "my gran lived in Southampton",
        "пароль длинный очень",
        "🦊🐼🐸🦁🐯🐨🐻🐷🐮🐔🐧🐦",
        "a" * 4 + "-quite-different-end",
        "heron umbrella fjord " + "4" * 107,
    ],
)
def test_good_passwords_pass(password):
    assert passwords.why_unsuitable(password, WORDS) is None


@pytest.mark.parametrize("length", [0, 1, 11])
def test_too_short(length):
    assert (
        passwords.why_unsuitable("xK7#pQ2!vM9z"[:length], WORDS) == "Password must be 12 characters or more"
    )


def test_exactly_twelve_and_exactly_the_most_are_enough():
    assert passwords.why_unsuitable("xK7#pQ2!vM9z", WORDS) is None
    longest = ("heron umbrella fjord " * 7)[:128]
    assert passwords.why_unsuitable("z" + longest[1:], ()) is None
    assert passwords.why_unsuitable(longest + "x", ()) == "Password must be 128 characters or fewer"


@pytest.mark.parametrize(
    "password",
    [
        "aaaaaaaaaaaaaaa",
        "abcabcabcabcabc",
        "123456789012",
        "987654321098",
        "qwertyuiop12",
        "abcdefghijklmn",
        "1qaz2wsx3edc",
    ],
)
def test_patterns_are_refused(password):
    assert "harder to guess" in passwords.why_unsuitable(password, WORDS)


@pytest.mark.parametrize(
    "password",
    [
        "Password12345678",
        "P@ssw0rd1234!",
        "ｐａｓｓｗｏｒｄ１２３４",
        "Welcome2026!!",
        "Summer2026Summer",
        "hanakhan123456",
        "Khan.Hana.2026",
        "example.org-khan",
        "Southampton2026!",
        "SouthamptonCity!",
        "CareersFostering",
        "fostering-children-9",
    ],
)
def test_common_and_context_words_are_refused(password):
    assert "made only of common words" in passwords.why_unsuitable(password, WORDS)


def test_a_hash_is_argon2id_with_our_parameters_and_its_own_salt():
    first, second = passwords.hash_password("heron umbrella"), passwords.hash_password("heron umbrella")
    assert first.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert first != second
    assert len(first) <= 255


@pytest.mark.parametrize(
    "typed",
    [
        "Heron umbrella",
        "heron umbrella ",
        " heron umbrella",
        "heron umbrella\0",
        "heron  umbrella",
        "heron umbrell",
        "",
    ],
)
def test_the_comparison_is_exact(typed):
    kept = passwords.hash_password("heron umbrella")
    assert passwords.password_matches(kept, "heron umbrella")
    assert not passwords.password_matches(kept, typed)


def test_no_part_of_a_long_password_is_cut_off():
    long = "heron umbrella fjord " * 6
    kept = passwords.hash_password(long)
    assert passwords.password_matches(kept, long)
    assert not passwords.password_matches(kept, long[:-1])


def test_over_long_and_undecodable_passwords_are_just_wrong():
    kept = passwords.hash_password("h" * 128)
    assert not passwords.password_matches(kept, "h" * 129)
    assert not passwords.password_matches(kept, "h" * 100_000)
    assert not passwords.password_matches(kept, "\ud800")


def test_nobody_and_nonsense_match_nothing():
    assert not passwords.password_matches(None, "heron umbrella")
    assert not passwords.password_matches("not a hash", "heron umbrella")


def test_the_work_is_the_same_with_and_without_an_account(monkeypatch):
    """One argon2 run with the same parameters, whatever comes in: the time cannot tell who is known."""
    runs = []
    real = argon2.low_level.verify_secret

    def counted(hash_, secret, type_):
        runs.append(argon2.extract_parameters(hash_.decode()))
        return real(hash_, secret, type_)

    monkeypatch.setattr("argon2._password_hasher.verify_secret", counted)
    kept = passwords.hash_password("heron umbrella")
    for password_hash, typed in (
        (kept, "heron umbrella"),
        (kept, "wrong"),
        (None, "wrong"),
        (None, "h" * 5000),
    ):
        runs.clear()
        passwords.password_matches(password_hash, typed)
        assert runs == [argon2.extract_parameters(kept)]


def test_outdated_parameters_are_noticed():
    weak = argon2.PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash("heron umbrella")
    assert passwords.needs_new_hash(weak)
    assert not passwords.needs_new_hash(passwords.hash_password("heron umbrella"))
