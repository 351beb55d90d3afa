"""The class of a contributor's force: known for forces by their own name, and for nobody else."""

import pytest

from pipeline.forces import force_classes, force_type
from pipeline.tables import FORCE_TYPES


@pytest.mark.parametrize(
    ("organisation", "kind"),
    [
        ("Kent Police", "county force"),
        ("  kent POLICE ", "county force"),
        ("Hampshire & IOW Constabulary", "county force"),
        ("Heddlu De Cymru / South Wales Police", "county force"),
        ("GMP", "metropolitan force"),
        ("the Met", "metropolitan force"),
        ("Police Scotland", "national force"),
        ("British Transport Police", "national force"),
        # not a force, or not known to be one
        ("", ""),
        ("the", ""),
        ("–", ""),
        ("Kent", ""),
        ("Kent Police Federation", ""),
        ("Office of the Police and Crime Commissioner for Kent", ""),
        ("Met Office", ""),
        ("Acme, supplier to Kent Police", ""),
        ("Kent Police / Essex Police", ""),
        ("Isle of Man Constabulary", ""),  # a class of its own would name it
    ],
)
def test_force_type(organisation: str, kind: str) -> None:
    assert force_type(organisation) == kind


def test_every_class_may_stand_in_the_table() -> None:
    assert set(force_classes().values()) == set(FORCE_TYPES) - {""}
