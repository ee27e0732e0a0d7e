"""The URLs of the pages, in the namespace `twinlock`."""

from django.contrib.auth.views import LogoutView
from django.urls import path

from .views import devices, manage, method, second_step, sessions, setup, sign_in, step_up

app_name = "twinlock"

urlpatterns = [
    path("", manage.StatusView.as_view(), name="status"),
    path("sign-in/", sign_in.TwinlockLoginView.as_view(), name="sign_in"),
    path("sign-in/code/", second_step.SecondStepView.as_view(), name="second_step"),
    path("sign-in/code/send/", second_step.SendCodeView.as_view(), name="send_code"),
    path("sign-in/cancel/", second_step.CancelView.as_view(), name="cancel"),
    path("sign-out/", LogoutView.as_view(next_page="twinlock:sign_in"), name="sign_out"),
    path("setup/", setup.SetupView.as_view(), name="setup"),
    path("setup/confirm/", setup.ConfirmView.as_view(), name="confirm"),
    path("step-up/", step_up.StepUpView.as_view(), name="step_up"),
    path("step-up/send/", step_up.SendCodeView.as_view(), name="send_step_up_code"),
    path("backup-codes/", manage.BackupCodesView.as_view(), name="new_backup_codes"),
    path("turn-off/", manage.TurnOffView.as_view(), name="turn_off"),
    path("devices/add/", setup.AddDeviceView.as_view(), name="add_device"),
    path("devices/<str:device_id>/rename/", devices.RenameDeviceView.as_view(), name="rename_device"),
    path("devices/<str:device_id>/remove/", devices.RemoveDeviceView.as_view(), name="remove_device"),
    path("devices/<str:device_id>/resync/", devices.ResyncDeviceView.as_view(), name="resync_device"),
    path("method/", method.MethodView.as_view(), name="method"),
    path("sessions/", sessions.SessionsView.as_view(), name="sessions"),
    path("sessions/end/", sessions.SignOutOthersView.as_view(), name="sign_out_others"),
    path("sessions/<str:session_id>/end/", sessions.RevokeSessionView.as_view(), name="revoke_session"),
    path("trusted/revoke/", manage.RevokeTrustView.as_view(), name="revoke_trust_in_all"),
    path("trusted/<str:device_id>/revoke/", manage.RevokeTrustView.as_view(), name="revoke_trust"),
]
