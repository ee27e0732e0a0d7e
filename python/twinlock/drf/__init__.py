"""Two-factor authentication over HTTP, for Django REST framework.

`path("api/", include("twinlock.drf.urls"))` mounts everything; `twinlock.drf.urls.totp`, `.recovery` and
`.jwt` mount the parts. Put `twinlock.drf.authentication.TwinlockAuthentication` into
DEFAULT_AUTHENTICATION_CLASSES, so that the access tokens made here open the project's own views. The wire
contract is that of django-totp, with fields and endpoints added; every rule is in the core, behind
`twinlock.django.services`, and a view only turns HTTP into a call and an answer into HTTP.
"""
