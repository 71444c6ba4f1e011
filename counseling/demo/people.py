"""Names and places of the synthetic clinic."""

from __future__ import annotations

from counseling.enums import StaffRole

STAFF = (
    (StaffRole.CLINIC_ADMIN, "Noor Haddad", "noor"),
    (StaffRole.SUPERVISOR, "Ruth Okafor", "ruth"),
    (StaffRole.COUNSELOR, "Maya Lindqvist", "maya"),
    (StaffRole.COUNSELOR, "Tomás Rivera", "tomas"),
    (StaffRole.COUNSELOR, "Ines Moreau", "ines"),
)

COUPLES = (
    ("Ana", "Ben", "Carver"),
    ("Lucía", "Marco", "Delgado"),
    ("Grace", "Henry", "Ellison"),
    ("Ivy", "Jonah", "Frost"),
    ("Kira", "Leon", "Graves"),
    ("Mina", "Noel", "Hart"),
    ("Olga", "Pete", "Ivanov"),
    ("Quinn", "Rosa", "Jensen"),
    ("Sara", "Theo", "Keller"),
    ("Uma", "Viktor", "Lang"),
    ("Wanda", "Xavier", "Mercer"),
    ("Yara", "Zeno", "Novak"),
    ("Alma", "Bruno", "Ortega"),
    ("Clara", "Dario", "Pardo"),
    ("Elena", "Felix", "Quist"),
    ("Greta", "Hugo", "Reyes"),
    ("Isla", "Jack", "Stone"),
    ("Kaya", "Liam", "Turner"),
    ("Mara", "Nico", "Usher"),
    ("Opal", "Paul", "Voss"),
)

SPANISH = frozenset({"Delgado", "Ortega", "Pardo", "Reyes"})
ZONES = ("America/New_York", "America/Los_Angeles")
