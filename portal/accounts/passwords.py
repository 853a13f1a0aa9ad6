"""Passwords: how they are kept, compared and judged. Knows nothing of people, requests or databases.

A hash takes about 30 ms of a processor and 19 MiB, so nothing here is called inside a transaction.
"""

import base64
import re
import secrets
import unicodedata
from collections.abc import Iterable

from argon2 import PasswordHasher, Type
from argon2.exceptions import InvalidHashError, VerificationError

MINIMUM_LENGTH = 12
MAXIMUM_LENGTH = 128

_MEMORY_KIB = 19 * 1024
_ROUNDS = 2
_LANES = 1
_HASHER = PasswordHasher(
    time_cost=_ROUNDS, memory_cost=_MEMORY_KIB, parallelism=_LANES, hash_len=32, salt_len=16, type=Type.ID
)

# Words that begin most guessable passwords. With twelve characters as the least, what is left to
# refuse is such a word dressed up with digits, signs or another such word.
_COMMON_WORDS = frozenset(
    """
    password passphrase passcode pass word letmein welcome hello login logon signin secret
    private access account admin administrator root superuser user guest test testing tester demo
    example sample default temp temporary change changeme reset newpass qwerty qwertyuiop qwertz
    azerty asdf asdfgh asdfghjkl zxcvbn zxcvbnm qazwsx qazwsxedc onetwothree abcdef abcd abcdefg
    monkey dragon master football baseball superman batman starwars pokemon princess sunshine
    shadow summer autumn winter spring january february march april june july august september
    october november december monday tuesday wednesday thursday friday saturday sunday iloveyou
    loveyou love trustno nothing whatever freedom flower chocolate cheese coffee computer internet
    laptop office manager service services england english britain london liverpool arsenal chelsea
    united saints social worker work staff team fostering foster carer carers child children family
    families care recruitment vacancy vacancies portal council city county borough local authority
    government department directorate
    """.split()  # noqa: SIM905  # a paragraph can be read, a hundred and fifty quoted words cannot
)
# Read as runs of the keyboard, the digits or the alphabet, forwards or backwards.
_RUNS = (
    "abcdefghijklmnopqrstuvwxyz",
    "01234567890",
    "qwertyuiop",
    "asdfghjkl",
    "zxcvbnm",
    "1qaz2wsx3edc4rfv5tgb",
)
_LOOK_ALIKES = str.maketrans("013457@$!|", "oieastasil")
_ENOUGH_LETTERS_OF_ONES_OWN = 6
_SHORTEST_CONTEXT_WORD = 3
_FEWEST_DIFFERENT_CHARACTERS = 5


def hash_password(password: str) -> str:
    """The argon2id hash to keep, with its own salt and parameters inside.

    >>> hash_password("long enough to count").startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    True
    """
    return _HASHER.hash(_as_bytes(password))


def _nobodys_hash() -> str:
    """A well-formed hash that no password is known to meet, made without doing the work of hashing."""
    salt, digest = (
        base64.b64encode(secrets.token_bytes(size)).decode("ascii").rstrip("=")
        for size in (_HASHER.salt_len, _HASHER.hash_len)
    )
    return f"$argon2id$v=19$m={_MEMORY_KIB},t={_ROUNDS},p={_LANES}${salt}${digest}"


_NOBODYS_HASH = _nobodys_hash()


def password_matches(password_hash: str | None, password: str) -> bool:
    """Whether the password is the one that was hashed, compared exactly as typed.

    One argon2 verification is done whatever comes in: without a hash (an unknown or disabled
    person, or one who has set no password yet) and for over-long passwords too, so that the time
    taken does not tell who has an account.
    """
    countable = len(password) <= MAXIMUM_LENGTH
    try:
        _HASHER.verify(password_hash or _NOBODYS_HASH, _as_bytes(password[:MAXIMUM_LENGTH]))
    except (VerificationError, InvalidHashError):
        return False
    return countable and password_hash is not None


def needs_new_hash(password_hash: str) -> bool:
    """Whether the hash was made with other parameters than today's."""
    return _HASHER.check_needs_rehash(password_hash)


def why_unsuitable(password: str, context: Iterable[str] = ()) -> str | None:
    """What is wrong with a new password, as a sentence for the person choosing it, or None.

    `context` holds names that a guesser would try first: the council, the service, the person’s
    own name and e-mail address. They are split into words here.
    """
    if len(password) < MINIMUM_LENGTH:
        return f"Password must be {MINIMUM_LENGTH} characters or more"
    if len(password) > MAXIMUM_LENGTH:
        return f"Password must be {MAXIMUM_LENGTH} characters or fewer"
    folded = unicodedata.normalize("NFKC", password).casefold()
    if len(set(folded)) < _FEWEST_DIFFERENT_CHARACTERS or _repeats_a_short_piece(folded) or _is_a_run(folded):
        return "Choose a password that is harder to guess, such as three words that do not belong together"
    if _is_only(_COMMON_WORDS | _words_of(context), folded):
        return (
            "Choose a password that is harder to guess. It must not be made only of common words, "
            "your name, your email address or the name of the council or this service"
        )
    return None


def _as_bytes(password: str) -> bytes:
    # Lone surrogates can come out of hostile form bodies; they are just other wrong bytes.
    return password.encode("utf-8", "surrogatepass")


def _words_of(context: Iterable[str]) -> frozenset[str]:
    words: set[str] = set()
    for text in context:
        parts = re.findall(r"[^\W_]+", unicodedata.normalize("NFKC", text).casefold())
        words.update(part for part in parts if len(part) >= _SHORTEST_CONTEXT_WORD)
    return frozenset(words)


def _is_only(words: frozenset[str], folded: str) -> bool:
    """Whether taking those words away, also where digits stand for letters, leaves next to nothing."""
    return any(_little_is_left(words, spelling) for spelling in (folded, folded.translate(_LOOK_ALIKES)))


def _little_is_left(words: frozenset[str], spelling: str) -> bool:
    longest_first = sorted(words, key=len, reverse=True)
    rest, found = re.subn("|".join(map(re.escape, longest_first)), " ", spelling)
    letters = sum(character.isalpha() for character in rest)
    return found > 0 and letters < _ENOUGH_LETTERS_OF_ONES_OWN


def _repeats_a_short_piece(folded: str) -> bool:
    """Whether it is one piece said three times or more, the last one perhaps cut short."""
    return any(
        (folded[:size] * len(folded))[: len(folded)] == folded for size in range(1, len(folded) // 3 + 1)
    )


def _is_a_run(folded: str) -> bool:
    """Whether nearly every step from one character to the next follows a well-known row."""
    pairs = {row[place : place + 2] for row in _RUNS for place in range(len(row) - 1)}
    both_ways = pairs | {pair[::-1] for pair in pairs}
    steps = sum(folded[place : place + 2] in both_ways for place in range(len(folded) - 1))
    return steps >= (len(folded) - 1) * 3 // 4
