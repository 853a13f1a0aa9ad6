"""Texts that are hard on whoever writes them into XML, JSON, HTML or a calendar."""

from __future__ import annotations

HARD = [
    "</script><script>alert(1)</script><!-- ]]> <![CDATA[",
    "田中さん 𠜎 👩‍👩‍👧‍👦 Nguyễn Thị Ánh عمر بن الخطاب Siân Llŷr",
    "a, b; c\\ d: e\\n \u2028\u2029 line\nbreak",
    "\x01\x08\x0b\x1f\x7f\x85\ufffe controls",
    "&amp; <b>bold</b> & 'x' \"y\"",
    "ö" * 99,
    "x",
]
