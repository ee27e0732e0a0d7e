"""The table of second factors."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="SecondFactorRecord",
            fields=[
                (
                    "user",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="second_factor",
                        serialize=False,
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="user",
                    ),
                ),
                ("record", models.BinaryField(verbose_name="sealed record")),
                ("version", models.PositiveBigIntegerField(verbose_name="version")),
                ("enabled", models.BooleanField(db_index=True, default=False, verbose_name="enabled")),
                ("method", models.CharField(blank=True, default="", max_length=16, verbose_name="method")),
                ("device_count", models.PositiveSmallIntegerField(default=0, verbose_name="devices")),
                (
                    "backup_codes_left",
                    models.PositiveSmallIntegerField(default=0, verbose_name="backup codes left"),
                ),
                ("locked_until", models.DateTimeField(blank=True, null=True, verbose_name="locked until")),
                ("confirmed_at", models.DateTimeField(blank=True, null=True, verbose_name="confirmed at")),
                ("last_used_at", models.DateTimeField(blank=True, null=True, verbose_name="last used at")),
                ("epoch", models.BigIntegerField(default=0, verbose_name="epoch")),
                (
                    "recovery_requested_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="recovery requested at"),
                ),
                (
                    "recovery_approved_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="recovery approved at"),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="created at")),
                ("updated_at", models.DateTimeField(auto_now=True, verbose_name="updated at")),
            ],
            options={
                "verbose_name": "second factor",
                "verbose_name_plural": "second factors",
                "permissions": (
                    ("unlock_second_factor", "Can end the lock of a second factor"),
                    ("reset_second_factor", "Can turn a second factor off"),
                    ("approve_recovery", "Can approve a recovery request"),
                ),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("version__gte", 1)), name="twinlock_version_from_1"
                    )
                ],
            },
        ),
    ]
