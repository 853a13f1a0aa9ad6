"""E-mail addresses, phone numbers and postcodes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.core.emails import parse_email
from portal.core.phones import dialled, display_phone, in_groups, is_mobile, parse_phone
from portal.core.postcodes import normalise_postcode, suggest_postcode

anything = st.text(alphabet=st.characters(codec=None), max_size=300)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("sam@example.org", "sam@example.org"),
        ("  Sam.Smith+jobs@EXAMPLE.Org ", "Sam.Smith+jobs@example.org"),
        ("\u200bsam@example.org\u00a0", "sam@example.org"),
        ("sam@XN--mnchen-3ya.example.org", "sam@xn--mnchen-3ya.example.org"),
        ("sam@xn--mnchen-3ya.de", "sam@xn--mnchen-3ya.de"),  # as browsers send münchen.de
    ],
)
def test_an_address_is_read(typed: str, kept: str) -> None:
    assert parse_email(typed) == kept
    assert parse_email(kept) == kept


labels = st.text(alphabet="abcdeäöüßéñжд", min_size=1, max_size=12)


@given(labels)
def test_a_kept_address_of_any_domain_is_read_again(label: str) -> None:
    try:
        address = parse_email(f"sam@{label.encode('idna').decode()}.example.org")
    except ValueError:
        return
    assert address.isascii()
    assert parse_email(address) == address


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "sam",
        "sam@example",
        "sam@@example.org",
        "sam@example.org, kim@example.org",
        "sam@example.org;kim@example.org",
        "Sam <sam@example.org>",
        "sam@example.org\r\nBcc: kim@example.org",
        "sam@example.org\nkim@example.org",
        "sam\x00@example.org",
        "sam@example.org\x85x",
        "sam@example.org\u2028x",
        "sam@exаmple.org",  # a Cyrillic letter
        "ѕam@example.org",
        "sam@ｅxample.org",
        "sam＠example.org",
        "sam\u202e@example.org",
        "sam smith@example.org",
        '"sam smith"@example.org',
        "sam@[127.0.0.1]",
        "sam@localhost",
        f"{'s' * 250}@example.org",
    ],
)
def test_anything_but_one_ordinary_address_is_refused(typed: str) -> None:
    with pytest.raises(ValueError, match="address"):
        parse_email(typed)


@given(anything)
def test_no_text_upsets_the_reading_of_addresses(text: str) -> None:
    try:
        address = parse_email(text)
    except ValueError:
        return
    assert address.isascii()
    assert address.isprintable()
    assert address.count("@") == 1
    assert parse_email(address) == address


@pytest.mark.parametrize(
    ("typed", "kept", "shown"),
    [
        ("01632 960001", "+441632960001", "01632 960001"),
        ("(01632) 960-001", "+441632960001", "01632 960001"),
        ("+44 (0)1632 960 001", "+441632960001", "01632 960001"),
        ("0044 7700 900982", "+447700900982", "07700 900982"),
        ("07700\u2011900\u00a0982", "+447700900982", "07700 900982"),
        ("٠٧٧٠٠ ٩٠٠٩٨٢", "+447700900982", "07700 900982"),
        ("+33 1 23 45 67 89", "+33123456789", "+33 1 23 45 67 89"),
        ("020 7946 0123", "+442079460123", "020 7946 0123"),
        ("+44 808 157 0192", "+448081570192", "0808 157 0192"),
        ("016977 2345", "+44169772345", "016977 2345"),  # one of the few that have nine digits
    ],
)
def test_a_number_is_read_however_it_is_written(typed: str, kept: str, shown: str) -> None:
    assert parse_phone(typed) == kept
    assert display_phone(kept) == shown
    assert parse_phone(shown) == kept


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "none",
        "999",
        "0800 FLOWERS",
        "01632 960001 or 07700 900982",
        "01632 960001 ext 12",
        "+",
        "1" * 30,
        "07700²900982",
        "07700 90098",
        "07700 9009821",
        "07700900",
        "023 8083",
        "01632 96000",
        "960001",
        "1234567",
        "0000000",
        "0000000000",
        "00000000000",
        "+44 7700 90098",
        "+44 1234567",
        "+33 1 23 45",
    ],
)
def test_what_is_no_number_is_refused(typed: str) -> None:
    with pytest.raises(ValueError, match="not a"):
        parse_phone(typed)


@pytest.mark.parametrize(
    ("number", "mobile"),
    [
        ("+447700900982", True),
        ("+447624900000", True),
        ("+447070000000", False),
        ("+447640000000", False),
        ("+441632960001", False),
        ("+448081570192", False),
        ("+33612345678", True),
        ("+33123456789", False),
        ("junk", False),
    ],
)
def test_which_numbers_take_a_text_message(number: str, mobile: bool) -> None:
    assert is_mobile(number) is mobile


@given(anything)
def test_no_text_upsets_the_reading_of_numbers(text: str) -> None:
    display_phone(text)
    is_mobile(text)
    try:
        number = parse_phone(text)
    except ValueError:
        return
    assert parse_phone(display_phone(number)) == number
    assert parse_phone(number) == number


@given(st.from_regex(r"(\+|00)?[0-9 ]{5,18}", fullmatch=True))
def test_a_kept_number_is_read_again(typed: str) -> None:
    try:
        number = parse_phone(typed)
    except ValueError:
        return
    assert parse_phone(number) == number
    assert parse_phone(display_phone(number)) == number


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("so147ly", "SO14 7LY"),
        (" So14-7LY. ", "SO14 7LY"),
        ("M1 1AE", "M1 1AE"),
        ("EC1A1BB", "EC1A 1BB"),
        ("GIR 0AA", "GIR 0AA"),
        ("ＳＯ14 7LY", "SO14 7LY"),
    ],
)
def test_a_postcode_in_any_spelling(typed: str, kept: str) -> None:
    assert normalise_postcode(typed) == kept


@pytest.mark.parametrize(
    "typed", ["", "SO14", "SO15 2IK", "S014 7LY", "QO14 7LY", "SO14 7LYX", "12345", "SO14 7L٣"]
)
def test_what_has_not_the_form_is_refused(typed: str) -> None:
    assert normalise_postcode(typed) is None


def test_a_confused_letter_is_suggested_and_never_taken() -> None:
    assert suggest_postcode("S014 7LY") == "SO14 7LY"
    assert suggest_postcode("SO14 7LY") is None
    assert suggest_postcode("SO15 2IK") is None


@given(anything)
def test_no_text_upsets_the_reading_of_postcodes(text: str) -> None:
    suggest_postcode(text)
    postcode = normalise_postcode(text)
    assert postcode is None or normalise_postcode(postcode) == postcode


@pytest.mark.parametrize(
    ("written", "dials", "read"),
    [
        ("023 8083 3336", "+442380833336", "023 8083 3336"),
        ("01632960018", "+441632960018", "01632 960 018"),
        ("01632 960018", "+441632960018", "01632 960 018"),
        ("0300 131 2797", "+443001312797", "0300 131 2797"),
        ("999", "999", "999"),
    ],
)
def test_our_own_numbers_can_be_dialled_and_read_aloud(written: str, dials: str, read: str) -> None:
    assert (dialled(written), in_groups(written)) == (dials, read)
