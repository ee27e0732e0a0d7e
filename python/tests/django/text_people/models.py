"""A user model with a text for its key, and no mail address at all."""

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models


class PersonManager(BaseUserManager):
    def create_user(self, name, password):
        person = self.model(name=name)
        person.set_password(password)
        person.save(using=self._db)
        return person


class Person(AbstractBaseUser):
    name = models.CharField(primary_key=True, max_length=200)

    USERNAME_FIELD = "name"
    objects = PersonManager()
