"""Sizes that people mean when they name a screw: millimetres, by the screw's nominal diameter."""

CLEARANCE = {
    2: 2.4,
    2.5: 2.9,
    3: 3.4,
    4: 4.5,
    5: 5.5,
    6: 6.6,
    8: 9.0,
    10: 11.0,
    12: 13.5,
    14: 15.5,
    16: 17.5,
    20: 22.0,
}
"""Holes that a screw goes through: ISO 273, medium fit."""
COUNTERBORES = {
    3: (6.5, 3.4),
    4: (8.0, 4.4),
    5: (10.0, 5.4),
    6: (11.0, 6.4),
    8: (15.0, 8.6),
    10: (18.0, 10.6),
    12: (20.0, 12.6),
}
"""Diameter and depth for the head of a cylinder screw (ISO 4762): DIN 974-1. A countersunk head (ISO 10642)
is 2.24 times as wide as its screw."""
WASHERS = {
    3: (3.2, 7.0, 0.5),
    4: (4.3, 9.0, 0.8),
    5: (5.3, 10.0, 1.0),
    6: (6.4, 12.0, 1.6),
    8: (8.4, 16.0, 1.6),
    10: (10.5, 20.0, 2.0),
    12: (13.0, 24.0, 2.5),
    16: (17.0, 30.0, 3.0),
    20: (21.0, 37.0, 3.0),
}
"""Inner and outer diameter and thickness: ISO 7089."""
NUTS = {
    3: (5.5, 2.4),
    4: (7.0, 3.2),
    5: (8.0, 4.7),
    6: (10.0, 5.2),
    8: (13.0, 6.8),
    10: (16.0, 8.4),
    12: (18.0, 10.8),
}
"""Width across flats and height: ISO 4032."""
