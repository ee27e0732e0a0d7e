"""A session site with Twinlock's pages, and with other ways into a session beside them."""

from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import LoginView, LogoutView, PasswordResetConfirmView
from django.http import HttpResponse
from django.urls import include, path

from twinlock.django.admin import SecondFactorRecordAdmin
from twinlock.django.admin_site import TwinlockAdminSite
from twinlock.django.decorators import second_factor_required
from twinlock.django.middleware import second_factor_exempt
from twinlock.django.models import SecondFactorRecord
from twinlock.django.pages.views.sign_in import TwinlockPasswordResetConfirmView

site = TwinlockAdminSite()
site.register(SecondFactorRecord, SecondFactorRecordAdmin)


@login_required
def home(request):
    return HttpResponse("home")


def public(request):
    return HttpResponse(f"hello {request.user.get_username()}")


@second_factor_exempt
def open_to_all(request):
    return HttpResponse("open")


@second_factor_required(purpose="payout", max_age=300)
def payout(request):
    return HttpResponse("paid")


async def later(request):
    user = await request.auser()
    return HttpResponse(f"later {user.get_username()}")


def strict_policy(get_response):
    """Middleware that forbids every script, and style that is not a file."""
    policy = "default-src 'none'; style-src 'self'; img-src data:; form-action 'self'; base-uri 'none'"

    def respond(request):
        response = get_response(request)
        response["Content-Security-Policy"] = policy
        return response

    return respond


RESET = "<uidb64>/<token>/"

urlpatterns = [
    path("home/", home, name="home"),
    path("public/", public),
    path("open/", open_to_all),
    path("payout/", payout),
    path("later/", later),
    path("named/", public, name="named"),
    path("static/x.css", public),
    path("plain-login/", LoginView.as_view(template_name="admin/login.html")),
    path("plain-logout/", LogoutView.as_view(next_page="/public/")),
    path(
        "plain-reset/" + RESET, PasswordResetConfirmView.as_view(post_reset_login=True, success_url="/home/")
    ),
    path(
        "reset/" + RESET,
        TwinlockPasswordResetConfirmView.as_view(post_reset_login=True, success_url="/home/"),
    ),
    path("admin/", site.urls),
    path("api/", include("twinlock.drf.urls")),
    path("account/", include("twinlock.django.pages.urls")),
]
