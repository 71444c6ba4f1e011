"""The staff's pages about questionnaires on Django's admin, one file a screen.

``base`` what they share · ``instruments`` the list and one questionnaire · ``versions`` one version · ``uploading``,
``editing``, ``previewing``, ``trying``, ``comparing``, ``moving``, ``downloading`` what can be done.
"""

from assessments.admin import instruments, versions

__all__ = ["instruments", "versions"]
