"""An index less to write at every sign-in; without it PostgreSQL need not touch the others at a rotation."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("twinlock", "0004_operators_permissions"),
    ]

    operations = [
        migrations.AlterField(
            model_name="refreshsession",
            name="expires_at",
            field=models.DateTimeField(verbose_name="expires at"),
        ),
    ]
