//! Plays the lives of `tests/vectors/life.json` with one actor, from enrollment to reset.
//! `python/tests/support/languages/life.py` says how to read them, and lets several actors take turns.

use std::collections::HashMap;

use serde_json::Value;
use twinlock::otp::hotp::{self, HotpParams};
use twinlock::otp::totp::{self, TotpParams};
use twinlock::{MinimumLength, Secret, UnixTime};

const START: i64 = 1_800_000_000;

/// Who plays a step when told to by a line; `python/tests/support/languages/cast.py` says what is in it.
pub trait Actor {
    fn configure(&mut self, line: &str);
    fn play(&mut self, line: &str) -> Value;
}

/// Plays every life, and gives how many steps there were.
pub fn play(actor: &mut dyn Actor) -> usize {
    let file: Value = serde_json::from_str(include_str!("../../vectors/life.json")).unwrap();
    let mut steps = 0;
    for script in file["lives"].as_array().unwrap() {
        let mut life =
            Life { actor, options: &script["options"], kept: HashMap::new(), record: String::new() };
        life.configure(&Value::Null);
        for step in script["steps"].as_array().unwrap() {
            life.step(step);
            steps += 1;
        }
    }
    steps
}

/// One subject.
struct Life<'a> {
    actor: &'a mut dyn Actor,
    options: &'a Value,
    kept: HashMap<&'a str, Value>,
    record: String,
}

impl<'a> Life<'a> {
    fn configure(&mut self, changes: &Value) {
        let mut options = self.options.clone();
        let changes = changes.as_object().cloned().unwrap_or_default();
        options.as_object_mut().unwrap().extend(changes);
        self.actor.configure(&line("configure", &options));
    }

    fn step(&mut self, step: &'a Value) {
        if step["call"] == "configure" {
            return self.configure(&step["with"]);
        }
        let answer = self.ask(step);
        let ending = (step["refused"].as_str().unwrap_or("ok"), step["retry_after"].as_i64().unwrap_or(0));
        let got = (answer["verdict"].as_str().unwrap(), answer["retry_after"].as_i64().unwrap());
        assert_eq!(got, ending, "{step}\ngave {answer}");
        let (facts, mut known) = (&answer["facts"], members(&step["gives"]));
        for (name, path) in step["keep"].as_object().into_iter().flatten() {
            let path = path.as_str().unwrap();
            known.push(path.split('.').next().unwrap());
            self.kept.insert(name, facts.pointer(&format!("/{}", path.replace('.', "/"))).unwrap().clone());
        }
        known.sort_unstable();
        known.dedup();
        assert_eq!(members(facts), known, "{step}\ngave {answer}");
        assert!(step.get("gives").is_none_or(|gives| self.fits(gives, facts)), "{step}\ngave {answer}");
        self.record = answer["record"].as_str().unwrap().to_owned();
    }

    fn ask(&mut self, step: &Value) -> Value {
        let mut with = step["with"].clone();
        for value in with.as_object_mut().into_iter().flat_map(|with| with.values_mut()) {
            *value = self.resolve(value.as_str().unwrap()).into();
        }
        let now = START + step["at"].as_i64().unwrap();
        let common = format!("\tsubject=alice\tnow={now}\trecord={}", self.record);
        self.actor.play(&(line(step["call"].as_str().unwrap(), &with) + &common))
    }

    fn fits(&self, expected: &Value, got: &Value) -> bool {
        match (expected, got) {
            (Value::Object(members), _) => members.iter().all(|(name, want)| self.fits(want, &got[name])),
            (Value::Number(length), Value::Array(items)) => {
                length.as_u64() == u64::try_from(items.len()).ok()
            }
            (Value::Array(wanted), Value::Array(items)) => {
                wanted.len() == items.len()
                    && wanted.iter().zip(items).all(|(want, item)| self.fits(want, item))
            }
            (Value::String(text), _) if text == "*" => !got.is_null(),
            (Value::String(text), _) => match text.strip_prefix('+') {
                Some(later) => got.as_i64() == Some(START + later.parse::<i64>().unwrap()),
                None => got.as_str() == Some(&self.resolve(text)),
            },
            _ => expected == got,
        }
    }

    /// A text with what `$` refers to in its place.
    fn resolve(&self, text: &str) -> String {
        let mut parts = text.split('$');
        let mut resolved = parts.next().unwrap().to_owned();
        for part in parts {
            let word =
                |text: &str| text.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(text.len());
            let (name, rest) = part.split_at(word(part));
            if let Some((arguments, rest)) = rest.strip_prefix('(').and_then(|rest| rest.split_once(')')) {
                let (secret, number) = arguments.split_once(", ").unwrap();
                resolved += &shown(name, self.kept[secret].as_str().unwrap(), number.parse().unwrap());
                resolved += rest;
            } else if let Value::Array(items) = &self.kept[name] {
                let (index, rest) = rest[1..].split_at(word(&rest[1..]));
                resolved += items[index.parse::<usize>().unwrap()].as_str().unwrap();
                resolved += rest;
            } else {
                resolved += self.kept[name].as_str().unwrap();
                resolved += rest;
            }
        }
        resolved
    }
}

/// What a device with the secret shows.
fn shown(what: &str, secret: &str, number: i64) -> String {
    let secret = Secret::from_base32(secret, MinimumLength::Rfc4226).unwrap();
    let code = |seconds: i64| {
        let now = UnixTime::new(START + seconds).unwrap();
        totp::generate(&secret, &TotpParams::default(), now).to_text().to_string()
    };
    match what {
        "code" => code(number),
        "wrong" => {
            let near: Vec<String> = (-4..=4).map(|steps| code(number + 30 * steps)).collect();
            (0..10).map(|guess| format!("{guess:06}")).find(|guess| !near.contains(guess)).unwrap()
        }
        _ => {
            hotp::generate(&secret, &HotpParams::default(), number.try_into().unwrap()).to_text().to_string()
        }
    }
}

fn members(value: &Value) -> Vec<&str> {
    value.as_object().into_iter().flat_map(|members| members.keys().map(String::as_str)).collect()
}

fn line(call: &str, with: &Value) -> String {
    let arguments = with.as_object().into_iter().flatten();
    arguments.fold(call.to_owned(), |line, (name, value)| line + "\t" + name + "=" + value.as_str().unwrap())
}
