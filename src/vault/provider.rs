//! Keys from where a host keeps them.

use zeroize::Zeroizing;

use super::keyring::KeyRing;
use crate::error::{ErrorCode, Fault};

/// For a host that keeps its master keys in a vault of its own (a secrets manager, an HSM's wrapped blobs, a
/// file with narrow permissions) and fetches them once, at start.
///
/// ```
/// use twinlock::{KeyProvider, KeyRing, Zeroizing};
///
/// struct Folder(std::path::PathBuf);
///
/// impl KeyProvider for Folder {
///     type Error = std::io::Error;
///
///     fn fetch(&self) -> Result<Vec<Zeroizing<String>>, Self::Error> {
///         let read = |name| std::fs::read_to_string(self.0.join(name)).map(Zeroizing::new);
///         ["current", "previous"].map(read).into_iter().collect()
///     }
/// }
///
/// # let folder = std::env::temp_dir().join(format!("twinlock-keys-{}", std::process::id()));
/// # std::fs::create_dir_all(&folder)?;
/// # for name in ["current", "previous"] {
/// #     std::fs::write(folder.join(name), &**KeyRing::generate(&twinlock::OsRandom)?.to_text())?;
/// # }
/// # let path = folder.clone();
/// let ring = KeyRing::fetch(&Folder(path))?;
/// assert_eq!(ring.ids().len(), 2);
/// # std::fs::remove_dir_all(folder)?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub trait KeyProvider {
    /// What fetching can fail with.
    type Error;

    /// The entries in the order of the ring: the first seals and signs. Each is one key or several, as
    /// [`KeyRing::parse`] reads them.
    ///
    /// # Errors
    /// The provider's own; there is no ring then.
    fn fetch(&self) -> Result<Vec<Zeroizing<String>>, Self::Error>;
}

/// Why a provider led to no ring.
#[derive(Debug, thiserror::Error)]
pub enum ProviderError<E> {
    /// The provider failed.
    #[error("{}", ErrorCode::KeyProviderFailed)]
    Provider(#[source] E),
    /// What it gave is no key ring.
    #[error(transparent)]
    Fault(#[from] Fault),
}

impl<E> ProviderError<E> {
    /// The entry of the table: `key_provider_failed`, or that of the fault.
    #[must_use]
    pub const fn code(&self) -> ErrorCode {
        match self {
            Self::Provider(_) => ErrorCode::KeyProviderFailed,
            Self::Fault(fault) => fault.code,
        }
    }
}

impl KeyRing {
    /// The ring of the keys that a provider gives.
    ///
    /// # Errors
    /// The provider's, kept as the source; the faults of [`KeyRing::parse`].
    pub fn fetch<P: KeyProvider>(provider: &P) -> Result<Self, ProviderError<P::Error>> {
        let entries = provider.fetch().map_err(ProviderError::Provider)?;
        let words = entries.iter().flat_map(|entry| super::keyring::words(entry));
        Ok(Self::from_words(words)?)
    }
}
