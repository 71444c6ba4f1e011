"""Until now reminders came as far apart as the first was from the question: so they still do."""

from django.db import migrations
from django.db.models import F


def keep_spacing(apps, schema_editor):
    steps = apps.get_model("counseling", "PlanStep").objects.filter(reminder_after_days__gte=1)
    steps.update(reminder_every_days=F("reminder_after_days"))


class Migration(migrations.Migration):
    dependencies = [("counseling", "0005_plans_that_change")]

    operations = [migrations.RunPython(keep_spacing, migrations.RunPython.noop)]
