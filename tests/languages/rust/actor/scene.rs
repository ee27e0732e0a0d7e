//! The calls.

use std::convert::Infallible;

use twinlock::{
    Answer, Claims, CommitError, DeviceParams, FirstFactor, Folding, ForeignCodes, HostError, ImportedDevice,
    Method, MinimumLength, Preference, Proof, RefreshFamily, Removed, Secret, SignIn, StepUp, Store, Subject,
    TokenKind, UnixTime,
};

use super::facts::Facts;
use super::{Auth, Fields};

type Failure = HostError<Infallible>;

/// One call: who makes it, for whom and when.
pub struct Scene<'a> {
    pub auth: &'a Auth,
    pub fields: &'a Fields<'a>,
    pub subject: Subject,
    pub now: UnixTime,
}

impl Scene<'_> {
    pub fn play(&self, call: &str, facts: &mut Facts) -> Result<(), Failure> {
        let (auth, fields, subject, now) = (self.auth, self.fields, &self.subject, self.now);
        let text = |name| fields.text(name);
        let token = text("token");
        match call {
            "begin_enrollment" => facts.setup(&auth.begin_enrollment(subject, &fields.device(), now)?),
            "confirm_enrollment" => {
                let enrolled = auth.confirm_enrollment(subject, text("code"), now)?;
                facts.tell("device_id", enrolled.device_id);
                facts.backup_codes(&enrolled.backup_codes);
                self.grant(enrolled.proof, facts)?;
            }
            "check_enrollment" => facts.tell("subject", auth.check_enrollment(token, now)?.as_str()),
            "add_device" => {
                let device = fields.device();
                facts.setup(&self.answered(|answer| auth.add_device(subject, answer, &device, now))?);
            }
            "rename_device" => auth.rename_device(subject, text("device_id"), text("name"), now)?,
            "remove_device" => {
                let removed = self.answered(|it| auth.remove_device(subject, text("device_id"), it, now))?;
                facts.tell("last", matches!(removed, Removed::Last));
            }
            "resync_device" => {
                auth.resync_device(subject, text("device_id"), [text("first"), text("second")], now)?;
            }
            "import_device" => facts.tell("device_id", auth.import_device(subject, &self.imported()?, now)?),
            "import_backup_codes" => {
                let codes: Vec<&str> = text("codes").split(' ').collect();
                auth.import_backup_codes(subject, &ForeignCodes::plain(&codes, Folding::Loose)?, now)?;
            }
            "begin_sign_in" => self.begin_sign_in(facts)?,
            "finish_sign_in" => {
                let proof = self.answered(|answer| auth.finish_sign_in(fields.presented(), answer, now))?;
                if let Some(name) = fields.given("trust") {
                    facts.trust(&auth.trust_device(subject, &proof, name, now)?);
                }
                self.grant(proof, facts)?;
            }
            "finish_with_session" => self.finish_with_session(facts)?,
            "finish_for_enrollment" => {
                let opened =
                    self.answered(|answer| auth.finish_for_enrollment(fields.presented(), answer, now))?;
                facts.opened(&opened);
            }
            "send_code" => {
                facts.sent(&auth.send_code(fields.presented(), now)?);
            }
            "set_method" => self.set_method()?,
            "step_up" => {
                let session = fields.given("session").map(|token| self.claims(token)).transpose()?;
                let step_up = StepUp { purpose: text("purpose"), session: session.as_ref() };
                let proof = self.answered(|answer| auth.step_up(subject, answer, step_up, now))?;
                self.grant(proof, facts)?;
            }
            "require_step_up" => {
                auth.engine().require_step_up(&self.claims(token)?, text("purpose"), None, now)?;
            }
            "is_trusted" => facts.tell("trusted", auth.is_trusted(subject, token, now)?),
            "revoke_trusted_device" => auth.revoke_trusted_devices(subject, Some(text("trust_id")), now)?,
            "revoke_trusted_devices" => auth.revoke_trusted_devices(subject, None, now)?,
            "disable" => self.answered(|answer| auth.disable(subject, answer, now))?,
            "regenerate_backup_codes" => {
                let made = self.answered(|answer| auth.regenerate_backup_codes(subject, answer, now))?;
                facts.backup_codes(&made);
            }
            "admin_regenerate_backup_codes" => {
                facts.backup_codes(&auth.admin_regenerate_backup_codes(subject, now)?);
            }
            "unlock" => auth.unlock(subject, now)?,
            "admin_reset" => auth.admin_reset(subject, now)?,
            "bump_epoch" => auth.bump_epoch(subject, now)?,
            "status" => facts.status(&auth.status(subject, now)?),
            "reseal" => facts.tell("resealed", auth.reseal(subject)?),
            "verify" => {
                let claims = auth.engine().verify(token, kind(text("kind")), now)?;
                facts.tell("claims", claims.members().clone());
            }
            "refresh" => facts.one_token(auth.refresh(token, now)?),
            "refresh_sliding" => {
                let record = auth.store().get().map(|(record, _)| record);
                facts.one_token(auth.engine().refresh_sliding(token, record.as_deref(), now)?);
            }
            "rotate" => self.rotate(facts)?,
            _ => panic!("no such call: {call}"),
        }
        Ok(())
    }

    /// Makes a call with what the user answers.
    fn answered<T>(&self, call: impl FnOnce(Answer<'_>) -> Result<T, Failure>) -> Result<T, Failure> {
        match self.fields.text("answer").split_once(':') {
            Some(("otp", typed)) => call(Answer::Otp(typed)),
            Some(("backup", typed)) => call(Answer::Backup(typed)),
            Some(("sent", typed)) => call(Answer::Sent(typed)),
            Some(("step_up", token)) => call(Answer::StepUp(&self.claims(token)?)),
            Some((_, typed)) => call(Answer::Any(typed)),
            None => panic!("no answer"),
        }
    }

    fn claims(&self, token: &str) -> Result<Claims, Failure> {
        Ok(self.auth.engine().verify(token, TokenKind::Access, self.now)?)
    }

    fn set_method(&self) -> Result<(), Failure> {
        let wish = Preference::from_name(self.fields.text("method"))?;
        let set = |answer: Option<Answer<'_>>| self.auth.set_method(&self.subject, answer, wish, self.now);
        if self.fields.given("answer").is_none() {
            return set(None);
        }
        self.answered(|answer| set(Some(answer)))
    }

    fn imported(&self) -> Result<ImportedDevice<'_>, Failure> {
        Ok(ImportedDevice {
            name: self.fields.given("name"),
            secret: Secret::from_base32(self.fields.text("secret"), MinimumLength::Rfc4226)?,
            params: DeviceParams::default(),
            counter: 0,
            last_step: None,
        })
    }

    fn begin_sign_in(&self, facts: &mut Facts) -> Result<(), Failure> {
        let mut first = FirstFactor::password(self.now);
        first = self.fields.given("binding").map_or(first.clone(), |binding| first.bound_to(binding));
        first = first.on_trusted_device(self.fields.text("trust_token"));
        match self.auth.begin_sign_in(&self.subject, &first, self.now)? {
            SignIn::NotRequired(proof) => {
                facts.tell("outcome", "not_required");
                self.grant(proof, facts)?;
            }
            SignIn::Challenge(challenge) => {
                facts.tell("outcome", "challenge");
                facts.challenge(&challenge);
            }
            SignIn::Send(challenge, sent) => {
                facts.tell("outcome", "send");
                facts.sent(&sent);
                facts.challenge(&challenge);
            }
            SignIn::Trusted(proof, trust) => {
                facts.tell("outcome", "trusted");
                facts.trust(&trust);
                self.grant(proof, facts)?;
            }
            SignIn::EnrollOnly(opened) => {
                facts.tell("outcome", "enroll_only");
                facts.opened(&opened);
            }
            _ => panic!("another outcome"),
        }
        Ok(())
    }

    /// What is to be stored of the session is told also where the answer is no: nothing then.
    fn finish_with_session(&self, facts: &mut Facts) -> Result<(), Failure> {
        let (engine, row) = (self.auth.engine(), self.auth.store().get());
        let record = row.as_ref().map(|(record, _)| record.as_slice());
        let presented = self.fields.presented();
        let passed =
            self.answered(|answer| Ok(engine.finish_sign_in(record, presented, answer, self.now)?))?;
        let pending = engine.with_session(passed, &serde_json::Map::new(), self.now)?;
        if let Some(family) = pending.family() {
            facts.session(family);
        }
        if let Some(record) = pending.record() {
            let version = row.as_ref().map_or(0, |(_, version)| *version);
            let saved = self.auth.store().save(&self.subject, record, version);
            assert_eq!(saved, Ok(true), "nobody else was there");
        }
        match pending.commit(true) {
            Ok(signed_in) => {
                facts.tell("method", signed_in.method.map(Method::name));
                facts.tokens(&signed_in.tokens);
                Ok(())
            }
            Err(CommitError::Refused(refusal)) => Err(refusal.into()),
            Err(CommitError::Lost) => panic!("nobody else was there"),
        }
    }

    /// What a proof says, and the tokens that it is good for.
    fn grant(&self, proof: Proof, facts: &mut Facts) -> Result<(), Failure> {
        let (engine, none, now) = (self.auth.engine(), serde_json::Map::new(), self.now);
        let mut granted = Facts::default();
        granted.proof(&proof);
        match self.fields.text("grant") {
            "access" => granted.one_token(engine.mint_access(proof, &none, now)?),
            "sliding" => granted.one_token(engine.mint_sliding(proof, &none, now)?),
            "session" => {
                let (tokens, family) = engine.begin_session(proof, &none, now)?;
                granted.tokens(&tokens);
                granted.session(&family);
            }
            _ => granted.tokens(&engine.mint(proof, &none, now)?),
        }
        facts.0.extend(granted.0);
        Ok(())
    }

    fn rotate(&self, facts: &mut Facts) -> Result<(), Failure> {
        let family = RefreshFamily::from_json(self.fields.text("state"))?;
        let record = self.auth.store().get().map(|(record, _)| record);
        let rotation =
            self.auth.engine().rotate(self.fields.text("token"), &family, record.as_deref(), self.now)?;
        facts.tell("state", rotation.family().unwrap_or(&family).to_json());
        match rotation.commit(true) {
            Ok(tokens) => facts.tokens(&tokens),
            Err(CommitError::Refused(refusal)) => return Err(refusal.into()),
            Err(CommitError::Lost) => panic!("nobody else was there"),
        }
        Ok(())
    }
}

fn kind(name: &str) -> TokenKind {
    match name {
        "access" => TokenKind::Access,
        "refresh" => TokenKind::Refresh,
        _ => TokenKind::Sliding,
    }
}
