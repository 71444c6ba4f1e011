from __future__ import annotations

from rest_framework import serializers

from counseling.models import StaffMember


class ColleagueSerializer(serializers.ModelSerializer[StaffMember]):
    name = serializers.CharField(source="display_name", read_only=True)

    class Meta:
        model = StaffMember
        fields = read_only_fields = ("id", "name", "role")
