//! The Python module `twinlock._twinlock`: the core's types and calls as Python has them.
//!
//! It converts arguments and results and holds no rule. Every call runs inside [`guard`](errors::guard),
//! so that a panic is an ordinary exception. Python code imports the names from the package `twinlock`.

mod answer;
mod convert;
mod engine;
mod errors;
mod json;
mod jwt;
mod pending;
mod policy;
mod primitives;
mod results;
mod secrets;
mod status;

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
    use crate::pending::Pending;
    #[pymodule_export]
    use crate::policy::Policy;
    #[pymodule_export]
    use crate::primitives::{
        OtpauthUri, check_subject, hotp_generate, hotp_verify, otpauth_build, otpauth_parse, qr_png, qr_svg,
        qr_svg_data_uri, qr_terminal, qr_terminal_colored, totp_generate, totp_verify, vault_open,
        vault_seal,
    };
    #[pymodule_export]
    use crate::results::{AccessToken, Enrolled, Proof, Setup, SignIn, Tokens};
    #[pymodule_export]
    use crate::secrets::{KeyRing, Secret};
    #[pymodule_export]
    use crate::status::{Device, Status};

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
