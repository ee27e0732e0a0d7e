//! Where random bytes come from. The operating system by default; a test may pass its own.

use crate::error::{ErrorCode, Fault};

/// A source of cryptographically strong random bytes.
///
/// Only tests that freeze formats should ever implement this. An implementation must be safe
/// across `fork`: parent and child must never give out the same bytes.
pub trait Random: Send + Sync {
    /// Fills the whole buffer.
    ///
    /// # Errors
    /// `random_unavailable`; nothing is generated, sealed or signed then.
    fn fill(&self, buffer: &mut [u8]) -> Result<(), Fault>;
}

/// The operating system's generator, asked anew each time, so that `fork` is harmless.
#[derive(Clone, Copy, Debug, Default)]
pub struct OsRandom;

impl Random for OsRandom {
    fn fill(&self, buffer: &mut [u8]) -> Result<(), Fault> {
        getrandom::fill(buffer).map_err(|_| Fault::new(ErrorCode::RandomUnavailable))
    }
}

/// `N` random bytes.
pub(crate) fn bytes<const N: usize>(random: &dyn Random) -> Result<[u8; N], Fault> {
    let mut out = [0; N];
    random.fill(&mut out)?;
    Ok(out)
}
