"""The native module. Import its names from ``twinlock``."""

from collections.abc import Callable, Iterable, Mapping
from types import GenericAlias
from typing import Any, ClassVar, Final, Generic, Literal, NoReturn, TypedDict, TypeVar, final

from twinlock._typing import Bytes, SecretText, Text

__all__ = [
    "ERROR_CODES",
    "AccessToken",
    "Device",
    "Engine",
    "Enrolled",
    "EnrollmentToken",
    "JwtConfig",
    "JwtKey",
    "KeyRing",
    "KeyUsage",
    "OtpauthExport",
    "OtpauthUri",
    "Pending",
    "PendingRotation",
    "Policy",
    "Proof",
    "RefreshFamily",
    "Secret",
    "SentCode",
    "Setup",
    "SignIn",
    "SignedIn",
    "SlidingToken",
    "Status",
    "Tokens",
    "TrustToken",
    "TrustedDevice",
    "__version__",
    "check_subject",
    "hotp_generate",
    "hotp_resync",
    "hotp_verify",
    "otpauth_build",
    "otpauth_parse",
    "otpauth_parse_migration",
    "qr_png",
    "qr_svg",
    "qr_svg_data_uri",
    "qr_terminal",
    "qr_terminal_colored",
    "steam_generate",
    "steam_verify",
    "totp_generate",
    "totp_verify",
    "vault_from_text",
    "vault_key_id",
    "vault_open",
    "vault_reseal",
    "vault_seal",
    "vault_to_text",
]

_T_co = TypeVar("_T_co", covariant=True)

class _Option(TypedDict):
    name: str
    default: int
    min: int
    max: int
    doc: str

class _Choice(TypedDict):
    name: str
    words: list[str]
    doc: str

__version__: Final[str]
ERROR_CODES: Final[Mapping[str, tuple[int, str]]]

@final
class KeyRing:
    @staticmethod
    def parse(text: Text) -> KeyRing: ...
    @staticmethod
    def generate() -> KeyRing: ...
    @staticmethod
    def fetch(provider: Callable[[], Text | Iterable[Text]]) -> KeyRing: ...
    def to_text(self) -> str: ...
    def with_cipher(self, cipher: Text) -> KeyRing: ...
    @property
    def cipher(self) -> str: ...
    @property
    def ids(self) -> list[str]: ...
    def __reduce__(self) -> NoReturn: ...

@final
class Policy:
    OPTIONS: ClassVar[list[_Option]]
    CHOICES: ClassVar[list[_Choice]]
    def __new__(
        cls,
        issuer: Text,
        *,
        algorithm: Text = ...,
        fallback: Text = ...,
        sent_codes: Text = ...,
        sent_alphabet: Text = ...,
        opt_out: Text = ...,
        cipher: Text = ...,
        digits: int = ...,
        period: int = ...,
        window: int = ...,
        challenge_life: int = ...,
        challenge_tries: int = ...,
        enrollment_life: int = ...,
        enrollment_tries: int = ...,
        backup_codes: int = ...,
        failures_before_lock: int = ...,
        lock_seconds: int = ...,
        lock_seconds_max: int = ...,
        failures_per_day: int = ...,
        failures_per_month: int = ...,
        failures_before_disable: int = ...,
        devices: int = ...,
        look_ahead: int = ...,
        resync_window: int = ...,
        sent_length: int = ...,
        sent_life: int = ...,
        sends_per_challenge: int = ...,
        enrollment_token_life: int = ...,
        trusted_devices: int = ...,
        trust_life: int = ...,
        step_up_age: int = ...,
    ) -> Policy: ...
    @property
    def issuer(self) -> str: ...
    @property
    def algorithm(self) -> str: ...
    @property
    def fallback(self) -> str: ...
    @property
    def sent_codes(self) -> str: ...
    @property
    def sent_alphabet(self) -> str: ...
    @property
    def opt_out(self) -> str: ...
    @property
    def cipher(self) -> str: ...
    @property
    def digits(self) -> int: ...
    @property
    def period(self) -> int: ...
    @property
    def window(self) -> int: ...
    @property
    def challenge_life(self) -> int: ...
    @property
    def challenge_tries(self) -> int: ...
    @property
    def enrollment_life(self) -> int: ...
    @property
    def enrollment_tries(self) -> int: ...
    @property
    def backup_codes(self) -> int: ...
    @property
    def failures_before_lock(self) -> int: ...
    @property
    def lock_seconds(self) -> int: ...
    @property
    def lock_seconds_max(self) -> int: ...
    @property
    def failures_per_day(self) -> int: ...
    @property
    def failures_per_month(self) -> int: ...
    @property
    def failures_before_disable(self) -> int: ...
    @property
    def devices(self) -> int: ...
    @property
    def look_ahead(self) -> int: ...
    @property
    def resync_window(self) -> int: ...
    @property
    def sent_length(self) -> int: ...
    @property
    def sent_life(self) -> int: ...
    @property
    def sends_per_challenge(self) -> int: ...
    @property
    def enrollment_token_life(self) -> int: ...
    @property
    def trusted_devices(self) -> int: ...
    @property
    def trust_life(self) -> int: ...
    @property
    def step_up_age(self) -> int: ...

@final
class JwtKey:
    @staticmethod
    def hmac(algorithm: Text, secret: Text) -> JwtKey: ...
    @staticmethod
    def from_pem(algorithm: Text, pem: Text) -> JwtKey: ...
    @staticmethod
    def from_jwk(json: Text) -> JwtKey: ...
    @property
    def id(self) -> str: ...
    @property
    def algorithm(self) -> str: ...
    def __reduce__(self) -> NoReturn: ...

@final
class JwtConfig:
    def __new__(
        cls,
        *,
        keys: Iterable[JwtKey] = (),
        issuer: Text | None = None,
        audience: Text | None = None,
        access_life: int = 300,
        refresh_life: int = 86400,
        leeway: int = 0,
        user_id_claim: Text = "user_id",
        family_life: int = 2592000,
        reuse_grace: int = 10,
    ) -> JwtConfig: ...
    @property
    def issuer(self) -> str | None: ...
    @property
    def audience(self) -> str | None: ...
    @property
    def access_life(self) -> int: ...
    @property
    def refresh_life(self) -> int: ...
    @property
    def leeway(self) -> int: ...
    @property
    def family_life(self) -> int: ...
    @property
    def reuse_grace(self) -> int: ...
    @property
    def user_id_claim(self) -> str: ...
    def __reduce__(self) -> NoReturn: ...

@final
class Engine:
    def __new__(cls, keys: KeyRing, policy: Policy, *, jwt: JwtConfig | None = None) -> Engine: ...
    @property
    def policy(self) -> Policy: ...
    def begin_enrollment(
        self,
        subject: Text,
        record: Bytes | None,
        *,
        account: Text,
        name: Text | None = None,
        kind: Literal["totp", "hotp", "steam"] | None = None,
        algorithm: Text | None = None,
        digits: int | None = None,
        period: int | None = None,
        now: int | None = None,
    ) -> Pending[Setup]: ...
    def confirm_enrollment(
        self,
        subject: Text,
        record: Bytes | None,
        code: Text,
        *,
        now: int | None = None,
    ) -> Pending[Enrolled]: ...
    def enrollment_subject(self, token: Text, *, now: int | None = None) -> str: ...
    def check_enrollment(self, token: Text, record: Bytes | None, *, now: int | None = None) -> str: ...
    def add_device(
        self,
        subject: Text,
        record: Bytes | None,
        *,
        account: Text,
        name: Text | None = None,
        kind: Literal["totp", "hotp", "steam"] | None = None,
        algorithm: Text | None = None,
        digits: int | None = None,
        period: int | None = None,
        otp: Text | None = None,
        backup: Text | None = None,
        any: Text | None = None,
        step_up: Text | None = None,
        now: int | None = None,
    ) -> Pending[Setup]: ...
    def rename_device(
        self,
        subject: Text,
        record: Bytes | None,
        device_id: Text,
        name: Text,
        *,
        now: int | None = None,
    ) -> Pending[None]: ...
    def remove_device(
        self,
        subject: Text,
        record: Bytes | None,
        device_id: Text,
        *,
        otp: Text | None = None,
        backup: Text | None = None,
        any: Text | None = None,
        step_up: Text | None = None,
        now: int | None = None,
    ) -> Pending[Literal["one", "last"]]: ...
    def resync_device(
        self,
        subject: Text,
        record: Bytes | None,
        device_id: Text,
        first: Text,
        second: Text,
        *,
        now: int | None = None,
    ) -> Pending[None]: ...
    def import_device(
        self,
        subject: Text,
        record: Bytes | None,
        *,
        uri: Text | OtpauthUri | None = None,
        secret: SecretText | None = None,
        kind: Literal["totp", "hotp", "steam"] | None = None,
        name: Text | None = None,
        algorithm: Text | None = None,
        digits: int | None = None,
        period: int | None = None,
        counter: int | None = None,
        last_step: int | None = None,
        minimum: Literal["rfc4226", "legacy"] = "rfc4226",
        now: int | None = None,
    ) -> Pending[str]: ...
    def import_backup_codes(
        self,
        subject: Text,
        record: Bytes | None,
        codes: Iterable[Text],
        *,
        scheme: Text,
        keys: Iterable[Text] | None = None,
        now: int | None = None,
    ) -> Pending[None]: ...
    def begin_sign_in(
        self,
        subject: Text,
        record: Bytes | None,
        *,
        methods: Iterable[Text] = ...,
        at: int | None = None,
        binding: Text | None = None,
        trust_token: Text | None = None,
        now: int | None = None,
    ) -> Pending[SignIn]: ...
    def challenge_subject(self, challenge: Text, *, now: int | None = None) -> str: ...
    def finish_sign_in(
        self,
        record: Bytes | None,
        challenge: Text,
        *,
        otp: Text | None = None,
        backup: Text | None = None,
        sent: Text | None = None,
        any: Text | None = None,
        binding: Text | None = None,
        now: int | None = None,
    ) -> Pending[Proof]: ...
    def finish_for_enrollment(
        self,
        record: Bytes | None,
        challenge: Text,
        *,
        otp: Text | None = None,
        backup: Text | None = None,
        sent: Text | None = None,
        any: Text | None = None,
        binding: Text | None = None,
        now: int | None = None,
    ) -> Pending[EnrollmentToken]: ...
    def send_code(
        self,
        record: Bytes | None,
        challenge: Text,
        *,
        binding: Text | None = None,
        now: int | None = None,
    ) -> Pending[SentCode]: ...
    def set_method(
        self,
        subject: Text,
        record: Bytes | None,
        method: Text,
        *,
        otp: Text | None = None,
        backup: Text | None = None,
        any: Text | None = None,
        step_up: Text | None = None,
        now: int | None = None,
    ) -> Pending[None]: ...
    def step_up(
        self,
        subject: Text,
        record: Bytes | None,
        *,
        purpose: Text,
        session: Text | None = None,
        otp: Text | None = None,
        backup: Text | None = None,
        any: Text | None = None,
        now: int | None = None,
    ) -> Pending[Proof]: ...
    def trust_device(
        self,
        subject: Text,
        record: Bytes | None,
        proof: Proof,
        name: Text,
        *,
        now: int | None = None,
    ) -> Pending[TrustToken]: ...
    def is_trusted(
        self,
        subject: Text,
        record: Bytes | None,
        token: Text,
        *,
        now: int | None = None,
    ) -> bool: ...
    def revoke_trusted_devices(
        self,
        subject: Text,
        record: Bytes | None,
        device_id: Text | None = None,
        *,
        now: int | None = None,
    ) -> Pending[None]: ...
    def disable(
        self,
        subject: Text,
        record: Bytes | None,
        *,
        otp: Text | None = None,
        backup: Text | None = None,
        any: Text | None = None,
        step_up: Text | None = None,
        now: int | None = None,
    ) -> Pending[None]: ...
    def regenerate_backup_codes(
        self,
        subject: Text,
        record: Bytes | None,
        *,
        otp: Text | None = None,
        backup: Text | None = None,
        any: Text | None = None,
        step_up: Text | None = None,
        now: int | None = None,
    ) -> Pending[list[str]]: ...
    def admin_regenerate_backup_codes(
        self,
        subject: Text,
        record: Bytes | None,
        *,
        now: int | None = None,
    ) -> Pending[list[str]]: ...
    def unlock(
        self,
        subject: Text,
        record: Bytes | None,
        *,
        now: int | None = None,
    ) -> Pending[None]: ...
    def admin_reset(
        self,
        subject: Text,
        record: Bytes | None,
        *,
        now: int | None = None,
    ) -> Pending[None]: ...
    def bump_epoch(
        self,
        subject: Text,
        record: Bytes | None,
        *,
        now: int | None = None,
    ) -> Pending[None]: ...
    def status(
        self,
        subject: Text,
        record: Bytes | None,
        *,
        now: int | None = None,
    ) -> Status: ...
    def mint(
        self,
        proof: Proof,
        claims: Mapping[str, Any] | None = None,
        *,
        now: int | None = None,
    ) -> Tokens: ...
    def mint_access(
        self,
        proof: Proof,
        claims: Mapping[str, Any] | None = None,
        *,
        now: int | None = None,
    ) -> AccessToken: ...
    def mint_sliding(
        self,
        proof: Proof,
        claims: Mapping[str, Any] | None = None,
        *,
        now: int | None = None,
    ) -> SlidingToken: ...
    def begin_session(
        self,
        proof: Proof,
        claims: Mapping[str, Any] | None = None,
        *,
        now: int | None = None,
    ) -> tuple[Tokens, RefreshFamily]: ...
    def with_session(
        self,
        pending: Pending[Proof],
        claims: Mapping[str, Any] | None = None,
        *,
        now: int | None = None,
    ) -> Pending[SignedIn]: ...
    def verify(
        self,
        token: Text,
        kind: Literal["access", "refresh", "sliding"] = "access",
        *,
        now: int | None = None,
    ) -> dict[str, Any]: ...
    def require_step_up(
        self,
        token: Text,
        purpose: Text,
        *,
        max_age: int | None = None,
        now: int | None = None,
    ) -> dict[str, Any]: ...
    def jwks(self) -> dict[str, Any]: ...
    def refresh_subject(self, token: Text, *, now: int | None = None) -> str: ...
    def refresh(
        self,
        token: Text,
        record: Bytes | None,
        *,
        now: int | None = None,
    ) -> AccessToken: ...
    def refresh_sliding(
        self,
        token: Text,
        record: Bytes | None,
        *,
        now: int | None = None,
    ) -> SlidingToken: ...
    def session_of(self, token: Text, *, now: int | None = None) -> tuple[str, str]: ...
    def rotate(
        self,
        token: Text,
        family: RefreshFamily,
        record: Bytes | None,
        *,
        now: int | None = None,
    ) -> PendingRotation: ...
    def reseal(self, subject: Text, record: Bytes) -> bytes | None: ...
    def keys_needed(self, subject: Text, record: Bytes) -> list[str]: ...
    def inspect(self, subject: Text, record: Bytes) -> dict[str, Any]: ...
    def __reduce__(self) -> NoReturn: ...

@final
class Pending(Generic[_T_co]):
    @classmethod
    def __class_getitem__(cls, key: object) -> GenericAlias: ...
    @property
    def record(self) -> bytes | None: ...
    @property
    def family(self) -> RefreshFamily | None: ...
    def commit(self, stored: bool) -> _T_co: ...
    def __reduce__(self) -> NoReturn: ...

@final
class Setup:
    @property
    def device_id(self) -> str: ...
    @property
    def secret(self) -> str: ...
    @property
    def uri(self) -> str: ...
    @property
    def expires_at(self) -> int: ...
    @property
    def qr_svg(self) -> str: ...
    @property
    def qr_svg_data_uri(self) -> str: ...
    def __reduce__(self) -> NoReturn: ...

@final
class Enrolled:
    @property
    def device_id(self) -> str: ...
    @property
    def backup_codes(self) -> list[str]: ...
    @property
    def proof(self) -> Proof: ...
    def __reduce__(self) -> NoReturn: ...

@final
class SignIn:
    @property
    def outcome(self) -> Literal["proof", "challenge", "send", "trusted", "enroll"]: ...
    @property
    def challenge(self) -> str | None: ...
    @property
    def methods(self) -> list[str]: ...
    @property
    def expires_at(self) -> int | None: ...
    @property
    def gives(self) -> Literal["sign_in", "enrollment"] | None: ...
    @property
    def proof(self) -> Proof | None: ...
    @property
    def sent_code(self) -> SentCode | None: ...
    @property
    def trust(self) -> TrustToken | None: ...
    @property
    def enrollment(self) -> EnrollmentToken | None: ...
    def __reduce__(self) -> NoReturn: ...

@final
class SentCode:
    @property
    def code(self) -> str: ...
    @property
    def expires_at(self) -> int: ...
    def __reduce__(self) -> NoReturn: ...

@final
class TrustToken:
    @property
    def id(self) -> str: ...
    @property
    def token(self) -> str: ...
    @property
    def expires_at(self) -> int: ...
    def __reduce__(self) -> NoReturn: ...

@final
class EnrollmentToken:
    @property
    def token(self) -> str: ...
    @property
    def expires_at(self) -> int: ...
    def __reduce__(self) -> NoReturn: ...

@final
class Proof:
    @property
    def subject(self) -> str: ...
    @property
    def method(self) -> Literal["otp", "backup", "sent"] | None: ...
    @property
    def device_id(self) -> str | None: ...
    @property
    def purpose(self) -> str | None: ...
    @property
    def amr(self) -> list[str]: ...
    @property
    def auth_time(self) -> int: ...
    @property
    def epoch(self) -> int: ...
    def __reduce__(self) -> NoReturn: ...

@final
class Tokens:
    @property
    def access(self) -> str: ...
    @property
    def refresh(self) -> str: ...
    @property
    def access_expires_at(self) -> int: ...
    @property
    def refresh_expires_at(self) -> int: ...
    def __reduce__(self) -> NoReturn: ...

@final
class AccessToken:
    @property
    def access(self) -> str: ...
    @property
    def access_expires_at(self) -> int: ...
    def __reduce__(self) -> NoReturn: ...

@final
class SlidingToken:
    @property
    def token(self) -> str: ...
    @property
    def expires_at(self) -> int: ...
    def __reduce__(self) -> NoReturn: ...

@final
class RefreshFamily:
    @staticmethod
    def from_json(text: Text) -> RefreshFamily: ...
    def to_json(self) -> str: ...
    def revoke(self, *, now: int | None = None) -> RefreshFamily: ...
    @property
    def id(self) -> str: ...
    @property
    def subject(self) -> str: ...
    @property
    def created_at(self) -> int: ...
    @property
    def rotated_at(self) -> int: ...
    @property
    def expires_at(self) -> int: ...
    @property
    def ends_at(self) -> int: ...
    @property
    def revoked_at(self) -> int | None: ...
    def __reduce__(self) -> NoReturn: ...

@final
class SignedIn:
    @property
    def method(self) -> Literal["otp", "backup", "sent"] | None: ...
    @property
    def tokens(self) -> Tokens: ...
    @property
    def family(self) -> RefreshFamily: ...
    def __reduce__(self) -> NoReturn: ...

@final
class PendingRotation:
    def commit(self, stored: bool) -> Tokens: ...
    @property
    def family(self) -> RefreshFamily | None: ...
    def __reduce__(self) -> NoReturn: ...

@final
class Status:
    @property
    def enabled(self) -> bool: ...
    @property
    def pending_until(self) -> int | None: ...
    @property
    def devices(self) -> list[Device]: ...
    @property
    def preference(self) -> Literal["otp", "sent", "off"] | None: ...
    @property
    def trusted_devices(self) -> list[TrustedDevice]: ...
    @property
    def backup_codes_left(self) -> int: ...
    @property
    def backup_codes_total(self) -> int: ...
    @property
    def locked_until(self) -> int | None: ...
    @property
    def disabled(self) -> bool: ...
    @property
    def failures_in_a_row(self) -> int: ...
    @property
    def failures_today(self) -> int: ...
    @property
    def epoch(self) -> int: ...

@final
class Device:
    @property
    def id(self) -> str: ...
    @property
    def kind(self) -> Literal["totp", "hotp", "steam"]: ...
    @property
    def name(self) -> str: ...
    @property
    def algorithm(self) -> str: ...
    @property
    def digits(self) -> int: ...
    @property
    def period(self) -> int | None: ...
    @property
    def created_at(self) -> int: ...
    @property
    def last_used_at(self) -> int: ...

@final
class TrustedDevice:
    @property
    def id(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def created_at(self) -> int: ...
    @property
    def last_used_at(self) -> int: ...
    @property
    def expires_at(self) -> int: ...

@final
class Secret:
    @staticmethod
    def generate() -> Secret: ...
    @staticmethod
    def from_base32(text: Text, minimum: Literal["rfc4226", "legacy"] = "rfc4226") -> Secret: ...
    def to_base32(self) -> str: ...
    def __reduce__(self) -> NoReturn: ...

@final
class OtpauthUri:
    @property
    def kind(self) -> Literal["totp", "hotp", "steam"]: ...
    @property
    def issuer(self) -> str | None: ...
    @property
    def account(self) -> str: ...
    @property
    def secret(self) -> Secret: ...
    @property
    def algorithm(self) -> str: ...
    @property
    def digits(self) -> int: ...
    @property
    def period(self) -> int | None: ...
    @property
    def counter(self) -> int | None: ...
    def __reduce__(self) -> NoReturn: ...

@final
class OtpauthExport:
    @property
    def accounts(self) -> list[OtpauthUri]: ...
    @property
    def batch_id(self) -> int: ...
    @property
    def batch_index(self) -> int: ...
    @property
    def batch_size(self) -> int: ...
    def __reduce__(self) -> NoReturn: ...

@final
class KeyUsage:
    def __new__(cls, ring: KeyRing) -> KeyUsage: ...
    def add(self, data: Bytes) -> str: ...
    def add_record(self, engine: Engine, subject: Text, record: Bytes) -> list[str]: ...
    def is_droppable(self, key_id: Text) -> bool: ...
    @property
    def counts(self) -> dict[str, int]: ...
    def __reduce__(self) -> NoReturn: ...

def check_subject(subject: Text) -> str: ...
def totp_generate(
    secret: SecretText, *, algorithm: Text = "SHA1", digits: int = 6, period: int = 30, now: int | None = None
) -> str: ...
def totp_verify(
    secret: SecretText,
    code: Text,
    *,
    window: int = 1,
    algorithm: Text = "SHA1",
    digits: int = 6,
    period: int = 30,
    now: int | None = None,
) -> int | None: ...
def hotp_generate(secret: SecretText, counter: int, *, algorithm: Text = "SHA1", digits: int = 6) -> str: ...
def hotp_verify(
    secret: SecretText,
    code: Text,
    counter: int,
    *,
    look_ahead: int = 10,
    algorithm: Text = "SHA1",
    digits: int = 6,
) -> int | None: ...
def hotp_resync(
    secret: SecretText,
    first: Text,
    second: Text,
    counter: int,
    *,
    window: int = 100,
    algorithm: Text = "SHA1",
    digits: int = 6,
) -> int | None: ...
def steam_generate(secret: SecretText, *, now: int | None = None) -> str: ...
def steam_verify(
    secret: SecretText, code: Text, *, window: int = 1, now: int | None = None
) -> int | None: ...
def otpauth_build(
    issuer: Text,
    account: Text,
    secret: SecretText,
    *,
    kind: Literal["totp", "hotp", "steam"] | None = None,
    algorithm: Text = "SHA1",
    digits: int = 6,
    period: int = 30,
    counter: int | None = None,
) -> str: ...
def otpauth_parse(uri: Text, *, minimum: Literal["rfc4226", "legacy"] = "rfc4226") -> OtpauthUri: ...
def otpauth_parse_migration(
    uri: Text, *, minimum: Literal["rfc4226", "legacy"] = "rfc4226"
) -> OtpauthExport: ...
def qr_svg(text: Text) -> str: ...
def qr_svg_data_uri(text: Text) -> str: ...
def qr_png(text: Text, scale: int = 8) -> bytes: ...
def qr_terminal(text: Text) -> str: ...
def qr_terminal_colored(text: Text) -> str: ...
def vault_seal(ring: KeyRing, subject: Text, data: Bytes) -> bytes: ...
def vault_open(ring: KeyRing, subject: Text, data: Bytes) -> bytes: ...
def vault_reseal(ring: KeyRing, subject: Text, data: Bytes) -> bytes | None: ...
def vault_key_id(data: Bytes) -> str: ...
def vault_to_text(data: Bytes) -> str: ...
def vault_from_text(text: Text) -> bytes: ...
