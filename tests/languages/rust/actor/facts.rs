//! What calls gave, as all languages tell it.

use serde_json::{Map, Value, json};
use twinlock::{
    Challenge, DeviceStatus, EnrollmentToken, Method, Outcome, Preference, Proof, Provisioning,
    RefreshFamily, SentCode, Status, Tokens, TrustToken, TrustedDevice, UnixTime, Zeroizing,
};

#[derive(Default)]
pub struct Facts(pub Map<String, Value>);

impl Facts {
    pub fn tell(&mut self, name: &str, value: impl Into<Value>) {
        self.0.insert(name.to_owned(), value.into());
    }

    pub fn setup(&mut self, setup: &Provisioning) {
        self.tell("device_id", setup.device_id.as_str());
        self.tell("secret", setup.secret.as_str());
        self.tell("uri", setup.uri.as_str());
        self.tell("expires_at", setup.expires_at.seconds());
    }

    pub fn backup_codes(&mut self, codes: &[Zeroizing<String>]) {
        self.tell("backup_codes", codes.iter().map(|code| code.to_string()).collect::<Vec<_>>());
    }

    pub fn challenge(&mut self, challenge: &Challenge) {
        let gives = match challenge.gives {
            Outcome::SignIn => "sign_in",
            Outcome::Enrollment => "enrollment",
        };
        self.tell("challenge", challenge.token.as_str());
        self.tell("methods", challenge.methods.iter().map(|method| method.name()).collect::<Vec<_>>());
        self.tell("gives", gives);
        self.tell("expires_at", challenge.expires_at.seconds());
    }

    pub fn sent(&mut self, sent: &SentCode) {
        self.tell("sent_code", sent.code.as_str());
        self.tell("expires_at", sent.expires_at.seconds());
    }

    pub fn opened(&mut self, opened: &EnrollmentToken) {
        self.tell("enrollment_token", opened.token.as_str());
        self.tell("expires_at", opened.expires_at.seconds());
    }

    pub fn trust(&mut self, trust: &TrustToken) {
        let ends = trust.expires_at.seconds();
        self.tell("trust", json!({"id": trust.id, "token": *trust.token, "expires_at": ends}));
    }

    pub fn proof(&mut self, proof: &Proof) {
        let proof = json!({
            "method": proof.method().map(Method::name),
            "device_id": proof.device_id(),
            "purpose": proof.purpose(),
            "amr": proof.amr(),
            "auth_time": proof.auth_time().seconds(),
        });
        self.tell("proof", proof);
    }

    pub fn tokens(&mut self, tokens: &Tokens) {
        let tokens = json!({
            "access": tokens.access,
            "access_expires_at": tokens.access_expires_at.seconds(),
            "refresh": tokens.refresh,
            "refresh_expires_at": tokens.refresh_expires_at.seconds(),
        });
        self.tell("tokens", tokens);
    }

    pub fn one_token(&mut self, (token, expires_at): (String, UnixTime)) {
        self.tell("tokens", json!({"access": token, "access_expires_at": expires_at.seconds()}));
    }

    pub fn session(&mut self, family: &RefreshFamily) {
        self.tell("session", json!({"id": family.id(), "state": family.to_json()}));
    }

    pub fn status(&mut self, status: &Status) {
        let status = json!({
            "enabled": status.enabled,
            "pending_until": status.pending_until.map(|time| time.seconds()),
            "devices": status.devices.iter().map(device).collect::<Vec<_>>(),
            "preference": status.preference.map(Preference::name),
            "trusted_devices": status.trusted_devices.iter().map(trusted).collect::<Vec<_>>(),
            "backup_codes_left": status.backup_codes_left,
            "backup_codes_total": status.backup_codes_total,
            "locked_until": status.locked_until.map(|time| time.seconds()),
            "disabled": status.disabled,
            "failures_in_a_row": status.failures_in_a_row,
            "failures_today": status.failures_today,
            "epoch": status.epoch,
        });
        self.tell("status", status);
    }
}

fn device(device: &DeviceStatus) -> Value {
    json!({
        "id": device.id,
        "kind": device.params.kind(),
        "name": device.name,
        "algorithm": device.params.algorithm().name(),
        "digits": device.params.digits(),
        "period": device.params.period(),
        "created_at": device.created_at.seconds(),
        "last_used_at": device.last_used_at.seconds(),
    })
}

fn trusted(device: &TrustedDevice) -> Value {
    json!({
        "id": device.id,
        "name": device.name,
        "created_at": device.created_at.seconds(),
        "last_used_at": device.last_used_at.seconds(),
        "expires_at": device.expires_at.seconds(),
    })
}
