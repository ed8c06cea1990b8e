"""A class of fifty fields, to measure the cost of reading and writing values."""

from __future__ import annotations

from dataclasses import dataclass, fields

from podium.wire.classes import WireClass, WireField, register


@dataclass(kw_only=True)
class Wide:
    """Strings, numbers and booleans."""

    field_0: str
    field_1: str
    field_2: str
    field_3: str
    field_4: str
    field_5: str
    field_6: str
    field_7: str
    field_8: str
    field_9: str
    field_10: str
    field_11: str
    field_12: str
    field_13: str
    field_14: str
    field_15: str
    field_16: str
    field_17: str
    field_18: str
    field_19: str
    field_20: int
    field_21: int
    field_22: int
    field_23: int
    field_24: int
    field_25: int
    field_26: int
    field_27: int
    field_28: int
    field_29: int
    field_30: int
    field_31: int
    field_32: int
    field_33: int
    field_34: int
    field_35: float
    field_36: float
    field_37: float
    field_38: float
    field_39: float
    field_40: float
    field_41: float
    field_42: float
    field_43: float
    field_44: float
    field_45: bool
    field_46: bool
    field_47: bool
    field_48: bool
    field_49: bool


ON_THE_WIRE = {"str": "String", "int": "int", "float": "double", "bool": "bool"}
SAMPLES = {"str": "some words", "int": 42, "float": 1.5, "bool": True}

KINDS = {each.name: str(each.type) for each in fields(Wide)}
SAMPLE = {name.replace("_", ""): SAMPLES[kind] for name, kind in KINDS.items()}
"""A value in its form on the wire."""

register(
    [
        WireClass(
            "Wide",
            Wide,
            [WireField(name.replace("_", ""), name, ON_THE_WIRE[kind]) for name, kind in KINDS.items()],
        )
    ]
)
