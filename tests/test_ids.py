"""Opaque ids: stable under a key, unguessable without it, and never the same for two things."""

from pipeline.ids import opaque_id, text_hash

KEY = b"k" * 32


def test_an_id_is_the_same_under_one_key_and_another_under_another() -> None:
    assert opaque_id(KEY, "person", "jo@x.example") == opaque_id(KEY, "person", "jo@x.example")
    assert opaque_id(KEY, "person", "jo@x.example") != opaque_id(b"l" * 32, "person", "jo@x.example")


def test_an_id_says_nothing_of_what_it_stands_for() -> None:
    found = opaque_id(KEY, "person", "jo")
    assert len(found) == 16 and set(found) <= set("0123456789abcdef")
    assert found not in (text_hash("person", "jo")[:16], text_hash("jo")[:16])


def test_parts_are_not_run_together() -> None:
    """Or row 1 of file 12 would be row 12 of file 1, and two people one."""
    for make in (lambda *parts: opaque_id(KEY, *parts), text_hash):
        assert make("1", "23") != make("12", "3")
        assert make("a", "") != make("a")
        assert make("a", "b") != make("b", "a")
        assert make("a", "c") != make("b", "c")


def test_a_thousand_ids_are_a_thousand() -> None:
    assert len({opaque_id(KEY, "person", str(n)) for n in range(20_000)}) == 20_000


def test_half_a_surrogate_pair_can_be_hashed() -> None:
    assert text_hash("\ud83d") != text_hash("?")
