"""Every closed set of values that the models store."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class VersionStatus(TextChoices):
    DRAFT = "draft", _("Draft")
    PUBLISHED = "published", _("Published")
    RETIRED = "retired", _("Retired")


class ResponseStatus(TextChoices):
    DRAFT = "draft", _("Draft")
    SUBMITTED = "submitted", _("Submitted")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class OtherRole(TextChoices):
    """Who the other person is to the one who answers; ``terms.py`` has the words used in the questions."""

    PARTNER = "partner", _("Partner")
    SPOUSE = "spouse", _("Spouse")
    HUSBAND = "husband", _("Husband")
    WIFE = "wife", _("Wife")
    MOTHER = "mother", _("Mother")
    FATHER = "father", _("Father")
    PARENT = "parent", _("Parent")
    DAUGHTER = "daughter", _("Daughter")
    SON = "son", _("Son")
    CHILD = "child", _("Child")
    SISTER = "sister", _("Sister")
    BROTHER = "brother", _("Brother")
    SIBLING = "sibling", _("Sibling")
    FRIEND = "friend", _("Friend")
    RELATIVE = "relative", _("Relative")
    OTHER = "other", _("Other")
