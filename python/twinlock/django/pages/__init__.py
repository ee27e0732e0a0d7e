"""Pages for sites with sessions: sign-in, second step, enrollment, managing, step-up.

    path("account/security/", include("twinlock.django.pages.urls"))

They are plain HTML that works without JavaScript and under a content security policy without inline code.
`TWINLOCK["PAGES_BASE_TEMPLATE"]` puts them into the site's own layout; each template under
`twinlock/pages/` can be replaced by one of the same name.
"""
