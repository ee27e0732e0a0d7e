/* The whole way: enroll, confirm, sign in, mint, verify, refresh; and what must be refused on it. */
#include "support.h"

static void before_enrollment_a_password_is_enough(twinlock_engine *engine)
{
    twinlock_pending *pending = NULL;
    twinlock_proof *proof = NULL;
    size_t length = 99, count = 99;
    uint8_t record[TWINLOCK_RECORD_MAX];
    EXPECT(TWINLOCK_OK, twinlock_engine_begin_sign_in(engine, SUBJECT, NONE, "pwd", 3, NOW, NONE, NOW, &pending));
    EXPECT(TWINLOCK_OK, twinlock_pending_record(pending, record, sizeof record, &length));
    CHECK(length == 0);
    EXPECT(TWINLOCK_OK, twinlock_pending_commit(pending, 0));
    CHECK(pending_int(pending, TWINLOCK_FIELD_SIGN_IN) == TWINLOCK_SIGN_IN_NOT_REQUIRED);
    EXPECT(TWINLOCK_OK, twinlock_pending_proof(pending, &proof));
    EXPECT(TWINLOCK_OK, twinlock_proof_count(proof, TWINLOCK_FIELD_METHOD, &count));
    CHECK(count == 0);
    twinlock_proof_free(proof);
    twinlock_pending_free(pending);
}

static text_t enrollment_gives_backup_codes_and_a_proof(twinlock_engine *engine, row_t *row, text_t *backup_code)
{
    twinlock_pending *pending = NULL;
    twinlock_proof *proof = NULL;
    text_t secret, uri, svg, code, device, confirmed;
    size_t count = 0;

    EXPECT(TWINLOCK_OK, twinlock_engine_begin_enrollment(engine, SUBJECT, NONE, "alice@example.com", 17, "phone", 5,
                                                         NOW, &pending));
    EXPECT(TWINLOCK_E_NOT_COMMITTED, twinlock_pending_count(pending, TWINLOCK_FIELD_SECRET, &count));
    EXPECT(TWINLOCK_OK, store(row, pending));
    secret = pending_text(pending, TWINLOCK_FIELD_SECRET, 0);
    uri = pending_text(pending, TWINLOCK_FIELD_URI, 0);
    device = pending_text(pending, TWINLOCK_FIELD_DEVICE_ID, 0);
    CHECK(secret.length == 32 && text_has(&uri, "otpauth://totp/Acme:alice%40example.com?secret="));
    CHECK(pending_int(pending, TWINLOCK_FIELD_EXPIRES_AT) == NOW + 900);
    EXPECT(TWINLOCK_OK, twinlock_qr_svg(uri.data, uri.length, svg.data, sizeof svg.data, &svg.length));
    CHECK(text_has(&svg, "<svg"));
    twinlock_pending_free(pending);

    code = code_at(&secret, NOW);
    EXPECT(TWINLOCK_OK, twinlock_engine_confirm_enrollment(engine, SUBJECT, row->record, row->length, code.data,
                                                           code.length, NOW, &pending));
    EXPECT(TWINLOCK_OK, store(row, pending));
    EXPECT(TWINLOCK_OK, twinlock_pending_count(pending, TWINLOCK_FIELD_BACKUP_CODE, &count));
    CHECK(count == 10);
    *backup_code = pending_text(pending, TWINLOCK_FIELD_BACKUP_CODE, 9);
    CHECK(backup_code->length == 19);
    confirmed = pending_text(pending, TWINLOCK_FIELD_DEVICE_ID, 0);
    CHECK(confirmed.length == device.length && memcmp(confirmed.data, device.data, device.length) == 0);
    EXPECT(TWINLOCK_E_FIELD_UNKNOWN, twinlock_pending_text(pending, TWINLOCK_FIELD_BACKUP_CODE, 10, code.data,
                                                           sizeof code.data, &code.length));
    EXPECT(TWINLOCK_OK, twinlock_pending_proof(pending, &proof));
    twinlock_proof_free(proof);
    proof = NULL;
    EXPECT(TWINLOCK_E_FIELD_UNKNOWN, twinlock_pending_proof(pending, &proof));
    CHECK(proof == NULL);
    twinlock_pending_free(pending);
    return secret;
}

static twinlock_proof *a_code_answers_the_challenge_once(twinlock_engine *engine, row_t *row, const text_t *secret)
{
    int64_t now = NOW + 30;
    twinlock_proof *proof = NULL;
    text_t token = challenge(engine, row, now), other = challenge(engine, row, now), code = code_at(secret, now);
    text_t subject;
    twinlock_pending *pending = answer(engine, row, &token, TWINLOCK_ANSWER_OTP, &code, now);

    EXPECT(TWINLOCK_OK, twinlock_engine_challenge_subject(engine, token.data, token.length, now, subject.data,
                                                          sizeof subject.data, &subject.length));
    CHECK(text_is(&subject, "42"));
    EXPECT(TWINLOCK_OK, store(row, pending));
    EXPECT(TWINLOCK_OK, twinlock_pending_commit(pending, 0)); /* the first commit decided */
    EXPECT(TWINLOCK_OK, twinlock_pending_proof(pending, &proof));
    twinlock_pending_free(pending);

    EXPECT(TWINLOCK_R_REPLAYED, verdict(engine, row, &other, TWINLOCK_ANSWER_OTP, &code, now));
    code = code_at(secret, now + 30);
    EXPECT(TWINLOCK_R_CHALLENGE_SPENT, verdict(engine, row, &token, TWINLOCK_ANSWER_OTP, &code, now + 30));
    return proof;
}

static void a_proof_says_who_and_how(const twinlock_proof *proof)
{
    text_t text;
    int64_t at = 0, epoch = -1;
    size_t count = 0;
    EXPECT(TWINLOCK_OK, twinlock_proof_text(proof, TWINLOCK_FIELD_SUBJECT, 0, text.data, sizeof text.data,
                                            &text.length));
    CHECK(text_is(&text, "42"));
    EXPECT(TWINLOCK_OK, twinlock_proof_text(proof, TWINLOCK_FIELD_METHOD, 0, text.data, sizeof text.data,
                                            &text.length));
    CHECK(text_is(&text, "otp"));
    EXPECT(TWINLOCK_OK, twinlock_proof_count(proof, TWINLOCK_FIELD_AMR, &count));
    CHECK(count == 3);
    EXPECT(TWINLOCK_OK, twinlock_proof_text(proof, TWINLOCK_FIELD_AMR, 0, text.data, sizeof text.data, &text.length));
    CHECK(text_is(&text, "pwd"));
    EXPECT(TWINLOCK_OK, twinlock_proof_int(proof, TWINLOCK_FIELD_AUTH_TIME, &at));
    CHECK(at == NOW + 30);
    EXPECT(TWINLOCK_OK, twinlock_proof_int(proof, TWINLOCK_FIELD_EPOCH, &epoch));
    CHECK(epoch >= 1);
}

static text_t tokens_are_minted_verified_and_refreshed(twinlock_engine *engine, const row_t *row,
                                                       twinlock_proof *proof)
{
    int64_t now = NOW + 30, ends = 0;
    twinlock_tokens *tokens = NULL;
    text_t access, refresh, claims;
    static const char extra[] = "{\"plan\":\"gold\"}";

    EXPECT(TWINLOCK_E_CLAIM_INVALID, twinlock_engine_mint(engine, &proof, "[1]", 3, now, &tokens));
    CHECK(proof != NULL && tokens == NULL);
    EXPECT(TWINLOCK_OK, twinlock_engine_mint(engine, &proof, extra, sizeof extra - 1, now, &tokens));
    CHECK(proof == NULL);
    EXPECT(TWINLOCK_OK, twinlock_tokens_text(tokens, TWINLOCK_FIELD_ACCESS, access.data, sizeof access.data,
                                             &access.length));
    EXPECT(TWINLOCK_OK, twinlock_tokens_text(tokens, TWINLOCK_FIELD_REFRESH, refresh.data, sizeof refresh.data,
                                             &refresh.length));
    EXPECT(TWINLOCK_OK, twinlock_tokens_int(tokens, TWINLOCK_FIELD_ACCESS_EXPIRES_AT, &ends));
    CHECK(ends == now + 300);
    EXPECT(TWINLOCK_OK, twinlock_tokens_int(tokens, TWINLOCK_FIELD_REFRESH_EXPIRES_AT, &ends));
    CHECK(ends == now + 86400);
    twinlock_tokens_free(tokens);

    EXPECT(TWINLOCK_OK, twinlock_engine_verify(engine, access.data, access.length, TWINLOCK_TOKEN_ACCESS, now,
                                               claims.data, sizeof claims.data, &claims.length));
    CHECK(text_has(&claims, "\"sub\":\"42\"") && text_has(&claims, "\"plan\":\"gold\""));
    EXPECT(TWINLOCK_R_TOKEN_EXPIRED, twinlock_engine_verify(engine, access.data, access.length,
                                                            TWINLOCK_TOKEN_ACCESS, now + 301, claims.data,
                                                            sizeof claims.data, &claims.length));
    EXPECT(TWINLOCK_R_TOKEN_INVALID, twinlock_engine_verify(engine, access.data, access.length,
                                                            TWINLOCK_TOKEN_REFRESH, now, claims.data,
                                                            sizeof claims.data, &claims.length));
    EXPECT(TWINLOCK_OK, twinlock_engine_refresh_subject(engine, refresh.data, refresh.length, now, claims.data,
                                                        sizeof claims.data, &claims.length));
    CHECK(text_is(&claims, "42"));
    EXPECT(TWINLOCK_OK, twinlock_engine_refresh(engine, refresh.data, refresh.length, row->record, row->length,
                                                now + 60, &tokens));
    EXPECT(TWINLOCK_OK, twinlock_tokens_int(tokens, TWINLOCK_FIELD_ACCESS_EXPIRES_AT, &ends));
    CHECK(ends == now + 360);
    EXPECT(TWINLOCK_E_FIELD_UNKNOWN, twinlock_tokens_text(tokens, TWINLOCK_FIELD_REFRESH, access.data,
                                                          sizeof access.data, &access.length));
    twinlock_tokens_free(tokens);
    return refresh;
}

static void a_backup_code_answers_once(twinlock_engine *engine, row_t *row, const text_t *backup_code)
{
    int64_t now = NOW + 90;
    text_t token = challenge(engine, row, now);
    EXPECT(TWINLOCK_OK, verdict(engine, row, &token, TWINLOCK_ANSWER_BACKUP, backup_code, now));
    token = challenge(engine, row, now);
    EXPECT(TWINLOCK_R_REPLAYED, verdict(engine, row, &token, TWINLOCK_ANSWER_ANY, backup_code, now));
}

static void a_lost_commit_gives_nothing(twinlock_engine *engine, row_t *row, const text_t *secret)
{
    static const int64_t not_one_row[] = {0, -1, 2, INT64_MAX};
    int64_t now = NOW + 120, seconds = 0;
    text_t token = challenge(engine, row, now), code = code_at(secret, now), text;
    size_t at;
    for (at = 0; at < sizeof not_one_row / sizeof *not_one_row; at++) {
        twinlock_proof *proof = NULL;
        twinlock_pending *pending = answer(engine, row, &token, TWINLOCK_ANSWER_OTP, &code, now);
        EXPECT(TWINLOCK_E_NOT_COMMITTED, twinlock_pending_proof(pending, &proof));
        EXPECT(TWINLOCK_E_COMMIT_LOST, twinlock_pending_commit(pending, not_one_row[at]));
        EXPECT(TWINLOCK_E_COMMIT_LOST, twinlock_pending_commit(pending, 1)); /* too late */
        EXPECT(TWINLOCK_E_NOT_COMMITTED, twinlock_pending_proof(pending, &proof));
        EXPECT(TWINLOCK_E_NOT_COMMITTED, twinlock_pending_text(pending, TWINLOCK_FIELD_METHOD, 0, text.data,
                                                               sizeof text.data, &text.length));
        EXPECT(TWINLOCK_E_NOT_COMMITTED, twinlock_pending_int(pending, TWINLOCK_FIELD_SIGN_IN, &seconds));
        EXPECT(TWINLOCK_E_NOT_COMMITTED, twinlock_pending_retry_after(pending, &seconds));
        CHECK(proof == NULL);
        twinlock_pending_free(pending);
    }
    EXPECT(TWINLOCK_OK, verdict(engine, row, &token, TWINLOCK_ANSWER_OTP, &code, now));
}

static void guesses_lead_to_a_lock_that_says_how_long(twinlock_engine *engine, row_t *row)
{
    int64_t now = NOW + 300, seconds = 0;
    text_t token = challenge(engine, row, now), typed = {"not a code", 10};
    twinlock_pending *pending;
    int32_t status = TWINLOCK_OK;
    int tries;
    for (tries = 0; tries < 6 && status != TWINLOCK_R_LOCKED; tries++) {
        token = challenge(engine, row, now);
        pending = answer(engine, row, &token, TWINLOCK_ANSWER_BACKUP, &typed, now);
        status = store(row, pending);
        EXPECT(TWINLOCK_OK, twinlock_pending_retry_after(pending, &seconds));
        twinlock_pending_free(pending);
    }
    CHECK(status == TWINLOCK_R_LOCKED && tries > 1 && seconds > 0 && seconds <= 3600);
    EXPECT(TWINLOCK_OK, twinlock_engine_unlock(engine, SUBJECT, row->record, row->length, now, &pending));
    EXPECT(TWINLOCK_OK, store(row, pending));
    twinlock_pending_free(pending);
    pending = answer(engine, row, &token, TWINLOCK_ANSWER_BACKUP, &typed, now);
    CHECK(store(row, pending) == TWINLOCK_R_WRONG_CODE);
    twinlock_pending_free(pending);
}

static void codes_are_replaced_and_the_factor_turned_off(twinlock_engine *engine, row_t *row, const text_t *secret,
                                                         const text_t *refresh)
{
    int64_t now = NOW + 600;
    twinlock_pending *pending = NULL;
    twinlock_tokens *tokens = NULL;
    text_t code = code_at(secret, now), status;
    size_t count = 0;

    EXPECT(TWINLOCK_OK, twinlock_engine_regenerate_backup_codes(engine, SUBJECT, row->record, row->length,
                                                                TWINLOCK_ANSWER_OTP, code.data, code.length, now,
                                                                &pending));
    EXPECT(TWINLOCK_OK, store(row, pending));
    EXPECT(TWINLOCK_OK, twinlock_pending_count(pending, TWINLOCK_FIELD_BACKUP_CODE, &count));
    CHECK(count == 10);
    twinlock_pending_free(pending);
    EXPECT(TWINLOCK_OK, twinlock_engine_admin_regenerate_backup_codes(engine, SUBJECT, row->record, row->length, now,
                                                                      &pending));
    EXPECT(TWINLOCK_OK, store(row, pending));
    code = pending_text(pending, TWINLOCK_FIELD_BACKUP_CODE, 3);
    twinlock_pending_free(pending);

    EXPECT(TWINLOCK_OK, twinlock_engine_status(engine, SUBJECT, row->record, row->length, now, status.data,
                                               sizeof status.data, &status.length));
    CHECK(text_has(&status, "\"enabled\":true") && text_has(&status, "\"backup_codes_left\":10"));
    CHECK(text_has(&status, "\"name\":\"phone\"") && text_has(&status, "\"algorithm\":\"SHA1\""));
    code.data[code.length] = 0;
    CHECK(!text_has(&status, code.data) && !text_has(&status, "secret"));

    EXPECT(TWINLOCK_OK, twinlock_engine_bump_epoch(engine, SUBJECT, row->record, row->length, now, &pending));
    EXPECT(TWINLOCK_OK, store(row, pending));
    twinlock_pending_free(pending);
    EXPECT(TWINLOCK_R_TOKEN_INVALID, twinlock_engine_refresh(engine, refresh->data, refresh->length, row->record,
                                                             row->length, now, &tokens));

    EXPECT(TWINLOCK_OK, twinlock_engine_disable(engine, SUBJECT, row->record, row->length, TWINLOCK_ANSWER_ANY,
                                                code.data, code.length, now, &pending));
    EXPECT(TWINLOCK_OK, store(row, pending));
    twinlock_pending_free(pending);
    EXPECT(TWINLOCK_OK, twinlock_engine_status(engine, SUBJECT, row->record, row->length, now, status.data,
                                               sizeof status.data, &status.length));
    CHECK(text_has(&status, "\"enabled\":false"));
    EXPECT(TWINLOCK_OK, twinlock_engine_admin_reset(engine, SUBJECT, row->record, row->length, now, &pending));
    EXPECT(TWINLOCK_R_NOT_ENROLLED, store(row, pending));
    twinlock_pending_free(pending);
    enroll(engine, row, now + 300, NULL);
    EXPECT(TWINLOCK_OK, twinlock_engine_admin_reset(engine, SUBJECT, row->record, row->length, now + 300, &pending));
    EXPECT(TWINLOCK_OK, store(row, pending));
    twinlock_pending_free(pending);
}

int main(void)
{
    twinlock_engine *engine = new_engine();
    row_t row = {{0}, 0, 0};
    text_t secret, backup_code, refresh;

    before_enrollment_a_password_is_enough(engine);
    secret = enrollment_gives_backup_codes_and_a_proof(engine, &row, &backup_code);
    {
        twinlock_proof *proof = a_code_answers_the_challenge_once(engine, &row, &secret);
        a_proof_says_who_and_how(proof);
        refresh = tokens_are_minted_verified_and_refreshed(engine, &row, proof);
    }
    a_backup_code_answers_once(engine, &row, &backup_code);
    a_lost_commit_gives_nothing(engine, &row, &secret);
    guesses_lead_to_a_lock_that_says_how_long(engine, &row);
    codes_are_replaced_and_the_factor_turned_off(engine, &row, &secret, &refresh);
    twinlock_engine_free(engine);
    return 0;
}
