"""What a client would find in their inbox. Mail is shown as untrusted: framed, sandboxed and without script."""

from __future__ import annotations

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_safe

from config.csp import HEADER
from config.mailbox.messages import Mail, MessageNotFound, list_mail, read_mail

PAGE_SIZE = 50

# Mail is styled inline by necessity; nothing else is allowed, and links open outside the frame.
MAIL_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; form-action 'none'; base-uri 'none'; "
    "frame-ancestors 'self'; sandbox allow-popups allow-popups-to-escape-sandbox"
)
LINKS_OPEN_OUTSIDE = '<base target="_blank">'


@require_safe
@never_cache
def mail_list(request: HttpRequest) -> HttpResponse:
    found = list_mail(settings.MAILBOX_DIR, before=request.GET.get("before", ""), limit=PAGE_SIZE)
    older = found[-1].id if len(found) == PAGE_SIZE else ""
    return render(request, "mailbox/list.html", {"mails": found, "older": older})


@require_safe
@never_cache
def mail_page(request: HttpRequest, mail_id: str) -> HttpResponse:
    mail = _mail_or_404(mail_id)
    context = {"mail": mail, "has_html": bool(mail.part("html")), "text": mail.part("plain")}
    return render(request, "mailbox/message.html", context)


@require_safe
@never_cache
@xframe_options_sameorigin
def mail_html(_request: HttpRequest, mail_id: str) -> HttpResponse:
    html = _mail_or_404(mail_id).part("html")
    return HttpResponse(LINKS_OPEN_OUTSIDE + html, headers={HEADER: MAIL_POLICY})


def _mail_or_404(mail_id: str) -> Mail:
    try:
        return read_mail(settings.MAILBOX_DIR, mail_id)
    except MessageNotFound as error:
        raise Http404 from error
