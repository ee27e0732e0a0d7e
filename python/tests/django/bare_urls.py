"""A site without Twinlock's pages."""

from django.urls import path
from page_urls import home, site

urlpatterns = [path("home/", home, name="home"), path("admin/", site.urls)]
