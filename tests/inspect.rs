//! What an operator may see of a record: all of its state, and nothing that opens anything.

mod support;

use serde_json::{Value, json};
use support::{START, Site, at, policy};
use twinlock::otp::hotp::{self, HotpParams};
use twinlock::{
    Answer, DeviceParams, FirstFactor, Folding, ForeignCodes, ImportedDevice, MinimumLength, NewDevice,
    Policy, Preference, Secret, SentCodes, SignIn,
};

const SECRET: &str = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";
const FOREIGN_CODE: &str = "CANARY-CANARY";

#[test]
fn a_record_with_everything_in_it_shows_its_state_and_no_secret() {
    let site = Site::with_policy(Policy { sent_codes: SentCodes::SignIn, trusted_devices: 3, ..policy() });
    let owner = site.enroll("42", START - 60);
    let subject = &owner.subject;
    let mut secrets = owner.backup_codes.clone();
    secrets.extend([owner.secret.to_base32().to_string(), SECRET.to_owned(), FOREIGN_CODE.to_owned()]);

    let secret = Secret::from_base32(SECRET, MinimumLength::Rfc4226).unwrap();
    let params = DeviceParams::Hotp(HotpParams::default());
    let device = ImportedDevice { name: Some("key fob"), secret, params, counter: 7, last_step: None };
    let fob = site.auth.import_device(subject, &device, at(START)).unwrap();
    let codes = ForeignCodes::plain(&[FOREIGN_CODE], Folding::Exact).unwrap();
    site.auth.import_backup_codes(subject, &codes, at(START)).unwrap();
    let counted = Secret::from_base32(SECRET, MinimumLength::Rfc4226).unwrap();
    let code = hotp::generate(&counted, &HotpParams::default(), 9).to_text();
    let proof = site.sign_in(&owner, Answer::Otp(&code), START).unwrap();
    let trust = site.auth.trust_device(subject, &proof, "laptop", at(START)).unwrap();
    secrets.push(trust.token.to_string());
    let wrong = owner.wrong_code(START);
    site.sign_in(&owner, Answer::Otp(&wrong), START).err().unwrap();
    let code = owner.code(START);
    site.auth.set_method(subject, Some(Answer::Otp(&code)), Preference::Sent, at(START)).unwrap();
    let first_factor = FirstFactor::password(at(START));
    let SignIn::Send(_, sent) = site.auth.begin_sign_in(subject, &first_factor, at(START)).unwrap() else {
        panic!("a code was due")
    };
    secrets.push(sent.code.to_string());
    let device = NewDevice { account: "42", ..NewDevice::default() };
    let next = owner.code(START + 30);
    let setup = site.auth.add_device(subject, Answer::Otp(&next), &device, at(START + 30)).unwrap();
    secrets.push(setup.secret.to_string());

    let facts = site.auth.engine().inspect(subject, &site.record(&owner)).unwrap();
    let [phone, counted] = facts["devices"].as_array().unwrap().as_slice() else { panic!("two devices") };
    assert_eq!((&phone["kind"], &phone["period"]), (&json!("totp"), &json!(30)));
    assert_eq!(phone["spent"]["steps"].as_array().unwrap().len(), 3);
    assert_eq!((&counted["id"], &counted["spent"]), (&json!(fob), &json!({ "next_counter": 10 })));
    assert_eq!(facts["pending"]["device"]["id"], json!(setup.device_id));
    assert_eq!((&facts["preference"], &facts["failures_in_a_row"]), (&json!("sent"), &json!(0)));
    assert_eq!(facts["failures"], json!([START]));
    assert_eq!(facts["backup_codes"]["left"], json!(10));
    assert_eq!(facts["imported_backup_codes"]["scheme"], json!("plain"));
    assert_eq!(facts["trusted_devices"][0]["id"], json!(trust.id));
    assert_eq!(facts["challenges"]["tried"].as_array().unwrap().len(), 2);
    assert_eq!(facts["sent_codes"], json!([{ "expires_at": START + 300, "sends": 1 }]));
    assert_eq!(facts["keys_needed"].as_array().unwrap().len(), 1);

    let shown = Value::Object(facts);
    let text = shown.to_string();
    for secret in &secrets {
        assert!(!text.contains(secret.as_str()));
    }
    // No hash, salt, ticket or challenge's id either: they have 16 bytes or more, as text or as numbers.
    assert!(longest_text(&shown) <= 24, "{text}");
    assert!(!holds_bytes(&shown), "{text}");
}

fn longest_text(value: &Value) -> usize {
    match value {
        Value::String(text) => text.len(),
        Value::Array(items) => items.iter().map(longest_text).max().unwrap_or(0),
        Value::Object(members) => members.values().map(longest_text).max().unwrap_or(0),
        _ => 0,
    }
}

fn holds_bytes(value: &Value) -> bool {
    match value {
        Value::Array(items) => {
            let is_byte = |item: &Value| item.as_u64().is_some_and(|n| n < 256);
            (items.len() >= 8 && items.iter().all(is_byte)) || items.iter().any(holds_bytes)
        }
        Value::Object(members) => members.values().any(holds_bytes),
        _ => false,
    }
}
