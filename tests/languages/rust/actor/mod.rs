//! What the actor does with a line: the public interface of the core, and nothing else.

mod facts;
mod scene;

use std::collections::HashMap;
use std::convert::Infallible;
use std::error::Error;
use std::sync::{Mutex, PoisonError};

use facts::Facts;
use scene::Scene;
use serde_json::{Value, json};
use twinlock::otp::hotp::HotpParams;
use twinlock::{
    DeviceParams, Engine, HostError, JwtConfig, KeyRing, NewDevice, Policy, PresentedChallenge, SecondFactor,
    Store, Subject, UnixTime,
};

pub type Auth = SecondFactor<Row>;

/// The arguments of a call; one that is not given is empty.
pub struct Fields<'a>(HashMap<&'a str, &'a str>);

impl<'a> Fields<'a> {
    /// A line's call and its arguments.
    pub fn read(line: &'a str) -> (&'a str, Self) {
        let mut words = line.split('\t');
        let call = words.next().unwrap_or_default();
        (call, Self(words.filter_map(|word| word.split_once('=')).collect()))
    }

    fn text(&self, name: &str) -> &'a str {
        self.0.get(name).copied().unwrap_or_default()
    }

    fn given(&self, name: &str) -> Option<&'a str> {
        Some(self.text(name)).filter(|text| !text.is_empty())
    }

    fn presented(&self) -> PresentedChallenge<'a> {
        PresentedChallenge { token: self.text("challenge"), binding: self.given("binding") }
    }

    fn device(&self) -> NewDevice<'a> {
        let params = match self.text("kind") {
            "hotp" => Some(DeviceParams::Hotp(HotpParams::default())),
            "steam" => Some(DeviceParams::Steam),
            _ => None,
        };
        NewDevice { account: self.text("account"), name: self.given("name"), params }
    }
}

/// The one row of the store, which is another one before each call.
#[derive(Default)]
pub struct Row(Mutex<Option<(Vec<u8>, u64)>>);

impl Row {
    fn set(&self, row: Option<(Vec<u8>, u64)>) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = row;
    }

    fn get(&self) -> Option<(Vec<u8>, u64)> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Store for Row {
    type Error = Infallible;

    fn load(&self, _: &Subject) -> Result<Option<(Vec<u8>, u64)>, Infallible> {
        Ok(self.get())
    }

    fn save(&self, _: &Subject, record: &[u8], expected_version: u64) -> Result<bool, Infallible> {
        let is_expected = self.get().map_or(0, |(_, version)| version) == expected_version;
        if is_expected {
            self.set(Some((record.to_vec(), expected_version.saturating_add(1))));
        }
        Ok(is_expected)
    }
}

pub fn configure(fields: &Fields<'_>) -> Result<Auth, Box<dyn Error>> {
    let mut policy = Policy { issuer: "Acme".to_owned(), ..Policy::default() };
    for (name, value) in fields.0.iter().filter(|(name, _)| **name != "keys") {
        match value.parse() {
            Ok(number) => policy.set(name, number)?,
            Err(_) => policy.set_text(name, value)?,
        }
    }
    let engine = Engine::new(policy, KeyRing::parse(fields.text("keys"))?, JwtConfig::default())?;
    Ok(SecondFactor::new(engine, Row::default()))
}

pub fn play(auth: &Auth, call: &str, fields: &Fields<'_>) -> Result<Value, Box<dyn Error>> {
    let stored = Some(unhex(fields.text("record"))?).filter(|record| !record.is_empty());
    auth.store().set(stored.map(|record| (record, 1)));
    let scene = Scene {
        auth,
        fields,
        subject: Subject::new(fields.text("subject"))?,
        now: UnixTime::new(fields.text("now").parse()?)?,
    };
    let mut facts = Facts::default();
    let (verdict, retry_after) = match scene.play(call, &mut facts) {
        Ok(()) => ("ok", 0),
        Err(HostError::Refused(refusal)) => (refusal.code.name(), refusal.retry_after.unwrap_or(0)),
        Err(HostError::Fault(fault)) => (fault.code.name(), 0),
        Err(HostError::Store(never)) => match never {},
    };
    let record = auth.store().get().map(|(record, _)| hex(&record)).unwrap_or_default();
    Ok(json!({"verdict": verdict, "retry_after": retry_after, "facts": facts.0, "record": record}))
}

fn hex(bytes: &[u8]) -> String {
    let mut text = String::new();
    for byte in bytes {
        text.push_str(&format!("{byte:02x}"));
    }
    text
}

fn unhex(text: &str) -> Result<Vec<u8>, Box<dyn Error>> {
    let pairs = text.as_bytes().chunks(2);
    pairs.map(|pair| Ok(u8::from_str_radix(std::str::from_utf8(pair)?, 16)?)).collect()
}
