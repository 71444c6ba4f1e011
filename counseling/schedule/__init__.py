"""When something is asked: recurrence, quiet hours and reminders, always in the client's own local time.

Pure: plain values in, plain values out. Every instant is aware and in UTC; every local value names its zone.
"""

from counseling.schedule.around_sessions import SessionRule, around_session
from counseling.schedule.cadence import Cadence
from counseling.schedule.days_off import DaysOff
from counseling.schedule.errors import ScheduleError
from counseling.schedule.local_time import instant_of, zone_named
from counseling.schedule.occurrences import MINIMUM_LIFE, Occurrence, Schedule, Shift, occurrences
from counseling.schedule.quiet_hours import QuietHours, next_allowed
from counseling.schedule.reminders import Reminder, ReminderRule, reminders

__all__ = [
    "MINIMUM_LIFE",
    "Cadence",
    "DaysOff",
    "Occurrence",
    "QuietHours",
    "Reminder",
    "ReminderRule",
    "Schedule",
    "ScheduleError",
    "SessionRule",
    "Shift",
    "around_session",
    "instant_of",
    "next_allowed",
    "occurrences",
    "reminders",
    "zone_named",
]
