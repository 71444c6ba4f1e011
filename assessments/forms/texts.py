"""Questions answered in writing: a line or a few of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from assessments.definition import TextItem
from assessments.forms.field import QuestionField, declining_box
from assessments.forms.sent import DECLINED, Sent, declining_name, texts_sent
from assessments.wording import Words


class TextSent(forms.Widget):
    def value_from_datadict(self, data: Mapping[str, Any], files: object, name: str) -> Sent:
        """A browser sends every line break as two characters and counts it as one; so do we."""
        texts = tuple(text.replace("\r\n", "\n") for text in texts_sent(data, name)[-1:])
        declined = DECLINED in texts_sent(data, declining_name(name))
        return Sent(texts, declined, name in data or declined)


class TextField(QuestionField):
    item: TextItem
    style = "text"
    is_group = False

    def __init__(self, item: TextItem, words: Words) -> None:
        super().__init__(item, words, TextSent())

    def read(self, values: tuple[str, ...]) -> str:
        return values[0]

    def inputs(self, name: str, auto_id: str, sent: Sent, describing: SafeString) -> SafeString:
        box = '<input type="text" class="box" name="{}" id="{}" maxlength="{}" value="{}"{}>'
        area = '<textarea class="box" rows="4" name="{}" id="{}" maxlength="{}"{}>\n{}</textarea>'
        (text,) = sent.values or ("",)
        written = (text, describing) if self.item.short else (describing, text)
        shown = format_html(box if self.item.short else area, name, auto_id, self.item.max_length, *written)
        return shown + declining_box(self, name, auto_id, sent)

    def fault(self, key: str) -> ValidationError:
        return ValidationError(_("Use at most %(limit)s characters."), key, {"limit": self.item.max_length})
