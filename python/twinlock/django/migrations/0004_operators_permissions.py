"""What operators may be allowed to do with sessions and grace periods. No table changes."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("twinlock", "0003_sessions_are_bound"),
    ]

    operations = [
        migrations.AlterModelOptions(
            name="enrollmentrequirement",
            options={
                "permissions": (("renew_grace_period", "Can let a grace period begin anew"),),
                "verbose_name": "requirement of a second factor",
                "verbose_name_plural": "requirements of a second factor",
            },
        ),
        migrations.AlterModelOptions(
            name="refreshsession",
            options={
                "permissions": (("revoke_session", "Can end a session"),),
                "verbose_name": "session",
                "verbose_name_plural": "sessions",
            },
        ),
    ]
