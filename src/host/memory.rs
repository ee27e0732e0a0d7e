//! A store in memory, for tests and for trying things out. What it holds ends with the process.

use std::collections::HashMap;
use std::convert::Infallible;
use std::sync::{Mutex, PoisonError};

use super::Store;
use crate::subject::Subject;

/// Records in a map behind a mutex.
#[derive(Default)]
pub struct MemoryStore(Mutex<HashMap<String, (Vec<u8>, u64)>>);

impl Store for MemoryStore {
    type Error = Infallible;

    fn load(&self, subject: &Subject) -> Result<Option<(Vec<u8>, u64)>, Infallible> {
        let rows = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        Ok(rows.get(subject.as_str()).cloned())
    }

    fn save(&self, subject: &Subject, record: &[u8], expected_version: u64) -> Result<bool, Infallible> {
        let mut rows = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let version = rows.get(subject.as_str()).map_or(0, |(_, version)| *version);
        if version != expected_version {
            return Ok(false);
        }
        rows.insert(subject.as_str().to_owned(), (record.to_vec(), version.saturating_add(1)));
        Ok(true)
    }
}
