"""The addresses and codes that FHIR gives things: extensions, code systems, kinds of items.

Extensions are read by any of the names they had; a set's first name is the one that is written.

The one extension of our own is ``DEFINITION``, at the root of an exported Questionnaire: a ``valueString`` with a
canonical JSON object (sorted keys, no spaces) of everything that FHIR has no words for. Its shape is described in
``leftovers.py``.
"""

from collections.abc import Mapping
from typing import Literal

Release = Literal["STU3", "R4", "R4B", "R5"]
RELEASES: Mapping[str, Release] = {"3.0": "STU3", "4.0": "R4", "4.3": "R4B", "5.0": "R5"}
"""By the first two numbers of ``fhirVersion`` or of a profile's address."""

# --- Our own ---------------------------------------------------------------------------------------------------------

BASE = "https://interdepend.example/fhir"
DEFINITION = f"{BASE}/StructureDefinition/definition"
QUESTIONNAIRES = f"{BASE}/Questionnaire"
ANSWERS = f"{BASE}/CodeSystem/answers"
"""The system of answers that were written here: ``code`` is the option's value in digits."""

# --- Extensions ------------------------------------------------------------------------------------------------------

CORE = "http://hl7.org/fhir/StructureDefinition"
SDC = "http://hl7.org/fhir/uv/sdc/StructureDefinition"

WEIGHT = (
    f"{CORE}/itemWeight",
    f"{CORE}/ordinalValue",
    f"{CORE}/questionnaire-ordinalValue",
    f"{CORE}/valueset-ordinalValue",
    f"{CORE}/codesystem-ordinalValue",
    f"{CORE}/iso21090-CO-value",
)
"""What an answer counts, on an answer option, its coding, or a concept of a ValueSet or CodeSystem."""
WEIGHT_PROPERTIES = ("itemWeight", "ordinalValue")
"""The same as a ``property`` of a CodeSystem's concept."""

TRANSLATION = f"{CORE}/translation"
DATA_ABSENT_REASON = f"{CORE}/data-absent-reason"
HIDDEN = f"{CORE}/questionnaire-hidden"
ITEM_CONTROL = f"{CORE}/questionnaire-itemControl"
DISPLAY_CATEGORY = f"{CORE}/questionnaire-displayCategory"
SUPPORT_LINK = f"{CORE}/questionnaire-supportLink"
OPTION_EXCLUSIVE = f"{CORE}/questionnaire-optionExclusive"
OPTION_PREFIX = f"{CORE}/questionnaire-optionPrefix"
UNIT = f"{CORE}/questionnaire-unit"
UNIT_OPTION = f"{CORE}/questionnaire-unitOption"
UNIT_VALUE_SET = f"{CORE}/questionnaire-unitValueSet"
SLIDER_STEP = f"{CORE}/questionnaire-sliderStepValue"
MIN_VALUE = f"{CORE}/minValue"
MAX_VALUE = f"{CORE}/maxValue"
MIN_LENGTH = f"{CORE}/minLength"
REGEX = f"{CORE}/regex"
ENTRY_FORMAT = f"{CORE}/entryFormat"
MAX_DECIMAL_PLACES = f"{CORE}/maxDecimalPlaces"
MIN_OCCURS = f"{CORE}/questionnaire-minOccurs"
MAX_OCCURS = f"{CORE}/questionnaire-maxOccurs"
CALCULATED = f"{SDC}/sdc-questionnaire-calculatedExpression"
INITIAL_EXPRESSION = f"{SDC}/sdc-questionnaire-initialExpression"
ENABLE_WHEN_EXPRESSION = f"{SDC}/sdc-questionnaire-enableWhenExpression"
SHORT_TEXT = f"{SDC}/sdc-questionnaire-shortText"
USAGE_MODE = f"{CORE}/questionnaire-usageMode"
STYLE_SENSITIVE = f"{CORE}/rendering-styleSensitive"
STYLES = (f"{CORE}/rendering-style", f"{CORE}/rendering-xhtml", f"{CORE}/rendering-markdown")
CONCEPT_ORDER = f"{CORE}/valueset-conceptOrder"

# --- Code systems ----------------------------------------------------------------------------------------------------

LOINC = "http://loinc.org"
UCUM = "http://unitsofmeasure.org"
ITEM_CONTROLS = "http://hl7.org/fhir/questionnaire-item-control"
DISPLAY_CATEGORIES = "http://hl7.org/fhir/questionnaire-display-category"
