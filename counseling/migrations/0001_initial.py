import datetime

import django.db.models.deletion
import django.db.models.functions.comparison
import uuid_utils.compat
from django.conf import settings
from django.db import migrations, models

import counseling.fields


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("assessments", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Clinic",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid_utils.compat.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("name", models.CharField(max_length=200, verbose_name="name")),
                ("time_zone", models.CharField(default="UTC", max_length=64, verbose_name="time zone")),
                (
                    "language",
                    models.CharField(
                        choices=[("en", "English"), ("es", "Spanish")],
                        default="en",
                        max_length=8,
                        verbose_name="language",
                    ),
                ),
                (
                    "sender_name",
                    models.CharField(
                        blank=True,
                        help_text="Shown as the sender of emails; keep it neutral.",
                        max_length=80,
                        verbose_name="sender name",
                    ),
                ),
                ("reply_to", models.EmailField(blank=True, max_length=254, verbose_name="reply-to address")),
                (
                    "crisis_text",
                    models.TextField(
                        blank=True,
                        help_text="Shown to a client who may be at risk, before anything else.",
                        verbose_name="crisis resources",
                    ),
                ),
                ("quiet_from", models.TimeField(default=datetime.time(21, 0), verbose_name="no email from")),
                ("quiet_until", models.TimeField(default=datetime.time(8, 0), verbose_name="no email until")),
                ("created_at", models.DateTimeField(verbose_name="created at")),
            ],
            options={
                "verbose_name": "clinic",
                "verbose_name_plural": "clinics",
                "indexes": [],
                "constraints": [],
            },
        ),
        migrations.CreateModel(
            name="StaffMember",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid_utils.compat.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "user",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="staff_member",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="user",
                    ),
                ),
                (
                    "clinic",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="staff",
                        to="counseling.clinic",
                        verbose_name="clinic",
                    ),
                ),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("counselor", "Counselor"),
                            ("supervisor", "Supervisor"),
                            ("clinic_admin", "Clinic admin"),
                        ],
                        max_length=20,
                        verbose_name="role",
                    ),
                ),
                ("display_name", models.CharField(max_length=120, verbose_name="display name")),
                (
                    "supervisor",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="team",
                        to="counseling.staffmember",
                        verbose_name="supervisor",
                    ),
                ),
                ("is_active", models.BooleanField(default=True, verbose_name="active")),
                ("created_at", models.DateTimeField(verbose_name="created at")),
            ],
            options={
                "verbose_name": "staff member",
                "verbose_name_plural": "staff members",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("role__in", ["clinic_admin", "counselor", "supervisor"])),
                        name="staff_role_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("supervisor__isnull", True),
                            models.Q(("supervisor", models.F("id")), _negated=True),
                            _connector="OR",
                        ),
                        name="staff_not_own_supervisor",
                    ),
                ],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="ApiToken",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid_utils.compat.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "staff",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="api_tokens",
                        to="counseling.staffmember",
                    ),
                ),
                ("name", models.CharField(max_length=80, verbose_name="name")),
                ("digest", models.CharField(editable=False, max_length=64, unique=True)),
                ("created_at", models.DateTimeField(verbose_name="created at")),
                ("expires_at", models.DateTimeField(verbose_name="expires at")),
                ("revoked_at", models.DateTimeField(blank=True, null=True, verbose_name="revoked at")),
            ],
            options={
                "verbose_name": "API token",
                "verbose_name_plural": "API tokens",
                "indexes": [],
                "constraints": [],
            },
        ),
        migrations.CreateModel(
            name="Client",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid_utils.compat.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "clinic",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="clients",
                        to="counseling.clinic",
                        verbose_name="clinic",
                    ),
                ),
                ("given_name", models.CharField(max_length=100, verbose_name="given name")),
                ("family_name", models.CharField(blank=True, max_length=100, verbose_name="family name")),
                ("email", counseling.fields.EncryptedTextField(blank=True, verbose_name="email")),
                ("email_index", models.CharField(blank=True, editable=False, max_length=64)),
                ("phone", counseling.fields.EncryptedTextField(blank=True, verbose_name="phone")),
                (
                    "time_zone",
                    models.CharField(
                        blank=True,
                        help_text="Without a time zone nothing is sent.",
                        max_length=64,
                        verbose_name="time zone",
                    ),
                ),
                (
                    "language",
                    models.CharField(
                        choices=[("en", "English"), ("es", "Spanish")],
                        default="en",
                        max_length=8,
                        verbose_name="language",
                    ),
                ),
                (
                    "email_is_safe",
                    models.BooleanField(
                        default=True,
                        help_text="Asked at intake: does anybody else read this mailbox?",
                        verbose_name="safe to email",
                    ),
                ),
                (
                    "registered_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="registered_clients",
                        to="counseling.staffmember",
                        verbose_name="registered by",
                    ),
                ),
                ("created_at", models.DateTimeField(verbose_name="created at")),
            ],
            options={
                "verbose_name": "client",
                "verbose_name_plural": "clients",
                "ordering": ("given_name", "family_name", "id"),
                "indexes": [
                    models.Index(fields=["clinic", "given_name", "family_name", "id"], name="client_by_name"),
                    models.Index(
                        condition=models.Q(("email_index", ""), _negated=True),
                        fields=["clinic", "email_index"],
                        name="client_by_email",
                    ),
                    models.Index(fields=["registered_by"], name="client_by_registrar"),
                ],
                "constraints": [],
            },
        ),
        migrations.CreateModel(
            name="Consent",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid_utils.compat.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "client",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="consents",
                        to="counseling.client",
                        verbose_name="client",
                    ),
                ),
                (
                    "purpose",
                    models.CharField(
                        choices=[("follow_up_email", "Follow-up questionnaires by email")],
                        max_length=40,
                        verbose_name="purpose",
                    ),
                ),
                ("granted_at", models.DateTimeField(verbose_name="granted at")),
                (
                    "recorded_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="counseling.staffmember",
                        verbose_name="recorded by",
                    ),
                ),
                ("withdrawn_at", models.DateTimeField(blank=True, null=True, verbose_name="withdrawn at")),
                (
                    "withdrawn_by",
                    models.ForeignKey(
                        blank=True,
                        help_text="Empty when the client did it themselves.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="counseling.staffmember",
                        verbose_name="withdrawn by",
                    ),
                ),
            ],
            options={
                "verbose_name": "consent",
                "verbose_name_plural": "consents",
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("withdrawn_at__isnull", True)),
                        fields=("client", "purpose"),
                        name="consent_one_standing",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("withdrawn_by__isnull", True), ("withdrawn_at__isnull", False), _connector="OR"
                        ),
                        name="consent_withdrawn_by_needs_at",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("purpose__in", ["follow_up_email"])), name="consent_purpose_known"
                    ),
                ],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="Relationship",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid_utils.compat.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "clinic",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="relationships",
                        to="counseling.clinic",
                        verbose_name="clinic",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("couple", "Couple"),
                            ("parent_child", "Parent and child"),
                            ("siblings", "Siblings"),
                            ("friends", "Friends"),
                            ("other", "Other"),
                        ],
                        default="couple",
                        max_length=20,
                        verbose_name="kind",
                    ),
                ),
                (
                    "first",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="counseling.client",
                        verbose_name="first member",
                    ),
                ),
                (
                    "second",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="counseling.client",
                        verbose_name="second member",
                    ),
                ),
                (
                    "first_role",
                    models.CharField(
                        choices=[
                            ("partner", "Partner"),
                            ("spouse", "Spouse"),
                            ("husband", "Husband"),
                            ("wife", "Wife"),
                            ("mother", "Mother"),
                            ("father", "Father"),
                            ("parent", "Parent"),
                            ("daughter", "Daughter"),
                            ("son", "Son"),
                            ("child", "Child"),
                            ("sister", "Sister"),
                            ("brother", "Brother"),
                            ("sibling", "Sibling"),
                            ("friend", "Friend"),
                            ("relative", "Relative"),
                            ("other", "Other"),
                        ],
                        default="partner",
                        max_length=20,
                        verbose_name="first member is the other's",
                    ),
                ),
                (
                    "second_role",
                    models.CharField(
                        choices=[
                            ("partner", "Partner"),
                            ("spouse", "Spouse"),
                            ("husband", "Husband"),
                            ("wife", "Wife"),
                            ("mother", "Mother"),
                            ("father", "Father"),
                            ("parent", "Parent"),
                            ("daughter", "Daughter"),
                            ("son", "Son"),
                            ("child", "Child"),
                            ("sister", "Sister"),
                            ("brother", "Brother"),
                            ("sibling", "Sibling"),
                            ("friend", "Friend"),
                            ("relative", "Relative"),
                            ("other", "Other"),
                        ],
                        default="partner",
                        max_length=20,
                        verbose_name="second member is the other's",
                    ),
                ),
                ("created_at", models.DateTimeField(verbose_name="created at")),
            ],
            options={
                "verbose_name": "relationship",
                "verbose_name_plural": "relationships",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("first", models.F("second")), _negated=True),
                        name="relationship_members_differ",
                    ),
                    models.UniqueConstraint(
                        django.db.models.functions.comparison.Least("first", "second"),
                        django.db.models.functions.comparison.Greatest("first", "second"),
                        models.F("kind"),
                        name="relationship_once_per_pair",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["couple", "friends", "other", "parent_child", "siblings"])),
                        name="relationship_kind_known",
                    ),
                ],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="Case",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid_utils.compat.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "clinic",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="cases",
                        to="counseling.clinic",
                        verbose_name="clinic",
                    ),
                ),
                (
                    "client",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="cases",
                        to="counseling.client",
                        verbose_name="client",
                    ),
                ),
                (
                    "relationship",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="cases",
                        to="counseling.relationship",
                        verbose_name="relationship",
                    ),
                ),
                (
                    "lead",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="led_cases",
                        to="counseling.staffmember",
                        verbose_name="lead",
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[("open", "Open"), ("on_hold", "On hold"), ("closed", "Closed")],
                        default="open",
                        max_length=20,
                        verbose_name="status",
                    ),
                ),
                (
                    "confidentiality",
                    models.CharField(
                        choices=[("no_secrets", "No secrets"), ("limited_secrets", "Limited secrets")],
                        default="limited_secrets",
                        max_length=20,
                        verbose_name="confidentiality",
                    ),
                ),
                ("episode", models.PositiveSmallIntegerField(default=1, verbose_name="episode")),
                ("opened_at", models.DateTimeField(verbose_name="opened at")),
                ("closed_at", models.DateTimeField(blank=True, null=True, verbose_name="closed at")),
                (
                    "co_counselors",
                    models.ManyToManyField(
                        blank=True,
                        related_name="shared_cases",
                        to="counseling.staffmember",
                        verbose_name="co-counselors",
                    ),
                ),
            ],
            options={
                "verbose_name": "case",
                "verbose_name_plural": "cases",
                "indexes": [
                    models.Index(fields=["lead", "status"], name="case_by_lead"),
                    models.Index(fields=["clinic", "status", "id"], name="case_by_clinic"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("client__isnull", False), ("relationship__isnull", True)),
                            models.Q(("client__isnull", True), ("relationship__isnull", False)),
                            _connector="OR",
                        ),
                        name="case_about_client_or_relationship",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("status__in", ["closed", "on_hold", "open"])), name="case_status_known"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("status__in", ["closed"]), ("closed_at__isnull", False)),
                            models.Q(
                                models.Q(("status__in", ["closed"]), _negated=True),
                                models.Q(("closed_at__isnull", False), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="case_closed_at",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Session",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid_utils.compat.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="sessions",
                        to="counseling.case",
                        verbose_name="case",
                    ),
                ),
                (
                    "counselor",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="sessions",
                        to="counseling.staffmember",
                        verbose_name="counselor",
                    ),
                ),
                ("starts_at", models.DateTimeField(verbose_name="starts at")),
                ("minutes", models.PositiveSmallIntegerField(default=50, verbose_name="minutes")),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("scheduled", "Scheduled"),
                            ("held", "Held"),
                            ("no_show", "No show"),
                            ("late_cancelled", "Late cancelled"),
                            ("cancelled", "Cancelled"),
                        ],
                        default="scheduled",
                        max_length=20,
                        verbose_name="status",
                    ),
                ),
                ("settled_at", models.DateTimeField(blank=True, null=True, verbose_name="settled at")),
            ],
            options={
                "verbose_name": "session",
                "verbose_name_plural": "sessions",
                "ordering": ("-starts_at", "id"),
                "indexes": [
                    models.Index(fields=["case", "-starts_at"], name="session_by_case"),
                    models.Index(
                        condition=models.Q(("status", "scheduled")),
                        fields=["counselor", "starts_at"],
                        name="session_upcoming",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("status__in", ["cancelled", "held", "late_cancelled", "no_show", "scheduled"])
                        ),
                        name="session_status_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("minutes__gte", 5), ("minutes__lte", 480)), name="session_length_sane"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("status__in", ["cancelled", "held", "late_cancelled", "no_show"]),
                                ("settled_at__isnull", False),
                            ),
                            models.Q(
                                models.Q(
                                    ("status__in", ["cancelled", "held", "late_cancelled", "no_show"]), _negated=True
                                ),
                                models.Q(("settled_at__isnull", False), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="session_settled_at",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="FollowUpPlan",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid_utils.compat.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "clinic",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="plans",
                        to="counseling.clinic",
                        verbose_name="clinic",
                    ),
                ),
                ("name", models.CharField(max_length=120, verbose_name="name")),
                ("description", models.TextField(blank=True, verbose_name="description")),
                ("is_active", models.BooleanField(default=True, verbose_name="offered")),
                ("created_at", models.DateTimeField(verbose_name="created at")),
            ],
            options={
                "verbose_name": "follow-up plan",
                "verbose_name_plural": "follow-up plans",
                "ordering": ("name", "id"),
                "constraints": [models.UniqueConstraint(fields=("clinic", "name"), name="plan_name_once_per_clinic")],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="PlanStep",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid_utils.compat.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "plan",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="steps",
                        to="counseling.followupplan",
                        verbose_name="plan",
                    ),
                ),
                ("position", models.PositiveSmallIntegerField(default=1, verbose_name="position")),
                (
                    "instrument",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="assessments.instrument",
                        verbose_name="instrument",
                    ),
                ),
                (
                    "cadence",
                    models.CharField(
                        choices=[("once", "Once"), ("daily", "Daily"), ("weekly", "Weekly"), ("monthly", "Monthly")],
                        default="weekly",
                        max_length=20,
                        verbose_name="cadence",
                    ),
                ),
                (
                    "every",
                    models.PositiveSmallIntegerField(
                        default=1, help_text="2 with “weekly” is every two weeks.", verbose_name="every"
                    ),
                ),
                ("occurrences", models.PositiveSmallIntegerField(default=6, verbose_name="times")),
                ("offset_days", models.PositiveSmallIntegerField(default=0, verbose_name="days after the start")),
                ("send_at", models.TimeField(default=datetime.time(9, 0), verbose_name="local hour")),
                ("open_days", models.PositiveSmallIntegerField(default=7, verbose_name="days to answer")),
                ("reminder_after_days", models.PositiveSmallIntegerField(default=3, verbose_name="remind after days")),
                ("max_reminders", models.PositiveSmallIntegerField(default=1, verbose_name="reminders at most")),
            ],
            options={
                "verbose_name": "plan step",
                "verbose_name_plural": "plan steps",
                "ordering": ("plan", "position"),
                "constraints": [
                    models.UniqueConstraint(fields=("plan", "position"), name="step_position_once_per_plan"),
                    models.CheckConstraint(
                        condition=models.Q(("cadence__in", ["daily", "monthly", "once", "weekly"])),
                        name="step_cadence_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("every__gte", 1), ("every__lte", 52)), name="step_every_sane"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("occurrences__gte", 1), ("occurrences__lte", 366)),
                        name="step_occurrences_sane",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("open_days__gte", 1), ("open_days__lte", 90)), name="step_open_days_sane"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("max_reminders__lte", 3),
                            models.Q(("max_reminders", 0), ("reminder_after_days__gte", 1), _connector="OR"),
                        ),
                        name="step_reminders_sane",
                    ),
                ],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="Enrollment",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid_utils.compat.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="enrollments",
                        to="counseling.case",
                        verbose_name="case",
                    ),
                ),
                (
                    "plan",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="enrollments",
                        to="counseling.followupplan",
                        verbose_name="plan",
                    ),
                ),
                ("start_on", models.DateField(verbose_name="start on")),
                (
                    "other_role",
                    models.CharField(
                        choices=[
                            ("partner", "Partner"),
                            ("spouse", "Spouse"),
                            ("husband", "Husband"),
                            ("wife", "Wife"),
                            ("mother", "Mother"),
                            ("father", "Father"),
                            ("parent", "Parent"),
                            ("daughter", "Daughter"),
                            ("son", "Son"),
                            ("child", "Child"),
                            ("sister", "Sister"),
                            ("brother", "Brother"),
                            ("sibling", "Sibling"),
                            ("friend", "Friend"),
                            ("relative", "Relative"),
                            ("other", "Other"),
                        ],
                        default="partner",
                        help_text="For a single client: whom the questions are about. A relationship brings its own.",
                        max_length=20,
                        verbose_name="asked about",
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[("active", "Active"), ("ended", "Ended")],
                        default="active",
                        max_length=20,
                        verbose_name="status",
                    ),
                ),
                ("started_at", models.DateTimeField(verbose_name="started at")),
                (
                    "started_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="counseling.staffmember",
                        verbose_name="started by",
                    ),
                ),
                ("ended_at", models.DateTimeField(blank=True, null=True, verbose_name="ended at")),
                (
                    "ended_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="counseling.staffmember",
                        verbose_name="ended by",
                    ),
                ),
            ],
            options={
                "verbose_name": "enrollment",
                "verbose_name_plural": "enrollments",
                "ordering": ("-started_at", "id"),
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("status", "active")), fields=("case", "plan"), name="enrollment_one_active"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("status__in", ["active", "ended"])), name="enrollment_status_known"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("status__in", ["ended"]), ("ended_at__isnull", False)),
                            models.Q(
                                models.Q(("status__in", ["ended"]), _negated=True),
                                models.Q(("ended_at__isnull", False), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="enrollment_ended_at",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("ended_at__isnull", False), ("ended_by__isnull", False)),
                            models.Q(("ended_at__isnull", True), ("ended_by__isnull", True)),
                            _connector="OR",
                        ),
                        name="enrollment_ended_pair",
                    ),
                ],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="FollowUp",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid_utils.compat.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "clinic",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="counseling.clinic",
                        verbose_name="clinic",
                    ),
                ),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="follow_ups",
                        to="counseling.case",
                        verbose_name="case",
                    ),
                ),
                (
                    "client",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="follow_ups",
                        to="counseling.client",
                        verbose_name="client",
                    ),
                ),
                (
                    "enrollment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="follow_ups",
                        to="counseling.enrollment",
                        verbose_name="enrollment",
                    ),
                ),
                (
                    "step",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="counseling.planstep",
                        verbose_name="step",
                    ),
                ),
                ("occurrence", models.PositiveSmallIntegerField(verbose_name="occurrence")),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="assessments.instrumentversion",
                        verbose_name="instrument version",
                    ),
                ),
                (
                    "other_role",
                    models.CharField(
                        choices=[
                            ("partner", "Partner"),
                            ("spouse", "Spouse"),
                            ("husband", "Husband"),
                            ("wife", "Wife"),
                            ("mother", "Mother"),
                            ("father", "Father"),
                            ("parent", "Parent"),
                            ("daughter", "Daughter"),
                            ("son", "Son"),
                            ("child", "Child"),
                            ("sister", "Sister"),
                            ("brother", "Brother"),
                            ("sibling", "Sibling"),
                            ("friend", "Friend"),
                            ("relative", "Relative"),
                            ("other", "Other"),
                        ],
                        default="partner",
                        max_length=20,
                        verbose_name="asked about",
                    ),
                ),
                ("local_date", models.DateField(verbose_name="local date")),
                ("local_time", models.TimeField(verbose_name="local hour")),
                ("time_zone", models.CharField(max_length=64, verbose_name="time zone")),
                ("due_at", models.DateTimeField(verbose_name="due at")),
                ("expires_at", models.DateTimeField(verbose_name="expires at")),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("planned", "Planned"),
                            ("sent", "Sent"),
                            ("opened", "Opened"),
                            ("completed", "Completed"),
                            ("expired", "Expired"),
                            ("cancelled", "Cancelled"),
                            ("skipped", "Skipped"),
                        ],
                        default="planned",
                        max_length=20,
                        verbose_name="status",
                    ),
                ),
                ("queued_at", models.DateTimeField(blank=True, null=True, verbose_name="queued at")),
                ("sent_at", models.DateTimeField(blank=True, null=True, verbose_name="sent at")),
                ("opened_at", models.DateTimeField(blank=True, null=True, verbose_name="opened at")),
                ("completed_at", models.DateTimeField(blank=True, null=True, verbose_name="completed at")),
                ("ended_at", models.DateTimeField(blank=True, null=True, verbose_name="ended at")),
                ("end_reason", models.CharField(blank=True, max_length=40, verbose_name="why it ended")),
                ("reminders_queued", models.PositiveSmallIntegerField(default=0, verbose_name="reminders")),
                ("next_reminder_at", models.DateTimeField(blank=True, null=True, verbose_name="next reminder at")),
                (
                    "response",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="follow_up",
                        to="assessments.response",
                        verbose_name="response",
                    ),
                ),
                ("token_nonce", models.CharField(editable=False, max_length=32)),
                ("token_key", models.CharField(editable=False, max_length=20)),
                ("token_digest", models.CharField(editable=False, max_length=64, unique=True)),
            ],
            options={
                "verbose_name": "follow-up",
                "verbose_name_plural": "follow-ups",
                "ordering": ("due_at", "id"),
                "indexes": [
                    models.Index(
                        condition=models.Q(("queued_at__isnull", True), ("status", "planned")),
                        fields=["due_at"],
                        name="follow_up_unqueued",
                    ),
                    models.Index(
                        condition=models.Q(
                            ("next_reminder_at__isnull", False), ("status__in", ("planned", "sent", "opened"))
                        ),
                        fields=["next_reminder_at"],
                        name="follow_up_reminder",
                    ),
                    models.Index(
                        condition=models.Q(("status__in", ("planned", "sent", "opened"))),
                        fields=["expires_at"],
                        name="follow_up_overdue",
                    ),
                    models.Index(fields=["case", "due_at"], name="follow_up_by_case"),
                    models.Index(fields=["clinic", "due_at"], name="follow_up_by_clinic"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("enrollment", "step", "occurrence", "client"), name="follow_up_once_per_occasion"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("due_at__lt", models.F("expires_at"))), name="follow_up_due_before_expiry"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "status__in",
                                ["cancelled", "completed", "expired", "opened", "planned", "sent", "skipped"],
                            )
                        ),
                        name="follow_up_status_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("status__in", ["completed"]), ("completed_at__isnull", False)),
                            models.Q(
                                models.Q(("status__in", ["completed"]), _negated=True),
                                models.Q(("completed_at__isnull", False), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="follow_up_completed_at",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("status__in", ["cancelled", "expired", "skipped"]), ("ended_at__isnull", False)),
                            models.Q(
                                models.Q(("status__in", ["cancelled", "expired", "skipped"]), _negated=True),
                                models.Q(("ended_at__isnull", False), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="follow_up_ended_at",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("status", "completed"), _negated=True),
                            ("response__isnull", False),
                            _connector="OR",
                        ),
                        name="follow_up_completed_has_response",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("status__in", ["sent", "opened", "completed"]), _negated=True),
                            ("sent_at__isnull", False),
                            _connector="OR",
                        ),
                        name="follow_up_sent_at",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("status", "opened"), _negated=True), ("opened_at__isnull", False), _connector="OR"
                        ),
                        name="follow_up_opened_at",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Delivery",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid_utils.compat.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "follow_up",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="deliveries",
                        to="counseling.followup",
                        verbose_name="follow-up",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("invitation", "Invitation"), ("reminder", "Reminder")],
                        max_length=20,
                        verbose_name="kind",
                    ),
                ),
                ("number", models.PositiveSmallIntegerField(default=1, verbose_name="number")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("due", "Due"),
                            ("claimed", "Claimed"),
                            ("handoff", "Being handed over"),
                            ("sent", "Sent"),
                            ("uncertain", "Uncertain"),
                            ("dead", "Could not be delivered"),
                            ("cancelled", "Cancelled"),
                            ("expired", "Expired"),
                        ],
                        default="due",
                        max_length=20,
                        verbose_name="state",
                    ),
                ),
                ("attempt", models.PositiveSmallIntegerField(default=0, verbose_name="attempt")),
                ("next_at", models.DateTimeField(verbose_name="next try at")),
                ("owner", models.CharField(blank=True, max_length=80, verbose_name="owner")),
                ("lease_until", models.DateTimeField(blank=True, null=True, verbose_name="lease until")),
                ("handed_over_at", models.DateTimeField(blank=True, null=True, verbose_name="handed over at")),
                ("accepted_at", models.DateTimeField(blank=True, null=True, verbose_name="accepted at")),
                ("message_id", models.CharField(max_length=200, unique=True, verbose_name="message id")),
                ("smtp_code", models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="SMTP code")),
                ("created_at", models.DateTimeField(verbose_name="created at")),
            ],
            options={
                "verbose_name": "delivery",
                "verbose_name_plural": "deliveries",
                "indexes": [
                    models.Index(condition=models.Q(("state", "due")), fields=["next_at", "id"], name="delivery_due"),
                    models.Index(
                        condition=models.Q(("state", "claimed")), fields=["lease_until"], name="delivery_leased"
                    ),
                    models.Index(
                        condition=models.Q(("state", "handoff")), fields=["handed_over_at"], name="delivery_in_handoff"
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("follow_up", "kind", "number"), name="delivery_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "state__in",
                                ["cancelled", "claimed", "dead", "due", "expired", "handoff", "sent", "uncertain"],
                            )
                        ),
                        name="delivery_state_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["invitation", "reminder"])), name="delivery_kind_known"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("state", "claimed"),
                                ("lease_until__isnull", False),
                                models.Q(("owner", ""), _negated=True),
                            ),
                            models.Q(models.Q(("state", "claimed"), _negated=True), ("lease_until__isnull", True)),
                            _connector="OR",
                        ),
                        name="delivery_claimed_has_lease",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "handoff"), _negated=True),
                            ("handed_over_at__isnull", False),
                            _connector="OR",
                        ),
                        name="delivery_handoff_at",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("accepted_at__isnull", True), ("state", "sent"), _connector="OR"),
                        name="delivery_accepted_is_sent",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="DeliveryEvent",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid_utils.compat.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "follow_up",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="ledger", to="counseling.followup"
                    ),
                ),
                (
                    "delivery",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="events",
                        to="counseling.delivery",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
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
                        ],
                        max_length=20,
                        verbose_name="kind",
                    ),
                ),
                ("detail", models.CharField(blank=True, max_length=80, verbose_name="detail")),
                ("at", models.DateTimeField(verbose_name="at")),
            ],
            options={
                "verbose_name": "delivery event",
                "verbose_name_plural": "delivery events",
                "ordering": ("at", "id"),
                "indexes": [models.Index(fields=["follow_up", "at"], name="delivery_event_by_follow_up")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "kind__in",
                                [
                                    "accepted",
                                    "answered",
                                    "cancelled",
                                    "claimed",
                                    "deferred",
                                    "expired",
                                    "handed_over",
                                    "opened",
                                    "planned",
                                    "queued",
                                    "rejected",
                                    "resent",
                                    "uncertain",
                                ],
                            )
                        ),
                        name="delivery_event_kind_known",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ThresholdSet",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid_utils.compat.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "clinic",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="threshold_sets",
                        to="counseling.clinic",
                        verbose_name="clinic",
                    ),
                ),
                ("number", models.PositiveIntegerField(verbose_name="number")),
                ("values", models.JSONField(verbose_name="values")),
                ("note", models.CharField(blank=True, max_length=200, verbose_name="why")),
                ("created_at", models.DateTimeField(verbose_name="created at")),
                (
                    "created_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="counseling.staffmember",
                        verbose_name="created by",
                    ),
                ),
            ],
            options={
                "verbose_name": "threshold set",
                "verbose_name_plural": "threshold sets",
                "constraints": [models.UniqueConstraint(fields=("clinic", "number"), name="threshold_set_number_once")],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="Finding",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid_utils.compat.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "clinic",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="counseling.clinic",
                        verbose_name="clinic",
                    ),
                ),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="findings",
                        to="counseling.case",
                        verbose_name="case",
                    ),
                ),
                (
                    "pattern",
                    models.CharField(
                        choices=[("one_sided", "One-sided"), ("enmeshed", "Enmeshed"), ("safety", "Safety")],
                        max_length=40,
                        verbose_name="pattern",
                    ),
                ),
                (
                    "subject",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="counseling.client",
                        verbose_name="subject",
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("open", "Open"),
                            ("in_review", "In review"),
                            ("confirmed", "Confirmed"),
                            ("dismissed", "Dismissed"),
                            ("watching", "Watching"),
                            ("cleared", "Cleared by data"),
                        ],
                        default="open",
                        max_length=20,
                        verbose_name="status",
                    ),
                ),
                (
                    "strength",
                    models.CharField(
                        choices=[("signal", "Signal"), ("pattern", "Pattern"), ("urgent", "Urgent")],
                        max_length=20,
                        verbose_name="strength",
                    ),
                ),
                ("probability", models.FloatField(blank=True, null=True, verbose_name="probability")),
                ("evidence", models.JSONField(verbose_name="evidence")),
                (
                    "thresholds",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="counseling.thresholdset"
                    ),
                ),
                ("raised_at", models.DateTimeField(verbose_name="raised at")),
                ("evaluated_at", models.DateTimeField(verbose_name="evaluated at")),
                ("cleared_at", models.DateTimeField(blank=True, null=True, verbose_name="cleared at")),
                ("claimed_at", models.DateTimeField(blank=True, null=True, verbose_name="taken at")),
                (
                    "claimed_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="counseling.staffmember",
                        verbose_name="taken by",
                    ),
                ),
                ("decided_at", models.DateTimeField(blank=True, null=True, verbose_name="decided at")),
                (
                    "decided_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="counseling.staffmember",
                        verbose_name="decided by",
                    ),
                ),
                ("watch_until", models.DateField(blank=True, null=True, verbose_name="watch until")),
            ],
            options={
                "verbose_name": "finding",
                "verbose_name_plural": "findings",
                "indexes": [
                    models.Index(fields=["case", "status"], name="finding_by_case"),
                    models.Index(
                        condition=models.Q(("status__in", ("open", "in_review"))),
                        fields=["raised_at", "id"],
                        name="finding_waiting",
                    ),
                    models.Index(fields=["clinic", "raised_at"], name="finding_by_clinic"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("case", "pattern", "subject"), name="finding_one_per_subject"),
                    models.CheckConstraint(
                        condition=models.Q(("pattern__in", ["enmeshed", "one_sided", "safety"])),
                        name="finding_pattern_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("status__in", ["cleared", "confirmed", "dismissed", "in_review", "open", "watching"])
                        ),
                        name="finding_status_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("strength__in", ["pattern", "signal", "urgent"])),
                        name="finding_strength_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("claimed_at__isnull", False), ("claimed_by__isnull", False)),
                            models.Q(("claimed_at__isnull", True), ("claimed_by__isnull", True)),
                            _connector="OR",
                        ),
                        name="finding_claimed_pair",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("decided_at__isnull", False), ("decided_by__isnull", False)),
                            models.Q(("decided_at__isnull", True), ("decided_by__isnull", True)),
                            _connector="OR",
                        ),
                        name="finding_decided_pair",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("status__in", ["cleared"]), ("cleared_at__isnull", False)),
                            models.Q(
                                models.Q(("status__in", ["cleared"]), _negated=True),
                                models.Q(("cleared_at__isnull", False), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="finding_cleared_at",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("status__in", ["watching"]), ("watch_until__isnull", False)),
                            models.Q(
                                models.Q(("status__in", ["watching"]), _negated=True),
                                models.Q(("watch_until__isnull", False), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="finding_watch_until",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("status__in", ["in_review"]), ("claimed_at__isnull", False)),
                            models.Q(
                                models.Q(("status__in", ["in_review"]), _negated=True),
                                models.Q(("claimed_at__isnull", False), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="finding_claimed_at",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("status__in", ["confirmed", "dismissed", "watching"]), ("decided_at__isnull", False)
                            ),
                            models.Q(
                                models.Q(("status__in", ["confirmed", "dismissed", "watching"]), _negated=True),
                                models.Q(("decided_at__isnull", False), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="finding_decided_at",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("pattern", "safety"), _negated=True),
                            models.Q(("status", "cleared"), _negated=True),
                            _connector="OR",
                        ),
                        name="finding_safety_never_cleared",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("probability__isnull", True),
                            models.Q(("probability__gte", 0), ("probability__lte", 1)),
                            _connector="OR",
                        ),
                        name="finding_probability_range",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="FindingEvent",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid_utils.compat.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "finding",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="events",
                        to="counseling.finding",
                        verbose_name="finding",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("raised", "Raised"),
                            ("strengthened", "Confirmed by data"),
                            ("weakened", "No longer confirmed by data"),
                            ("cleared", "Cleared by data"),
                            ("reopened", "Raised again"),
                        ],
                        max_length=20,
                        verbose_name="kind",
                    ),
                ),
                ("at", models.DateTimeField(verbose_name="at")),
                (
                    "strength",
                    models.CharField(
                        choices=[("signal", "Signal"), ("pattern", "Pattern"), ("urgent", "Urgent")],
                        max_length=20,
                        verbose_name="strength",
                    ),
                ),
                ("probability", models.FloatField(blank=True, null=True, verbose_name="probability")),
                (
                    "thresholds",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="counseling.thresholdset"
                    ),
                ),
                ("evidence", models.JSONField(verbose_name="evidence")),
            ],
            options={
                "verbose_name": "finding event",
                "verbose_name_plural": "finding events",
                "ordering": ("at", "id"),
                "indexes": [models.Index(fields=["finding", "at"], name="finding_event_by_finding")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["cleared", "raised", "reopened", "strengthened", "weakened"])),
                        name="finding_event_kind_known",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Review",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid_utils.compat.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "finding",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reviews",
                        to="counseling.finding",
                        verbose_name="finding",
                    ),
                ),
                (
                    "decision",
                    models.CharField(
                        choices=[
                            ("claim", "Take into review"),
                            ("confirm", "Confirm"),
                            ("dismiss", "Dismiss"),
                            ("watch", "Watch until"),
                        ],
                        max_length=20,
                        verbose_name="decision",
                    ),
                ),
                (
                    "from_status",
                    models.CharField(
                        choices=[
                            ("open", "Open"),
                            ("in_review", "In review"),
                            ("confirmed", "Confirmed"),
                            ("dismissed", "Dismissed"),
                            ("watching", "Watching"),
                            ("cleared", "Cleared by data"),
                        ],
                        max_length=20,
                    ),
                ),
                (
                    "to_status",
                    models.CharField(
                        choices=[
                            ("open", "Open"),
                            ("in_review", "In review"),
                            ("confirmed", "Confirmed"),
                            ("dismissed", "Dismissed"),
                            ("watching", "Watching"),
                            ("cleared", "Cleared by data"),
                        ],
                        max_length=20,
                    ),
                ),
                ("reason", counseling.fields.EncryptedTextField(blank=True, verbose_name="reason")),
                ("watch_until", models.DateField(blank=True, null=True, verbose_name="watch until")),
                ("probability", models.FloatField(blank=True, null=True, verbose_name="probability at the time")),
                ("evidence", models.JSONField(verbose_name="evidence at the time")),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reviews",
                        to="counseling.staffmember",
                        verbose_name="by",
                    ),
                ),
                ("at", models.DateTimeField(verbose_name="at")),
            ],
            options={
                "verbose_name": "review",
                "verbose_name_plural": "reviews",
                "ordering": ("at", "id"),
                "indexes": [models.Index(fields=["finding", "at"], name="review_by_finding")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("decision__in", ["claim", "confirm", "dismiss", "watch"])),
                        name="review_decision_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("decision", "dismiss"), _negated=True),
                            models.Q(("reason", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="review_dismissal_has_reason",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("decision", "watch"), ("watch_until__isnull", False)),
                            models.Q(models.Q(("decision", "watch"), _negated=True), ("watch_until__isnull", True)),
                            _connector="OR",
                        ),
                        name="review_watch_has_date",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="AuditEvent",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid_utils.compat.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "clinic",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="counseling.clinic"
                    ),
                ),
                ("sequence", models.PositiveBigIntegerField()),
                ("at", models.DateTimeField(verbose_name="at")),
                (
                    "actor",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="counseling.staffmember",
                    ),
                ),
                ("action", models.CharField(max_length=60, verbose_name="action")),
                ("subject_type", models.CharField(max_length=40)),
                ("subject_id", models.UUIDField()),
                ("data", models.JSONField(default=dict)),
                ("previous_hash", models.CharField(max_length=64)),
                ("hash", models.CharField(max_length=64)),
            ],
            options={
                "verbose_name": "audit event",
                "verbose_name_plural": "audit events",
                "ordering": ("clinic", "sequence"),
                "indexes": [
                    models.Index(fields=["subject_id", "sequence"], name="audit_by_subject"),
                    models.Index(fields=["clinic", "at"], name="audit_by_time"),
                ],
                "constraints": [models.UniqueConstraint(fields=("clinic", "sequence"), name="audit_sequence_once")],
            },
        ),
    ]
