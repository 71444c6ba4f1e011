"""How sensitive each stored field is: public, personal (says who) or clinical (says how they are).

Exports, logs and erasure go by it; a convention test fails when a field is missing here.
"""

from collections.abc import Mapping
from typing import Literal

Sensitivity = Literal["public", "personal", "clinical"]

CLASSIFICATION: Mapping[str, Mapping[str, Sensitivity]] = {
    "Instrument": {"id": "public", "slug": "public", "title": "public"},
    "InstrumentVersion": {
        "id": "public",
        "instrument": "public",
        "number": "public",
        "status": "public",
        "definition_json": "public",
        "digest": "public",
        "published_at": "public",
        "retired_at": "public",
    },
    "Response": {
        "id": "public",
        "version": "clinical",
        "status": "clinical",
        "language": "personal",
        "other_role": "personal",
        "other_term": "personal",
        "answers": "clinical",
        "item_seconds": "clinical",
        "revision": "public",
        "started_at": "clinical",
        "saved_at": "clinical",
        "submitted_at": "clinical",
        "withdrawn_at": "clinical",
    },
    "Score": {
        "id": "public",
        "response": "clinical",
        "scale": "clinical",
        "value": "clinical",
        "answered": "clinical",
        "total": "public",
        "prorated": "clinical",
        "sem": "clinical",
        "scoring_version": "public",
    },
}
