"""Which second factor and password a session is bound to, and sessions whose token does not rotate."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("twinlock", "0002_sessions_and_requirements"),
    ]

    operations = [
        migrations.AddField(
            model_name="refreshsession",
            name="epoch",
            field=models.BigIntegerField(default=0, verbose_name="epoch"),
        ),
        migrations.AddField(
            model_name="refreshsession",
            name="credential",
            field=models.CharField(blank=True, default="", max_length=16, verbose_name="credential"),
        ),
        migrations.AlterField(
            model_name="refreshsession",
            name="state",
            field=models.TextField(blank=True, default="", verbose_name="state"),
        ),
    ]
