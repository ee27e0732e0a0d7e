//! The Python module `twinlock._twinlock`: the core's types and calls as Python has them.
//!
//! It converts arguments and results and holds no rule. Every call runs inside [`guard`](errors::guard),
//! so that a panic is an ordinary exception. Python code imports the names from the package `twinlock`.

mod answer;
mod convert;
mod device;
mod engine;
mod errors;
mod json;
mod jwt;
mod otp;
mod otpauth;
mod pending;
mod policy;
mod proof;
mod qr;
mod secrets;
mod session;
mod setup;
mod sign_in;
mod status;
mod tokens;
mod vault;

use pyo3::prelude::*;

/// The native part of `twinlock`. Import its names from there.
#[pymodule(gil_used = false)]
mod _twinlock {
    use pyo3::prelude::*;
    use pyo3::types::PyDict;
    use twinlock_core::ErrorCode;

    #[pymodule_export]
    use crate::engine::Engine;
    #[cfg(feature = "test-hooks")]
    #[pymodule_export]
    use crate::errors::hooks::panic_everywhere;
    #[pymodule_export]
    use crate::jwt::{JwtConfig, JwtKey};
    #[pymodule_export]
    use crate::otp::{
        check_subject, hotp_generate, hotp_resync, hotp_verify, steam_generate, steam_verify, totp_generate,
        totp_verify,
    };
    #[pymodule_export]
    use crate::otpauth::{OtpauthExport, OtpauthUri, otpauth_build, otpauth_parse, otpauth_parse_migration};
    #[pymodule_export]
    use crate::pending::Pending;
    #[pymodule_export]
    use crate::policy::Policy;
    #[pymodule_export]
    use crate::proof::Proof;
    #[pymodule_export]
    use crate::qr::{qr_png, qr_svg, qr_svg_data_uri, qr_terminal, qr_terminal_colored};
    #[pymodule_export]
    use crate::secrets::{KeyRing, Secret};
    #[pymodule_export]
    use crate::session::{PendingRotation, RefreshFamily, SignedIn};
    #[pymodule_export]
    use crate::setup::{Enrolled, Setup};
    #[pymodule_export]
    use crate::sign_in::{EnrollmentToken, SentCode, SignIn, TrustToken};
    #[pymodule_export]
    use crate::status::{Device, Status, TrustedDevice};
    #[pymodule_export]
    use crate::tokens::{AccessToken, SlidingToken, Tokens};
    #[pymodule_export]
    use crate::vault::{
        KeyUsage, vault_from_text, vault_key_id, vault_open, vault_reseal, vault_seal, vault_to_text,
    };

    #[pymodule_init]
    fn init(module: &Bound<'_, PyModule>) -> PyResult<()> {
        let codes = PyDict::new(module.py());
        for code in ErrorCode::ALL {
            codes.set_item(code.name(), (code.number(), code.message()))?;
        }
        module.add("ERROR_CODES", codes)?;
        module.add("__version__", env!("CARGO_PKG_VERSION"))
    }
}
