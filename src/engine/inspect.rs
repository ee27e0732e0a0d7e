//! Everything that a record holds but its secrets, for operators who look into a case.

use serde_json::{Map, Value, json};

use super::Engine;
use crate::error::Fault;
use crate::record::backup::BackupSet;
use crate::record::challenges::{Challenges, Tried};
use crate::record::device::{Device, Motion, PendingDevice};
use crate::record::foreign::{ForeignSet, Scheme};
use crate::record::sent::SentCode;
use crate::record::steps::SpentSteps;
use crate::record::trusted::Trusted;
use crate::record::{Preference, Record};
use crate::subject::Subject;
use crate::time::UnixTime;
use crate::vault::KeyId;

impl Engine {
    /// Describes what is stored as it is stored. Nothing is brought in line with the time or the policy: what
    /// both make of it, [`Engine::status`] says. Times are Unix seconds. The form is for people and may grow.
    ///
    /// No secret, hash, salt, ticket or challenge's id is in it.
    ///
    /// # Errors
    /// The faults of opening a record.
    pub fn inspect(&self, subject: &Subject, record: &[u8]) -> Result<Map<String, Value>, Fault> {
        let keys = self.keys_needed(subject, record)?;
        let record = Record::open(&self.ring, subject, Some(record))?;
        let mut facts = Map::new();
        let mut add = |name: &str, value: Value| facts.insert(name.to_owned(), value);
        add("epoch", record.epoch.into());
        add("keys_needed", keys.into_iter().map(KeyId::to_text).collect());
        add("devices", record.devices.iter().map(device).collect());
        add("devices_of_later_kinds", record.foreign_devices.len().into());
        add("pending", record.pending.as_ref().map_or(Value::Null, pending));
        add("preference", record.preference.map_or(Value::Null, |wish: Preference| wish.name().into()));
        add("backup_codes", record.backup.as_ref().map_or(Value::Null, backup));
        add("imported_backup_codes", record.foreign_codes.as_ref().map_or(Value::Null, imported));
        add("trusted_devices", record.trusted.iter().map(trusted).collect());
        add("failures_in_a_row", record.guard.in_a_row.into());
        add("failures", record.guard.failures.iter().copied().map(UnixTime::seconds).collect());
        add("challenges", challenges(&record.challenges));
        add("sent_codes", record.sent.iter().map(sent).collect());
        Ok(facts)
    }
}

fn device(device: &Device) -> Value {
    let params = device.motion.params();
    json!({
        "id": device.id_text(),
        "name": device.name,
        "kind": params.kind(),
        "algorithm": params.algorithm().name(),
        "digits": params.digits(),
        "period": params.period(),
        "created_at": device.created_at.seconds(),
        "last_used_at": device.last_used_at.seconds(),
        "spent": spent(&device.motion),
    })
}

fn spent(motion: &Motion) -> Value {
    match motion {
        Motion::Totp(_, SpentSteps { floor, recent }) | Motion::Steam(SpentSteps { floor, recent }) => {
            json!({ "steps_up_to": floor, "steps": recent })
        }
        Motion::Hotp(_, next) => json!({ "next_counter": next }),
    }
}

fn pending(pending: &PendingDevice) -> Value {
    let PendingDevice { device: waiting, expires_at, tries, .. } = pending;
    json!({ "device": device(waiting), "expires_at": expires_at.seconds(), "wrong_codes": tries })
}

fn backup(set: &BackupSet) -> Value {
    json!({ "left": set.left(), "total": set.total(), "created_at": set.created_at.seconds() })
}

fn imported(set: &ForeignSet) -> Value {
    let scheme = match set.scheme {
        Scheme::Plain { .. } => "plain",
        Scheme::HmacSha256 { .. } => "hmac_sha256",
        Scheme::Sha256 => "sha256",
        Scheme::Pbkdf2Sha256 { .. } => "pbkdf2_sha256",
        Scheme::Later(_) => "of a later version",
    };
    let created_at = set.created_at.seconds();
    json!({ "scheme": scheme, "left": set.left(), "total": set.total(), "created_at": created_at })
}

fn trusted(trusted: &Trusted) -> Value {
    json!({
        "id": trusted.id_text(),
        "name": trusted.name,
        "created_at": trusted.created_at.seconds(),
        "last_used_at": trusted.last_used_at.seconds(),
        "expires_at": trusted.expires_at.seconds(),
    })
}

fn challenges(challenges: &Challenges) -> Value {
    let tried = |tried: &Tried| json!({ "issued_at": tried.issued_at.seconds(), "wrong_answers": tried.tries, "spent": tried.spent });
    let forgotten_up_to = challenges.floor.map(UnixTime::seconds);
    json!({ "tried": challenges.tried.iter().map(tried).collect::<Value>(), "forgotten_up_to": forgotten_up_to })
}

fn sent(sent: &SentCode) -> Value {
    json!({ "expires_at": sent.expires_at.seconds(), "sends": sent.sends })
}
