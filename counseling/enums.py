"""Every closed set of values that the models store."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Language(TextChoices):
    """The languages in which clients can be written to and asked."""

    ENGLISH = "en", _("English")
    SPANISH = "es", _("Spanish")


class StaffRole(TextChoices):
    COUNSELOR = "counselor", _("Counselor")
    SUPERVISOR = "supervisor", _("Supervisor")
    CLINIC_ADMIN = "clinic_admin", _("Clinic admin")


class RelationshipKind(TextChoices):
    COUPLE = "couple", _("Couple")
    PARENT_CHILD = "parent_child", _("Parent and child")
    SIBLINGS = "siblings", _("Siblings")
    FRIENDS = "friends", _("Friends")
    OTHER = "other", _("Other")


class CaseStatus(TextChoices):
    OPEN = "open", _("Open")
    ON_HOLD = "on_hold", _("On hold")
    CLOSED = "closed", _("Closed")


class Confidentiality(TextChoices):
    """What the counselor may show in a joint session; it never opens one partner's answers to the other."""

    NO_SECRETS = "no_secrets", _("No secrets")
    LIMITED_SECRETS = "limited_secrets", _("Limited secrets")


class SessionStatus(TextChoices):
    SCHEDULED = "scheduled", _("Scheduled")
    HELD = "held", _("Held")
    NO_SHOW = "no_show", _("No show")
    LATE_CANCELLED = "late_cancelled", _("Late cancelled")
    CANCELLED = "cancelled", _("Cancelled")


class ConsentPurpose(TextChoices):
    FOLLOW_UP_EMAIL = "follow_up_email", _("Follow-up questionnaires by email")


class Cadence(TextChoices):
    ONCE = "once", _("Once")
    DAILY = "daily", _("Daily")
    WEEKLY = "weekly", _("Weekly")
    MONTHLY = "monthly", _("Monthly")


class Anchor(TextChoices):
    """What a step's dates are counted from."""

    START = "start", _("The day the plan starts")
    CASE_OPENED = "case_opened", _("The day the case was opened")
    BEFORE_SESSION = "before_session", _("Each session, before it")
    AFTER_SESSION = "after_session", _("Each session, after it")
    DISCHARGE = "discharge", _("The day the case is closed")


SESSION_ANCHORS = (Anchor.BEFORE_SESSION, Anchor.AFTER_SESSION)


class Asks(TextChoices):
    """Whom of the case a step asks."""

    EVERYONE = "everyone", _("Everybody in the case")
    NAMED = "named", _("One person, named when the plan starts")


class OffDays(TextChoices):
    """What becomes of an occasion that falls on a weekend or a day on which the clinic is closed."""

    AS_IS = "as_is", _("Ask all the same")
    MOVE = "move", _("Move to the next working day")
    LEAVE_OUT = "leave_out", _("Leave it out")


class EnrollmentStatus(TextChoices):
    ACTIVE = "active", _("Active")
    ENDED = "ended", _("Ended")
    PAUSED = "paused", _("Paused")


class FollowUpStatus(TextChoices):
    PLANNED = "planned", _("Planned")
    SENT = "sent", _("Sent")
    OPENED = "opened", _("Opened")
    COMPLETED = "completed", _("Completed")
    EXPIRED = "expired", _("Expired")
    CANCELLED = "cancelled", _("Cancelled")
    SKIPPED = "skipped", _("Skipped")
    PAUSED = "paused", _("Paused")


class DeliveryKind(TextChoices):
    INVITATION = "invitation", _("Invitation")
    REMINDER = "reminder", _("Reminder")


class DeliveryState(TextChoices):
    """The send protocol's states; nobody but a person moves an uncertain delivery."""

    DUE = "due", _("Due")
    CLAIMED = "claimed", _("Claimed")
    HANDOFF = "handoff", _("Being handed over")
    SENT = "sent", _("Sent")
    UNCERTAIN = "uncertain", _("Uncertain")
    DEAD = "dead", _("Could not be delivered")
    CANCELLED = "cancelled", _("Cancelled")
    EXPIRED = "expired", _("Expired")


class DeliveryEventKind(TextChoices):
    """The words of the ledger a counselor reads on a follow-up."""

    PLANNED = "planned", _("Planned")
    QUEUED = "queued", _("Queued")
    CLAIMED = "claimed", _("Claimed for sending")
    HANDED_OVER = "handed_over", _("Handed over to the mail server")
    ACCEPTED = "accepted", _("Accepted by the mail server")
    DEFERRED = "deferred", _("Deferred, will be tried again")
    REJECTED = "rejected", _("Rejected by the mail server")
    UNCERTAIN = "uncertain", _("Outcome unknown")
    CANCELLED = "cancelled", _("Not sent")
    EXPIRED = "expired", _("Expired")
    OPENED = "opened", _("Opened by the client")
    ANSWERED = "answered", _("Answered")
    RESENT = "resent", _("Sent again by staff")
    DELIVERED = "delivered", _("Delivered to the mailbox")
    BOUNCED = "bounced", _("Came back undelivered")
    COMPLAINED = "complained", _("Reported as unwanted by the client")
    UNSUBSCRIBED = "unsubscribed", _("Unsubscribed at the email provider")
    MOVED = "moved", _("Moved to another time")
    PAUSED = "paused", _("Paused")
    RESUMED = "resumed", _("Taken up again")


class Reason(TextChoices):
    """Why something was not sent, sent later, or ended without an answer; the ledger's detail, readable by staff."""

    NO_ZONE = "no_zone", _("The client has no time zone")
    NO_EMAIL = "no_email", _("The client has no email address")
    EMAIL_UNSAFE = "email_unsafe", _("It is not safe to email the client")
    NO_CONSENT = "no_consent", _("The client has not agreed to be asked by email")
    SUPERSEDED = "superseded", _("A later one took its place")
    OVERDUE = "overdue", _("The time to answer was over")
    NOT_AWAITED = "not_awaited", _("It was no longer awaited")
    ENROLLMENT_ENDED = "enrollment_ended", _("The plan was ended for this case")
    BY_STAFF = "by_staff", _("A counselor decided so")
    LINK_USED = "link_used", _("The client used the link")
    QUIET_HOURS = "quiet_hours", _("It is night where the client lives")
    TOO_SOON = "too_soon", _("Another email went out shortly before")
    READDRESSED = "readdressed", _("The client's details changed while it was being sent")
    UNWRITABLE = "unwritable", _("The email could not be written")
    SERVER_LOST = "server_lost", _("The connection to the mail server broke")
    SETUP_REFUSED = "setup_refused", _("The mail server refused our sign-in or sender")
    LEASE_RAN_OUT = "lease_ran_out", _("The worker that had taken it stopped")
    DOMAIN_RATE = "domain_rate", _("Enough emails went to this provider within a minute")
    ADDRESS_SUSPENDED = "address_suspended", _("Emails to this address came back, or were reported as unwanted")
    PLAN_STOPPED = "plan_stopped", _("The client stopped the emails of this plan")
    ASKED_BY_PHONE = "asked_by_phone", _("The client was asked by phone instead")
    ZONE_CHANGED = "zone_changed", _("The client lives by another clock now")
    PLAN_CHANGED = "plan_changed", _("The plan was changed")
    DATES_CHANGED = "dates_changed", _("The plan was changed for this case")
    SESSION_CHANGED = "session_changed", _("A session was planned, moved or settled")
    CLOSED_DAYS_CHANGED = "closed_days_changed", _("The days on which the clinic is closed were changed")
    CASE_CLOSED = "case_closed", _("The case was closed")
    CASE_REOPENED = "case_reopened", _("The case was taken up again")
    PAUSE = "pause", _("The plan was paused")
    DATE_PAST = "date_past", _("Its day was past")
    UNPUBLISHED = "unpublished", _("Its questionnaire is not published")


class SuspensionCause(TextChoices):
    """Why nothing more is sent to an address."""

    BOUNCED = "bounced", _("an email came back, the address takes no mail")
    COMPLAINED = "complained", _("an email was reported as unwanted")


class Pattern(TextChoices):
    ONE_SIDED = "one_sided", _("One-sided")
    ENMESHED = "enmeshed", _("Enmeshed")
    SAFETY = "safety", _("Safety")


class Strength(TextChoices):
    """What the data say; what a counselor decided is the finding's status."""

    SIGNAL = "signal", _("Signal")
    PATTERN = "pattern", _("Pattern")
    URGENT = "urgent", _("Urgent")


class FindingStatus(TextChoices):
    OPEN = "open", _("Open")
    IN_REVIEW = "in_review", _("In review")
    CONFIRMED = "confirmed", _("Confirmed")
    DISMISSED = "dismissed", _("Dismissed")
    WATCHING = "watching", _("Watching")
    CLEARED = "cleared", _("Cleared by data")


class FindingEventKind(TextChoices):
    RAISED = "raised", _("Raised")
    STRENGTHENED = "strengthened", _("Confirmed by data")
    WEAKENED = "weakened", _("No longer confirmed by data")
    CLEARED = "cleared", _("Cleared by data")
    REOPENED = "reopened", _("Raised again")


class Decision(TextChoices):
    CLAIM = "claim", _("Take into review")
    CONFIRM = "confirm", _("Confirm")
    DISMISS = "dismiss", _("Dismiss")
    WATCH = "watch", _("Watch until")


class Runner(TextChoices):
    """Who looks for what is due."""

    WORKER = "worker", _("a worker")
    COMMAND = "command", _("the command")


class MailTrouble(TextChoices):
    """Why nothing is offered to the mail server for a while."""

    SETUP_REFUSED = "setup_refused", _("The mail server refuses our sign-in or sender")
    UNREACHABLE = "unreachable", _("The mail server cannot be reached")
    SILENT = "silent", _("The mail server takes emails and does not answer")
