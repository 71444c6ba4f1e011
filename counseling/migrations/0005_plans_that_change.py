"""Plans that can change while cases are on them: anchors, pauses, days off, single questions."""

import django.db.models.deletion
import uuid_utils.compat
from django.db import migrations, models

from counseling.migrations._triggers import lift, restore


class Migration(migrations.Migration):
    dependencies = [
        ("assessments", "0002_published_versions_never_change"),
        ("counseling", "0002_database_guards"),
    ]

    operations = [
        migrations.RunPython(lift, restore),
        migrations.CreateModel(
            name="ClosedDay",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid_utils.compat.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("day", models.DateField(verbose_name="day")),
                ("name", models.CharField(blank=True, max_length=80, verbose_name="name")),
            ],
            options={
                "verbose_name": "closed day",
                "verbose_name_plural": "closed days",
                "ordering": ("day",),
            },
        ),
        migrations.CreateModel(
            name="Pause",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid_utils.compat.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("from_day", models.DateField(verbose_name="from")),
                ("until_day", models.DateField(blank=True, null=True, verbose_name="until")),
                ("moves_later", models.BooleanField(default=False, verbose_name="moves later")),
                ("paused_at", models.DateTimeField(verbose_name="paused at")),
                ("resumed_at", models.DateTimeField(blank=True, null=True, verbose_name="taken up again at")),
            ],
            options={
                "verbose_name": "pause",
                "verbose_name_plural": "pauses",
                "ordering": ("paused_at", "id"),
            },
        ),
        migrations.RemoveConstraint(
            model_name="deliveryevent",
            name="delivery_event_kind_known",
        ),
        migrations.RemoveConstraint(
            model_name="enrollment",
            name="enrollment_one_active",
        ),
        migrations.RemoveConstraint(
            model_name="enrollment",
            name="enrollment_status_known",
        ),
        migrations.RemoveConstraint(
            model_name="followup",
            name="follow_up_status_known",
        ),
        migrations.RemoveConstraint(
            model_name="followupplan",
            name="plan_name_once_per_clinic",
        ),
        migrations.RemoveConstraint(
            model_name="planstep",
            name="step_position_once_per_plan",
        ),
        migrations.RemoveConstraint(
            model_name="planstep",
            name="step_reminders_sane",
        ),
        migrations.RemoveConstraint(
            model_name="providernotice",
            name="notice_kind_known",
        ),
        migrations.AddField(
            model_name="enrollment",
            name="end_on",
            field=models.DateField(blank=True, null=True, verbose_name="last day"),
        ),
        migrations.AddField(
            model_name="enrollment",
            name="named_client",
            field=models.ForeignKey(
                blank=True,
                help_text="Whom the steps for one person ask.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="counseling.client",
                verbose_name="person named",
            ),
        ),
        migrations.AddField(
            model_name="followup",
            name="session",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="follow_ups",
                to="counseling.session",
                verbose_name="session",
            ),
        ),
        migrations.AddField(
            model_name="followupplan",
            name="case",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="counseling.case",
                verbose_name="case",
            ),
        ),
        migrations.AddField(
            model_name="planstep",
            name="anchor",
            field=models.CharField(
                choices=[
                    ("start", "The day the plan starts"),
                    ("case_opened", "The day the case was opened"),
                    ("before_session", "Each session, before it"),
                    ("after_session", "Each session, after it"),
                    ("discharge", "The day the case is closed"),
                ],
                default="start",
                max_length=20,
                verbose_name="counted from",
            ),
        ),
        migrations.AddField(
            model_name="planstep",
            name="asks",
            field=models.CharField(
                choices=[("everyone", "Everybody in the case"), ("named", "One person, named when the plan starts")],
                default="everyone",
                max_length=20,
                verbose_name="asks",
            ),
        ),
        migrations.AddField(
            model_name="planstep",
            name="off_days",
            field=models.CharField(
                choices=[
                    ("as_is", "Ask all the same"),
                    ("move", "Move to the next working day"),
                    ("leave_out", "Leave it out"),
                ],
                default="as_is",
                max_length=20,
                verbose_name="on weekends and closed days",
            ),
        ),
        migrations.AddField(
            model_name="planstep",
            name="offset_months",
            field=models.PositiveSmallIntegerField(default=0, verbose_name="months from then"),
        ),
        migrations.AddField(
            model_name="planstep",
            name="reminder_every_days",
            field=models.PositiveSmallIntegerField(default=3, verbose_name="then every … days"),
        ),
        migrations.AddField(
            model_name="planstep",
            name="removed_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="taken out at"),
        ),
        migrations.AlterField(
            model_name="deliveryevent",
            name="kind",
            field=models.CharField(
                choices=[
                    ("planned", "Planned"),
                    ("queued", "Queued"),
                    ("claimed", "Claimed for sending"),
                    ("handed_over", "Handed over to the mail server"),
                    ("accepted", "Accepted by the mail server"),
                    ("deferred", "Deferred, will be tried again"),
                    ("rejected", "Rejected by the mail server"),
                    ("uncertain", "Outcome unknown"),
                    ("cancelled", "Not sent"),
                    ("expired", "Expired"),
                    ("opened", "Opened by the client"),
                    ("answered", "Answered"),
                    ("resent", "Sent again by staff"),
                    ("delivered", "Delivered to the mailbox"),
                    ("bounced", "Came back undelivered"),
                    ("complained", "Reported as unwanted by the client"),
                    ("unsubscribed", "Unsubscribed at the email provider"),
                    ("moved", "Moved to another time"),
                    ("paused", "Paused"),
                    ("resumed", "Taken up again"),
                ],
                max_length=20,
                verbose_name="kind",
            ),
        ),
        migrations.AlterField(
            model_name="enrollment",
            name="status",
            field=models.CharField(
                choices=[("active", "Active"), ("ended", "Ended"), ("paused", "Paused")],
                default="active",
                max_length=20,
                verbose_name="status",
            ),
        ),
        migrations.AlterField(
            model_name="followup",
            name="status",
            field=models.CharField(
                choices=[
                    ("planned", "Planned"),
                    ("sent", "Sent"),
                    ("opened", "Opened"),
                    ("completed", "Completed"),
                    ("expired", "Expired"),
                    ("cancelled", "Cancelled"),
                    ("skipped", "Skipped"),
                    ("paused", "Paused"),
                ],
                default="planned",
                max_length=20,
                verbose_name="status",
            ),
        ),
        migrations.AlterField(
            model_name="planstep",
            name="offset_days",
            field=models.SmallIntegerField(default=0, verbose_name="days from then"),
        ),
        migrations.AlterField(
            model_name="providernotice",
            name="kind",
            field=models.CharField(
                choices=[
                    ("planned", "Planned"),
                    ("queued", "Queued"),
                    ("claimed", "Claimed for sending"),
                    ("handed_over", "Handed over to the mail server"),
                    ("accepted", "Accepted by the mail server"),
                    ("deferred", "Deferred, will be tried again"),
                    ("rejected", "Rejected by the mail server"),
                    ("uncertain", "Outcome unknown"),
                    ("cancelled", "Not sent"),
                    ("expired", "Expired"),
                    ("opened", "Opened by the client"),
                    ("answered", "Answered"),
                    ("resent", "Sent again by staff"),
                    ("delivered", "Delivered to the mailbox"),
                    ("bounced", "Came back undelivered"),
                    ("complained", "Reported as unwanted by the client"),
                    ("unsubscribed", "Unsubscribed at the email provider"),
                    ("moved", "Moved to another time"),
                    ("paused", "Paused"),
                    ("resumed", "Taken up again"),
                ],
                max_length=20,
                verbose_name="kind",
            ),
        ),
        migrations.AddConstraint(
            model_name="deliveryevent",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "kind__in",
                        [
                            "accepted",
                            "answered",
                            "bounced",
                            "cancelled",
                            "claimed",
                            "complained",
                            "deferred",
                            "delivered",
                            "expired",
                            "handed_over",
                            "moved",
                            "opened",
                            "paused",
                            "planned",
                            "queued",
                            "rejected",
                            "resent",
                            "resumed",
                            "uncertain",
                            "unsubscribed",
                        ],
                    )
                ),
                name="delivery_event_kind_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="enrollment",
            constraint=models.UniqueConstraint(
                condition=models.Q(("status__in", ["active", "paused"])),
                fields=("case", "plan"),
                name="enrollment_one_active",
            ),
        ),
        migrations.AddConstraint(
            model_name="enrollment",
            constraint=models.CheckConstraint(
                condition=models.Q(("status__in", ["active", "ended", "paused"])), name="enrollment_status_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="enrollment",
            constraint=models.CheckConstraint(
                condition=models.Q(("end_on__isnull", True), ("end_on__gte", models.F("start_on")), _connector="OR"),
                name="enrollment_ends_after_start",
            ),
        ),
        migrations.AddConstraint(
            model_name="followup",
            constraint=models.UniqueConstraint(
                condition=models.Q(("session__isnull", False)),
                fields=("enrollment", "step", "session", "client"),
                name="follow_up_once_per_session",
            ),
        ),
        migrations.AddConstraint(
            model_name="followup",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "status__in",
                        ["cancelled", "completed", "expired", "opened", "paused", "planned", "sent", "skipped"],
                    )
                ),
                name="follow_up_status_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="followupplan",
            constraint=models.UniqueConstraint(
                condition=models.Q(("case__isnull", True)), fields=("clinic", "name"), name="plan_name_once_per_clinic"
            ),
        ),
        migrations.AddConstraint(
            model_name="followupplan",
            constraint=models.CheckConstraint(
                condition=models.Q(("case__isnull", True), ("is_active", False), _connector="OR"),
                name="plan_of_case_not_offered",
            ),
        ),
        migrations.AddConstraint(
            model_name="planstep",
            constraint=models.UniqueConstraint(
                condition=models.Q(("removed_at__isnull", True)),
                fields=("plan", "position"),
                name="step_position_once_per_plan",
            ),
        ),
        migrations.AddConstraint(
            model_name="planstep",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("anchor__in", ["after_session", "before_session", "case_opened", "discharge", "start"])
                ),
                name="step_anchor_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="planstep",
            constraint=models.CheckConstraint(
                condition=models.Q(("asks__in", ["everyone", "named"])), name="step_asks_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="planstep",
            constraint=models.CheckConstraint(
                condition=models.Q(("off_days__in", ["as_is", "leave_out", "move"])), name="step_off_days_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="planstep",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("anchor__in", ["after_session", "before_session"]), _negated=True),
                    models.Q(("cadence", "once"), ("offset_months", 0)),
                    _connector="OR",
                ),
                name="step_once_per_session",
            ),
        ),
        migrations.AddConstraint(
            model_name="planstep",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("anchor", "before_session"), ("offset_days__gte", -90), ("offset_days__lte", 0)),
                    models.Q(
                        models.Q(("anchor", "before_session"), _negated=True),
                        ("offset_days__gte", 0),
                        ("offset_days__lte", 366),
                    ),
                    _connector="OR",
                ),
                name="step_offset_on_its_side",
            ),
        ),
        migrations.AddConstraint(
            model_name="planstep",
            constraint=models.CheckConstraint(
                condition=models.Q(("offset_months__lte", 36)), name="step_offset_months_sane"
            ),
        ),
        migrations.AddConstraint(
            model_name="planstep",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("max_reminders__lte", 3),
                    models.Q(
                        ("max_reminders", 0),
                        models.Q(("reminder_after_days__gte", 1), ("reminder_every_days__gte", 1)),
                        _connector="OR",
                    ),
                ),
                name="step_reminders_sane",
            ),
        ),
        migrations.AddConstraint(
            model_name="providernotice",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "kind__in",
                        [
                            "accepted",
                            "answered",
                            "bounced",
                            "cancelled",
                            "claimed",
                            "complained",
                            "deferred",
                            "delivered",
                            "expired",
                            "handed_over",
                            "moved",
                            "opened",
                            "paused",
                            "planned",
                            "queued",
                            "rejected",
                            "resent",
                            "resumed",
                            "uncertain",
                            "unsubscribed",
                        ],
                    )
                ),
                name="notice_kind_known",
            ),
        ),
        migrations.AddField(
            model_name="closedday",
            name="clinic",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="closed_days",
                to="counseling.clinic",
                verbose_name="clinic",
            ),
        ),
        migrations.AddField(
            model_name="pause",
            name="enrollment",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="pauses",
                to="counseling.enrollment",
                verbose_name="enrollment",
            ),
        ),
        migrations.AddField(
            model_name="pause",
            name="paused_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="counseling.staffmember",
                verbose_name="paused by",
            ),
        ),
        migrations.AddField(
            model_name="pause",
            name="resumed_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="counseling.staffmember",
                verbose_name="taken up by",
            ),
        ),
        migrations.AddConstraint(
            model_name="closedday",
            constraint=models.UniqueConstraint(fields=("clinic", "day"), name="closed_day_once"),
        ),
        migrations.AddConstraint(
            model_name="pause",
            constraint=models.UniqueConstraint(
                condition=models.Q(("resumed_at__isnull", True)), fields=("enrollment",), name="pause_one_at_a_time"
            ),
        ),
        migrations.AddConstraint(
            model_name="pause",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("until_day__isnull", True), ("until_day__gte", models.F("from_day")), _connector="OR"
                ),
                name="pause_forward",
            ),
        ),
        migrations.AddConstraint(
            model_name="pause",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("resumed_at__isnull", False), ("resumed_by__isnull", False), ("until_day__isnull", False)
                    ),
                    models.Q(("resumed_at__isnull", True), ("resumed_by__isnull", True), ("until_day__isnull", True)),
                    _connector="OR",
                ),
                name="pause_resumed_together",
            ),
        ),
        migrations.RunPython(restore, lift),
    ]
