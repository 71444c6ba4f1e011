"""Logging: readable lines for a person (embedded), JSON for a collector (production).

What may never reach a log (names, answers, addresses, link tokens) is kept out by construction rather than by filters:
requests are logged by their route, tracebacks carry no variables and, in JSON, no messages either.
"""

from __future__ import annotations

import re
import sys
from typing import Any
from uuid import UUID

import structlog
from django.http import HttpRequest
from django_structlog.middlewares import RequestMiddleware
from structlog.typing import EventDict, ExcInfo, Processor, WrappedLogger

_ROUTE_PARAMETER = re.compile(r"\(\?P<(\w+)>[^)]*\)|<(?:\w+:)?(\w+)>")  # of re_path, of path
_TOKEN_IN_PATH = re.compile(r"(/(?:f|stop|password/reset/key)/)[^/\s?\"']+")
_QUERY_STRING = re.compile(r"\?[^\s\"']*")
_places_only = structlog.tracebacks.ExceptionDictTransformer(show_locals=False)


class RequestLogMiddleware(RequestMiddleware):
    """Logs each request once, by its route: ``GET /f/<token>/``, never the address as typed nor its query."""

    @staticmethod
    def format_request(request: HttpRequest) -> str:
        return f"{request.method} {describe_route(request)}"


def describe_route(request: HttpRequest) -> str:
    """Return the matched route, its parameters filled in only where they are row ids (UUIDs or integers)."""
    match = request.resolver_match
    if match is None:
        return "(no route)"

    def fill(parameter: re.Match[str]) -> str:
        name = parameter[1] or parameter[2]
        value = str(match.kwargs.get(name, ""))
        return value if _is_row_id(value) else f"<{name}>"

    return "/" + _ROUTE_PARAMETER.sub(fill, match.route).replace("^", "").removesuffix("$")


def _is_row_id(value: str) -> bool:
    try:
        UUID(value)
    except ValueError:
        return value.isdecimal()
    return True


def redact_addresses(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Cut link tokens and query strings out of messages other libraries write about a request."""
    text = str(event.get("event", ""))
    event["event"] = _QUERY_STRING.sub("", _TOKEN_IN_PATH.sub(r"\1…", text))
    return event


def drop_exception_text(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Replace an exception passed as a value by its type: its text may quote what a person typed."""
    event.pop("error", None)
    if isinstance(exception := event.get("exception"), BaseException):
        event["exception"] = type(exception).__name__
    return event


def exception_places(exc_info: ExcInfo) -> list[dict[str, Any]]:
    """Describe an exception by types, files and lines; neither local variables nor messages."""
    return [{key: stack[key] for key in ("exc_type", "frames")} for stack in _places_only(exc_info)]


def _shared_processors() -> list[Processor]:
    return [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.stdlib.PositionalArgumentsFormatter(),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.StackInfoRenderer(),
        redact_addresses,
    ]


def _renderers(*, json: bool) -> list[Processor]:
    if json:
        return [
            drop_exception_text,
            structlog.processors.ExceptionRenderer(exception_places),
            structlog.processors.JSONRenderer(),
        ]
    return [
        structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty(), exception_formatter=structlog.dev.plain_traceback)
    ]


def configure(*, json: bool, level: int | str = "INFO") -> dict[str, Any]:
    """Set structlog up and return Django's ``LOGGING``: everything goes through one handler to standard error."""
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *_shared_processors(),
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "structured": {
                "()": structlog.stdlib.ProcessorFormatter,
                "foreign_pre_chain": _shared_processors(),
                "processors": [structlog.stdlib.ProcessorFormatter.remove_processors_meta, *_renderers(json=json)],
            }
        },
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "structured"}},
        "root": {"handlers": ["stderr"], "level": level},
        "loggers": {
            # Django's own handlers would write every line twice.
            "django": {"handlers": [], "propagate": True},
            # The request log says the same without the address.
            "django.request": {"level": "CRITICAL"},
            "django.server": {"handlers": [], "level": "CRITICAL", "propagate": True},
            # Anybody can send a wrong host; it is refused and nothing is broken.
            "django.security.DisallowedHost": {"level": "CRITICAL"},
            # Celery quotes a task's result and its exception's text; django-structlog logs the same events.
            "celery.app.trace": {"level": "CRITICAL"},
        },
    }
