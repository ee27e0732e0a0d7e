//! Devices as Python describes them: new ones by kind and parameters, and those that exist elsewhere.

use twinlock_core as core;
use twinlock_core::otp::hotp::HotpParams;
use twinlock_core::otp::totp::{Period, TotpParams};
use twinlock_core::otp::{Digits, uri};
use twinlock_core::{
    DeviceParams, ErrorCode, Fault, Folding, ForeignCodes, HmacKey, ImportedDevice, MinimumLength, Policy,
};

use crate::convert::{Arg, Opt, Texts, bytes, fitting, minimum, opt_text, params, text};
use crate::errors::Problem;
use crate::otpauth::OtpauthUri;
use crate::secrets::Secret;

/// The kind and parameters of a new device, if anything is said about them; the rest is the policy's.
pub fn chosen_params(
    policy: &Policy,
    kind: Opt<'_, '_>,
    algorithm: Opt<'_, '_>,
    digits: Opt<'_, '_>,
    period: Opt<'_, '_>,
) -> Result<Option<DeviceParams>, Problem> {
    if kind.or(algorithm).or(digits).or(period).is_none() {
        return Ok(None);
    }
    let (usual_digits, usual_period) = (Digits::new(policy.digits)?, Period::new(policy.period)?);
    let usual = TotpParams { algorithm: policy.algorithm, digits: usual_digits, period: usual_period };
    device_params(kind, algorithm, digits, period, usual).map(Some)
}

/// What does not belong to the kind is refused, so that nobody takes it for set.
fn device_params(
    kind: Opt<'_, '_>,
    algorithm: Opt<'_, '_>,
    digits: Opt<'_, '_>,
    period: Opt<'_, '_>,
    usual: TotpParams,
) -> Result<DeviceParams, Problem> {
    let all = params(algorithm, digits, period, usual)?;
    match opt_text(kind, "kind")?.as_deref() {
        None | Some("totp") => Ok(DeviceParams::Totp(all)),
        Some("hotp") => {
            nothing(period, "period")?;
            Ok(DeviceParams::Hotp(HotpParams { algorithm: all.algorithm, digits: all.digits }))
        }
        Some("steam") => {
            nothing(algorithm, "algorithm")?;
            nothing(digits, "digits")?;
            nothing(period, "period")?;
            Ok(DeviceParams::Steam)
        }
        Some(_) => Err(Problem::unknown("kind")),
    }
}

fn nothing(value: Opt<'_, '_>, name: &'static str) -> Result<(), Problem> {
    if value.is_some() { Err(Problem::argument(name)) } else { Ok(()) }
}

/// The arguments that describe a device which exists elsewhere.
pub struct Imported<'a, 'py> {
    pub uri: Opt<'a, 'py>,
    pub secret: Opt<'a, 'py>,
    pub kind: Opt<'a, 'py>,
    pub algorithm: Opt<'a, 'py>,
    pub digits: Opt<'a, 'py>,
    pub period: Opt<'a, 'py>,
    pub counter: Opt<'a, 'py>,
    pub last_step: Opt<'a, 'py>,
    pub minimum: Opt<'a, 'py>,
}

impl<'py> Imported<'_, 'py> {
    /// The device, without a name.
    pub fn read<'n>(self) -> Result<ImportedDevice<'n>, Problem> {
        let minimum = minimum(self.minimum)?;
        let mut device = match (self.uri, self.secret) {
            (Some(uri), None) => self.read_uri(uri, minimum)?,
            (None, Some(secret)) => self.read_parts(secret, minimum)?,
            _ => return Err(Problem::argument("exactly one of uri and secret")),
        };
        if let Some(step) = self.last_step {
            if matches!(device.params, DeviceParams::Hotp(_)) {
                return Err(Problem::argument("last_step"));
            }
            device.last_step = Some(fitting(step, "last_step", ErrorCode::TimeInvalid)?);
        }
        Ok(device)
    }

    fn read_uri<'n>(&self, uri: Arg<'_, 'py>, minimum: MinimumLength) -> Result<ImportedDevice<'n>, Problem> {
        nothing(self.kind, "kind")?;
        nothing(self.algorithm, "algorithm")?;
        nothing(self.digits, "digits")?;
        nothing(self.period, "period")?;
        nothing(self.counter, "counter")?;
        if let Ok(read) = uri.cast::<OtpauthUri>() {
            return Ok(ImportedDevice::from_uri(read.get().to_core()?));
        }
        Ok(ImportedDevice::from_uri(uri::parse(&text(uri, "uri")?, minimum)?))
    }

    fn read_parts<'n>(
        &self,
        secret: Arg<'_, 'py>,
        minimum: MinimumLength,
    ) -> Result<ImportedDevice<'n>, Problem> {
        let Self { kind, algorithm, digits, period, .. } = *self;
        let params = device_params(kind, algorithm, digits, period, TotpParams::default())?;
        if !matches!(params, DeviceParams::Hotp(_)) {
            nothing(self.counter, "counter")?;
        }
        let counter = self.counter.map(|value| fitting(value, "counter", ErrorCode::CounterOverflow));
        let secret = match secret.cast::<Secret>() {
            Ok(secret) => secret.get().copy()?,
            Err(_) => core::Secret::from_base32(&text(secret, "secret")?, minimum)?,
        };
        Ok(ImportedDevice { name: None, secret, params, counter: counter.unwrap_or(Ok(0))?, last_step: None })
    }
}

/// Another system's backup codes by the name of their scheme.
pub fn foreign_codes(codes: Arg<'_, '_>, scheme: &str, keys: Opt<'_, '_>) -> Result<ForeignCodes, Problem> {
    let codes = Texts::of(codes, "codes")?;
    let codes = codes.read()?;
    if !matches!(scheme, "hmac_sha256" | "drf_totp") {
        nothing(keys, "keys")?;
    }
    Ok(match scheme {
        "plain" => ForeignCodes::plain(&codes, Folding::Exact),
        "plain_loose" => ForeignCodes::plain(&codes, Folding::Loose),
        "sha256" => ForeignCodes::sha256(&codes),
        "pbkdf2_sha256" => ForeignCodes::pbkdf2_sha256(&codes),
        "hmac_sha256" => ForeignCodes::hmac_sha256(hmac_keys(keys)?, &codes),
        "drf_totp" => ForeignCodes::hmac_sha256(drf_totp_keys(keys)?, &codes),
        _ => Err(Fault::about(ErrorCode::SchemeUnknown, "scheme")),
    }?)
}

/// Keys need not be UTF-8; text is taken as UTF-8.
fn hmac_keys(keys: Opt<'_, '_>) -> Result<Vec<HmacKey>, Problem> {
    let mut read = Vec::new();
    for key in keys.map(|keys| Texts::of(keys, "keys")).transpose()?.iter().flat_map(Texts::items) {
        let key = match bytes(key, "keys") {
            Ok(bytes) => bytes.to_vec(),
            Err(_) => text(key, "keys")?.as_bytes().to_vec(),
        };
        read.push(HmacKey::from_bytes(key)?);
    }
    Ok(read)
}

fn drf_totp_keys(keys: Opt<'_, '_>) -> Result<Vec<HmacKey>, Problem> {
    let keys = keys.map(|keys| Texts::of(keys, "keys")).transpose()?;
    let Some(keys) = keys else { return Ok(Vec::new()) };
    Ok(keys.read()?.iter().map(|key| HmacKey::of_drf_totp(key)).collect::<Result<_, _>>()?)
}
