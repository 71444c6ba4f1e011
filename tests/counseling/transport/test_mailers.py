from __future__ import annotations

from config.mailers import mail_settings
from counseling.transport import open_transport
from counseling.transport.smtp import SmtpTransport
from counseling.transport.whole import WholeTransport


def use(settings, *backend: str, **options: object) -> None:
    for name, value in mail_settings(*backend, **options).items():
        setattr(settings, name, value)


def test_smtp_withholds_the_dot_and_everything_else_is_sent_whole(settings):
    use(settings, host="127.0.0.1", port=25)
    assert isinstance(open_transport(), SmtpTransport)
    use(settings, "django.core.mail.backends.dummy.EmailBackend")
    assert isinstance(open_transport(), WholeTransport)


def test_connecting_takes_no_longer_than_half_a_lease_whatever_the_project_allows(settings):
    use(settings, host="127.0.0.1", port=25)
    assert open_transport()._new_line()._backend.timeout == 30
    use(settings, host="127.0.0.1", port=25, timeout=300)
    assert open_transport()._new_line()._backend.timeout == 30
    use(settings, host="127.0.0.1", port=25, timeout=5)
    assert open_transport()._new_line()._backend.timeout == 5
