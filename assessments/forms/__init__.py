"""The form for one page of a questionnaire: works without JavaScript, asks the database nothing.

``page`` the form · ``field`` what all questions have in common · ``choices``, ``numbers``, ``dates`` and ``texts`` how
each kind is answered · ``sent`` what browsers send · ``markup`` how it is written down · ``preview`` the whole
questionnaire for staff.

A form renders itself (``{{ form }}``) as the reference period, the page's intro and advice, a summary of what is wrong,
and its questions. The page's heading is ``form.title``.
"""

from assessments.forms.markup import foreign
from assessments.forms.page import BlockForm, block_form
from assessments.forms.preview import preview_forms
from assessments.forms.sent import DECLINED

__all__ = ["DECLINED", "BlockForm", "block_form", "foreign", "preview_forms"]
