from assessments.models.instrument import Instrument, InstrumentVersion
from assessments.models.response import Response, Score

__all__ = ["Instrument", "InstrumentVersion", "Response", "Score"]
