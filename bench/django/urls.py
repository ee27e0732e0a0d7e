"""The URLs of the system under test."""

import project

urlpatterns = project.system.routes()
