"""VER-04, STO-01: a verdict is durable or it is not given."""

import pytest
from django.db import DatabaseError, InterfaceError, OperationalError, connection, transaction
from django.db.backends.utils import CursorWrapper
from people import PASSWORD, enroll, make_user, sign_in
from routers import Replicated

from twinlock.django import recovery, services, users
from twinlock.django.models import SecondFactorRecord
from twinlock.django.store import DjangoStore
from twinlock.errors import Refused, StoreFault, TransactionOpen

DECIDING = {
    "begin_enrollment": lambda user: services.begin_enrollment(user),
    "confirm_enrollment": lambda user: services.confirm_enrollment(user, "123456"),
    "begin_sign_in": lambda user: services.begin_sign_in(user),
    "disable": lambda user: services.disable(user, otp="123456"),
    "disable_without_code": lambda user: services.disable_without_code(user),
    "regenerate_backup_codes": lambda user: services.regenerate_backup_codes(user, otp="123456"),
    "regenerate_without_code": lambda user: services.regenerate_backup_codes_without_code(user),
    "unlock": lambda user: services.unlock(user),
    "admin_reset": lambda user: services.admin_reset(user),
    "bump_epoch": lambda user: services.bump_epoch(user),
    "approve": lambda user: recovery.approve(user),
    "confirm_recovery": lambda user: recovery.confirm_recovery("uid", "token", PASSWORD),
}


@pytest.fixture
def store():
    return DjangoStore(services.engine)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("call", DECIDING.values(), ids=DECIDING)
def test_ver_04_no_call_decides_inside_an_open_transaction(call):
    user = make_user()
    enroll(user)
    before = SecondFactorRecord.objects.values().get()
    with transaction.atomic(), pytest.raises(TransactionOpen, match="non_atomic_requests"):
        call(user)
    assert SecondFactorRecord.objects.values().get() == before


@pytest.mark.django_db(transaction=True)
def test_ver_04_a_guess_inside_an_open_transaction_is_not_evaluated():
    user = make_user()
    phone, _ = enroll(user)
    challenge = services.begin_sign_in(user).challenge
    code = phone.code()
    with transaction.atomic(), pytest.raises(TransactionOpen):
        services.finish_sign_in(challenge, otp=code)
    found, proof = services.finish_sign_in(challenge, otp=code)
    assert (found, proof.method) == (user, "otp")


@pytest.mark.django_db(transaction=True)
def test_ver_04_a_counted_guess_survives_the_rollback_that_follows():
    user = make_user()
    phone, _ = enroll(user)
    challenge = services.begin_sign_in(user).challenge

    def request_that_fails():
        with pytest.raises(Refused, match="wrong"):
            services.finish_sign_in(challenge, otp=phone.wrong())
        with transaction.atomic():
            raise LookupError

    for _ in range(5):
        with pytest.raises(LookupError):
            request_that_fails()
    assert services.status(user).failures_in_a_row == 5
    assert services.status(user).locked_until is not None
    assert SecondFactorRecord.objects.get().locked_until is not None


@pytest.mark.django_db(transaction=True)
def test_ver_04_without_autocommit_nothing_is_decided():
    user = make_user()
    transaction.set_autocommit(False)
    try:
        with pytest.raises(TransactionOpen):
            services.begin_enrollment(user)
    finally:
        transaction.rollback()
        transaction.set_autocommit(True)


@pytest.mark.django_db(transaction=True)
def test_calls_that_only_look_work_inside_a_transaction():
    user = make_user()
    phone, _ = enroll(user)
    tokens = sign_in(user, phone)
    with transaction.atomic():
        assert services.status(user).enabled
        assert services.verify_access(tokens.access)[0] == user
        assert services.verify(tokens.refresh)[0] == user
        assert services.living_sessions(user)


@pytest.mark.django_db(transaction=True)
def test_sto_01_sessions_begin_go_on_and_end_outside_transactions_only():
    user = make_user()
    phone, _ = enroll(user)
    tokens = sign_in(user, phone)
    proof = services.begin_sign_in(make_user()).proof
    calls = (
        lambda: services.mint(user, proof),
        lambda: services.refresh(tokens.refresh),
        lambda: services.logout(tokens.refresh),
        lambda: services.logout_all(user),
    )
    for call in calls:
        with transaction.atomic(), pytest.raises(TransactionOpen):
            call()
    assert services.refresh(tokens.refresh)


def test_in_a_hosts_test_case_the_calls_work(user):
    """Django's TestCase wraps a test in transactions that its durable blocks do not count."""
    assert connection.in_atomic_block
    enroll(user)
    assert services.status(user).enabled
    with transaction.atomic(), pytest.raises(TransactionOpen):
        services.unlock(user)


def test_sto_01_a_save_is_conditional_on_the_version(enrolled, store):
    subject = users.subject_of(enrolled[0])
    record, version = store.load(subject)
    assert not store.save(subject, record, version - 1)
    assert not store.save(subject, record, version + 1)
    assert not store.save(subject, record, 0)
    assert store.load(subject) == (record, version)
    assert store.save(subject, record, version)
    assert store.load(subject) == (record, version + 1)
    assert not store.save(subject, record, version)


def test_a_record_of_nobody_is_refused(user, store):
    subject = users.subject_of(user)
    user.delete()
    with pytest.raises(Refused):
        store.load(subject)
    for subject in ("x", "", "-1", "9" * 30, "1\x00", "01", "\u0661"):
        with pytest.raises(Refused):
            store.load(subject)


@pytest.mark.django_db(transaction=True)
def test_an_insert_for_a_user_who_is_gone_changes_nothing(store):
    user, other = make_user(), make_user()
    enroll(user)
    record, _ = store.load(users.subject_of(user))
    subject = users.subject_of(other)
    engine_of_any = DjangoStore(lambda: Anything(services.status(user)))
    other.delete()
    assert engine_of_any.save(subject, record, 0) is False


class Anything:
    def __init__(self, status):
        self._status = status

    def status(self, subject, record):
        return self._status


def failing(kind, error):
    """A cursor's `execute` that fails for one kind of statement."""
    execute = CursorWrapper.execute

    def execute_or_fail(self, sql, params=None):
        if sql.startswith(kind):
            raise error
        return execute(self, sql, params)

    return execute_or_fail


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    "error", [OperationalError("database is locked"), InterfaceError("gone"), DatabaseError()]
)
def test_thr_05_a_database_that_fails_grants_nothing(monkeypatch, audited, error):
    user = make_user()
    phone, _ = enroll(user)
    challenge = services.begin_sign_in(user).challenge
    code = phone.code()

    with monkeypatch.context() as broken:
        broken.setattr(CursorWrapper, "execute", failing("UPDATE", error))
        with pytest.raises(StoreFault) as caught:
            services.finish_sign_in(challenge, otp=code)
    assert caught.value.code == "store_failed"
    assert audited.last("sign_in_failed").levelname == "ERROR"
    assert services.finish_sign_in(challenge, otp=code)[0] == user, "the user can try again"


@pytest.mark.parametrize(
    "read",
    [lambda user: services.begin_sign_in(user), lambda user: services.status(user)],
    ids=["sign_in", "status"],
)
def test_a_database_that_cannot_be_read_is_a_store_fault(monkeypatch, enrolled, read):
    monkeypatch.setattr(CursorWrapper, "execute", failing("SELECT", OperationalError("no connection")))
    with pytest.raises(StoreFault):
        read(enrolled[0])


def test_sto_06_what_decides_is_read_where_writes_go(settings, enrolled):
    settings.DATABASE_ROUTERS = [Replicated()]
    user, phone, _ = enrolled
    assert user.check_password(PASSWORD)
    tokens = sign_in(user, phone)
    assert services.verify_access(tokens.access)[0] == user
    assert services.refresh(tokens.refresh).access
