"""The shadow: what hides a name is gone, and every offset leads back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.redaction.shadow import has_mixed_script, make_shadow

TRICKY = st.text(st.sampled_from("aZ é̂ﬁ½…—“”’\u200b\u00ad\u202e\u00a0Аоｂ＠&#64;amp;\n[]😀 Tŷ"), max_size=60)


@pytest.mark.parametrize(
    ("original", "shadow"),
    [
        ("Bl\u200boggs", "Bloggs"),
        ("Bl\u00adoggs", "Bloggs"),
        ("Bl\u00f3ggs", "Bloggs"),
        ("Blоggs", "Bloggs"),  # Cyrillic о
        ("Ｂｌｏｇｇｓ", "Bloggs"),
        ("jo&#64;intranet.local", "jo@intranet.local"),
        ("jo＠intranet.local", "jo@intranet.local"),
        ("O’Brien–Cole", "O'Brien-Cole"),
        ("a\u00a0b", "a b"),
        ("Łukasz", "Lukasz"),
        ("Tom &amp; Jerry", "Tom & Jerry"),
        ("AT&T; and R&D", "AT&T; and R&D"),
        ("&#66l&#x6f;ggs", "Bloggs"),  # a browser reads a number without its semicolon
        ("&amp;#66;l&amp;amp;oggs", "Bl&oggs"),
        ("ʙʟᴏɢɢꜱ", "bloggs"),
        ("🅑loggs 🇧", "Bloggs B"),
        ("Bl\u3164og\u2800gs\x1f", "Bloggs"),
        ("٠٧٧٠٠", "07700"),
        ("a \t  b\u2028c", "a b\nc"),
        ("Bl<b>og</b>g<!-- x -->s and a < b > c", "Bloggs and a < b > c"),
        ("jo <at> work, Blog-\ngs, Pike-\nOkonjo", "jo <at> work, Bloggs, Pike-\nOkonjo"),
    ],
)
def test_what_hides_a_name_is_gone(original: str, shadow: str) -> None:
    assert make_shadow(original).text == shadow


@given(st.one_of(st.text(max_size=60), TRICKY))
def test_offsets_are_whole_characters_in_order_and_lead_back(original: str) -> None:
    shadow = make_shadow(original)
    assert len(shadow.text) == len(shadow.starts) == len(shadow.ends)
    for i in range(len(shadow.text)):
        assert 0 <= shadow.starts[i] < shadow.ends[i] <= len(original)
        if i:
            assert shadow.starts[i - 1] <= shadow.starts[i]
            assert shadow.ends[i - 1] <= shadow.starts[i] or (shadow.starts[i - 1], shadow.ends[i - 1]) == (
                shadow.starts[i],
                shadow.ends[i],
            )


@given(st.text(st.sampled_from("abzAZ 09.,'-@/>;#\n"), max_size=60))
def test_plain_ascii_is_its_own_shadow(original: str) -> None:
    if "  " not in original and "-\n" not in original:
        assert make_shadow(original).text == original


def test_a_mask_covers_the_hidden_characters_inside_and_after() -> None:
    original = "x Bl\u200bo\u0301ggs\u200b y"
    shadow = make_shadow(original)
    start = shadow.text.index("Bloggs")
    assert original[slice(*shadow.to_original(start, start + 6))] == "Bl\u200bo\u0301ggs\u200b"


@pytest.mark.parametrize("text", ["Blоggs", "Bl\u200boggs", "Ηolmes"])
def test_mixed_scripts_are_seen(text: str) -> None:
    assert has_mixed_script(f"the {text} case")


@pytest.mark.parametrize("text", ["Siân and Łukasz", "Tŷ Gwyn", "Привет", "naïve café", "plain"])
def test_one_script_is_no_reason(text: str) -> None:
    assert not has_mixed_script(text)
