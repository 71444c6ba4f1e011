import django.db.models.deletion
import uuid_utils.compat
from django.db import migrations, models

from counseling.migrations._triggers import lift, restore


class Migration(migrations.Migration):
    dependencies = [
        ("counseling", "0002_database_guards"),
    ]

    operations = [
        migrations.RunPython(lift, restore),
        migrations.CreateModel(
            name="PlanStop",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid_utils.compat.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("stopped_at", models.DateTimeField(verbose_name="stopped at")),
                ("taken_back_at", models.DateTimeField(blank=True, null=True, verbose_name="taken back at")),
            ],
            options={
                "verbose_name": "stopped plan",
                "verbose_name_plural": "stopped plans",
                "ordering": ("-stopped_at", "id"),
            },
        ),
        migrations.CreateModel(
            name="ProviderNotice",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid_utils.compat.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("provider", models.CharField(max_length=40, verbose_name="provider")),
                ("event_id", models.CharField(max_length=200, verbose_name="event id")),
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
                            ("delivered", "Delivered to the mailbox"),
                            ("bounced", "Came back undelivered"),
                            ("complained", "Reported as unwanted by the client"),
                            ("unsubscribed", "Unsubscribed at the email provider"),
                        ],
                        max_length=20,
                        verbose_name="kind",
                    ),
                ),
                ("occurred_at", models.DateTimeField(blank=True, null=True, verbose_name="occurred at")),
                ("received_at", models.DateTimeField(verbose_name="received at")),
            ],
            options={
                "verbose_name": "provider notice",
                "verbose_name_plural": "provider notices",
            },
        ),
        migrations.RemoveConstraint(
            model_name="deliveryevent",
            name="delivery_event_kind_known",
        ),
        migrations.AddField(
            model_name="client",
            name="suspended_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="address suspended at"),
        ),
        migrations.AddField(
            model_name="client",
            name="suspended_for",
            field=models.CharField(
                blank=True,
                choices=[
                    ("bounced", "an email came back, the address takes no mail"),
                    ("complained", "an email was reported as unwanted"),
                ],
                max_length=20,
                verbose_name="why",
            ),
        ),
        migrations.AddField(
            model_name="client",
            name="suspended_index",
            field=models.CharField(blank=True, editable=False, max_length=64),
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
                ],
                max_length=20,
                verbose_name="kind",
            ),
        ),
        migrations.AddConstraint(
            model_name="client",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("suspended_at__isnull", True), ("suspended_for", ""), ("suspended_index", "")),
                    models.Q(
                        models.Q(("suspended_index", ""), _negated=True),
                        ("suspended_at__isnull", False),
                        models.Q(("suspended_for", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="client_suspended_with_when_and_why",
            ),
        ),
        migrations.AddConstraint(
            model_name="client",
            constraint=models.CheckConstraint(
                condition=models.Q(("suspended_for__in", ["", "bounced", "complained"])),
                name="client_suspended_for_known",
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
                            "opened",
                            "planned",
                            "queued",
                            "rejected",
                            "resent",
                            "uncertain",
                            "unsubscribed",
                        ],
                    )
                ),
                name="delivery_event_kind_known",
            ),
        ),
        migrations.AddField(
            model_name="planstop",
            name="case",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="plan_stops",
                to="counseling.case",
                verbose_name="case",
            ),
        ),
        migrations.AddField(
            model_name="planstop",
            name="client",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="plan_stops",
                to="counseling.client",
                verbose_name="client",
            ),
        ),
        migrations.AddField(
            model_name="planstop",
            name="plan",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="counseling.followupplan",
                verbose_name="plan",
            ),
        ),
        migrations.AddField(
            model_name="providernotice",
            name="delivery",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="notices", to="counseling.delivery"
            ),
        ),
        migrations.AddConstraint(
            model_name="planstop",
            constraint=models.UniqueConstraint(
                condition=models.Q(("taken_back_at__isnull", True)),
                fields=("client", "case", "plan"),
                name="plan_stop_one_standing",
            ),
        ),
        migrations.AddConstraint(
            model_name="providernotice",
            constraint=models.UniqueConstraint(fields=("provider", "event_id"), name="notice_once"),
        ),
        migrations.AddConstraint(
            model_name="providernotice",
            constraint=models.UniqueConstraint(
                fields=("delivery", "kind", "occurred_at"), name="notice_once_per_instant"
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
                            "opened",
                            "planned",
                            "queued",
                            "rejected",
                            "resent",
                            "uncertain",
                            "unsubscribed",
                        ],
                    )
                ),
                name="notice_kind_known",
            ),
        ),
        migrations.RunPython(restore, lift),
    ]
