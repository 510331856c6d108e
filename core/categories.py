"""Product categories, the fixed list of design §5; words that name them are reference data."""

CATEGORIES = [
    "tv",
    "air_conditioner",
    "refrigerator",
    "washing_machine",
    "water_heater",
    "display",
    "printer",
    "computer",
    "network",
    "therapy_device",
    "water_treatment",
    "other",
]
