"""What people, robots and spreadsheets send where a word was expected. None of it may ever be a 5xx."""

from __future__ import annotations

NAUGHTY = [
    "",
    " \t\r\n ",
    "\x00",
    "a\x00b",
    "\x08\x0b\x0c\x1b[31m\x7f",
    "\ud800",  # half of a character
    "\ufffe\uffff",
    "\u200b\u2060\ufeff",  # nothing to be seen
    "\u202egnirts\u202c \u2066x\u2069",  # letters that run backwards
    "Z\u0351\u036b\u0343\u0347a\u0363\u0331lgo" * 20,
    "田中さん 𠜎𠜱 👩‍👩‍👧‍👦 Nguyễn Thị Ánh عمر بن الخطاب Siân Llŷr",
    "ﬁ ½ ² ① Ⅷ ⁵ ß ı İ K",  # what changes when folded or normalised
    "² ٣ ৩ ３",  # digits that are not ASCII
    "-1",
    "0",
    "1e9999",
    "NaN",
    "9" * 400,
    str(2**63),
    "0x1F",
    "01/13/2026",
    "29 February 2027",
    "'; DROP TABLE fostering_enquiries; --",
    '" OR "1"="1',
    "% _ \\ * ? ( ) AND OR NOT NEAR/2 a:b \"quoted\" 'single' :* <-> & | !",
    "<script>alert(1)</script><img src=x onerror=alert(1)>",
    "{{ 7 * 7 }}{% raw %}${7*7}#{7*7}",
    '=HYPERLINK("http://example.com","x")',
    "../../../etc/passwd%00",
    "Subject: x\r\nBcc: y@example.com\u2028\u2029\x85",
    "%s%n%x%%",
    "a" * 5000,
    "https://evil.example/\\@portal",
    "//evil.example",
]
