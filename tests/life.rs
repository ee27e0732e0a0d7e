//! The lives of `tests/vectors/life.json` in Rust. `bindings/c/tests/life.rs` plays them in C and C++, the Go package's
//! actor in Go, and `python/tests/module/test_languages.py` in every pair of languages.
#![allow(clippy::arithmetic_side_effects, clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)]

#[path = "languages/rust/actor/mod.rs"]
mod actor;
#[path = "languages/rust/life.rs"]
mod life;

use actor::{Auth, Fields};
use serde_json::Value;

#[derive(Default)]
struct InProcess(Option<Auth>);

impl life::Actor for InProcess {
    fn configure(&mut self, line: &str) {
        self.0 = Some(actor::configure(&Fields::read(line).1).unwrap());
    }

    fn play(&mut self, line: &str) -> Value {
        let (call, fields) = Fields::read(line);
        actor::play(self.0.as_ref().unwrap(), call, &fields).unwrap()
    }
}

#[test]
fn every_life_ends_as_the_script_says() {
    assert!(life::play(&mut InProcess::default()) > 100);
}
