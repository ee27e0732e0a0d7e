/* Trusted devices and step-up, and that nobody makes up the claims of one. */
#include "support.h"

#define SECONDS INT64_C(30)

static twinlock_engine *new_trusting_engine(void)
{
    twinlock_config *config = new_config(KEY);
    EXPECT(TWINLOCK_OK, twinlock_config_set_int(config, TWINLOCK_OPT_TRUSTED_DEVICES, 2));
    return build(config);
}

static text_t begin_on(twinlock_engine *engine, row_t *row, const text_t *token, int32_t kind, int64_t now)
{
    twinlock_pending *pending = NULL;
    text_t next = {"", 0};
    EXPECT(TWINLOCK_OK,
           twinlock_engine_begin_sign_in_on_device(engine, SUBJECT, ROW(row), LITERAL("pwd"), now, NONE, TEXT(*token),
                                                   now, &pending));
    EXPECT(TWINLOCK_OK, store(row, pending));
    CHECK(pending_int(pending, TWINLOCK_FIELD_SIGN_IN) == kind);
    if (kind == TWINLOCK_SIGN_IN_TRUSTED) {
        next = pending_text(pending, TWINLOCK_FIELD_TRUST_TOKEN, 0);
        twinlock_proof_free(pending_proof(pending));
    }
    twinlock_pending_free(pending);
    return next;
}

static void a_trusted_device_takes_the_place_of_the_factor(twinlock_engine *engine, row_t *row,
                                                           const twinlock_proof *proof, int64_t now)
{
    twinlock_pending *pending = NULL;
    text_t first, second, id, none = {"", 0};
    begin_on(engine, row, &none, TWINLOCK_SIGN_IN_CHALLENGE, now);
    EXPECT(TWINLOCK_OK, twinlock_engine_trust_device(engine, SUBJECT, ROW(row), proof, LITERAL("Laptop"), now,
                                                     &pending));
    EXPECT(TWINLOCK_OK, store(row, pending));
    first = pending_text(pending, TWINLOCK_FIELD_TRUST_TOKEN, 0);
    id = pending_text(pending, TWINLOCK_FIELD_TRUST_ID, 0);
    CHECK(id.length == 16 && pending_int(pending, TWINLOCK_FIELD_EXPIRES_AT) == now + 2592000);
    twinlock_pending_free(pending);
    EXPECT(TWINLOCK_OK, twinlock_engine_is_trusted(engine, SUBJECT, ROW(row), TEXT(first), now));
    second = begin_on(engine, row, &first, TWINLOCK_SIGN_IN_TRUSTED, now);
    begin_on(engine, row, &first, TWINLOCK_SIGN_IN_CHALLENGE, now);
    EXPECT(TWINLOCK_R_SECOND_FACTOR_REQUIRED,
           twinlock_engine_is_trusted(engine, SUBJECT, ROW(row), TEXT(first), now));
    EXPECT(TWINLOCK_OK, twinlock_engine_is_trusted(engine, SUBJECT, ROW(row), TEXT(second), now));
    EXPECT(TWINLOCK_OK, twinlock_engine_revoke_trusted_device(engine, SUBJECT, ROW(row), LITERAL("00"), now,
                                                              &pending));
    EXPECT(TWINLOCK_R_DEVICE_UNKNOWN, settle(row, pending));
    pending = NULL;
    EXPECT(TWINLOCK_E_ARGUMENT_INVALID,
           twinlock_engine_revoke_trusted_device(engine, SUBJECT, ROW(row), NONE, now, &pending));
    CHECK(pending == NULL);
    EXPECT(TWINLOCK_OK, twinlock_engine_is_trusted(engine, SUBJECT, ROW(row), TEXT(second), now));
    EXPECT(TWINLOCK_OK, twinlock_engine_revoke_trusted_device(engine, SUBJECT, ROW(row), TEXT(id), now, &pending));
    EXPECT(TWINLOCK_OK, settle(row, pending));
    begin_on(engine, row, &second, TWINLOCK_SIGN_IN_CHALLENGE, now);

    EXPECT(TWINLOCK_OK, twinlock_engine_trust_device(engine, SUBJECT, ROW(row), proof, LITERAL("Phone"), now, &pending));
    EXPECT(TWINLOCK_OK, store(row, pending));
    first = pending_text(pending, TWINLOCK_FIELD_TRUST_TOKEN, 0);
    twinlock_pending_free(pending);
    EXPECT(TWINLOCK_OK, twinlock_engine_is_trusted(engine, SUBJECT, ROW(row), TEXT(first), now));
    EXPECT(TWINLOCK_OK, twinlock_engine_revoke_all_trusted_devices(engine, SUBJECT, ROW(row), now, &pending));
    EXPECT(TWINLOCK_OK, settle(row, pending));
    EXPECT(TWINLOCK_R_SECOND_FACTOR_REQUIRED,
           twinlock_engine_is_trusted(engine, SUBJECT, ROW(row), TEXT(first), now));
}

static twinlock_proof *step_up(twinlock_engine *engine, row_t *row, const text_t *secret, const text_t *session,
                               const char *purpose, int64_t now)
{
    twinlock_pending *pending = NULL;
    twinlock_proof *proof;
    text_t code = code_at(secret, now), said;
    EXPECT(TWINLOCK_OK, twinlock_engine_step_up(engine, SUBJECT, ROW(row), TWINLOCK_ANSWER_OTP, TEXT(code), purpose,
                                                strlen(purpose), TEXT(*session), now, &pending));
    EXPECT(TWINLOCK_OK, store(row, pending));
    proof = pending_proof(pending);
    twinlock_pending_free(pending);
    EXPECT(TWINLOCK_OK, twinlock_proof_text(proof, TWINLOCK_FIELD_PURPOSE, 0, INTO(said)));
    CHECK(text_is(&said, purpose));
    return proof;
}

static text_t minted(twinlock_engine *engine, twinlock_proof *proof, int64_t now)
{
    twinlock_tokens *tokens = NULL;
    text_t access;
    EXPECT(TWINLOCK_OK, twinlock_engine_mint_access(engine, &proof, NONE, now, &tokens));
    CHECK(proof == NULL);
    access = token_text(tokens, TWINLOCK_FIELD_ACCESS);
    EXPECT(TWINLOCK_E_FIELD_UNKNOWN,
           twinlock_tokens_text(tokens, TWINLOCK_FIELD_REFRESH, access.data, sizeof access.data, &access.length));
    twinlock_tokens_free(tokens);
    return access;
}

static int32_t disable(twinlock_engine *engine, row_t *row, const text_t *token, int64_t now)
{
    twinlock_pending *pending = NULL;
    EXPECT(TWINLOCK_OK, twinlock_engine_disable(engine, SUBJECT, ROW(row), TWINLOCK_ANSWER_STEP_UP, TEXT(*token), now,
                                                &pending));
    return settle(row, pending);
}

static void a_step_up_opens_one_action(twinlock_engine *engine, row_t *row, const text_t *secret,
                                       const text_t *session, int64_t now)
{
    twinlock_pending *pending = NULL;
    twinlock_tokens *tokens = NULL;
    twinlock_proof *proof = step_up(engine, row, secret, session, "payout", now);
    text_t payout, off, forged = {"{\"sub\":\"42\",\"amr\":[\"otp\",\"mfa\"],\"token_type\":\"access\"}", 51}, text;

    EXPECT(TWINLOCK_E_ARGUMENT_INVALID, twinlock_engine_mint(engine, &proof, NONE, now, &tokens));
    CHECK(proof == NULL && tokens == NULL);
    now += SECONDS;
    payout = minted(engine, step_up(engine, row, secret, session, "payout", now), now);
    EXPECT(TWINLOCK_OK, twinlock_engine_require_step_up(engine, TEXT(payout), LITERAL("payout"), 0, now));
    EXPECT(TWINLOCK_R_SECOND_FACTOR_REQUIRED,
           twinlock_engine_require_step_up(engine, TEXT(payout), LITERAL("disable"), 0, now));
    EXPECT(TWINLOCK_R_SECOND_FACTOR_REQUIRED,
           twinlock_engine_require_step_up(engine, TEXT(payout), LITERAL("payout"), 30, now + 31));
    EXPECT(TWINLOCK_OK, twinlock_engine_verify(engine, TEXT(payout), TWINLOCK_TOKEN_ACCESS, now, INTO(text)));
    CHECK(text_has(&text, "\"purpose\":\"payout\"") && text_has(&text, "\"pwd\""));
    EXPECT(TWINLOCK_R_TOKEN_EXPIRED,
           twinlock_engine_require_step_up(engine, TEXT(payout), LITERAL("payout"), 0, now + 301));

    EXPECT(TWINLOCK_R_SECOND_FACTOR_REQUIRED, disable(engine, row, &payout, now));
    EXPECT(TWINLOCK_R_TOKEN_INVALID, disable(engine, row, &forged, now));
    EXPECT(TWINLOCK_R_TOKEN_INVALID,
           twinlock_engine_require_step_up(engine, TEXT(forged), LITERAL("payout"), 0, now));
    EXPECT(TWINLOCK_OK, twinlock_engine_step_up(engine, SUBJECT, ROW(row), TWINLOCK_ANSWER_OTP, NONE,
                                                LITERAL("payout"), TEXT(forged), now, &pending));
    EXPECT(TWINLOCK_R_TOKEN_INVALID, settle(row, pending));
    EXPECT(TWINLOCK_OK, twinlock_engine_step_up(engine, SUBJECT, ROW(row), TWINLOCK_ANSWER_STEP_UP, TEXT(payout),
                                                LITERAL("payout"), NONE, now, &pending));
    EXPECT(TWINLOCK_R_METHOD_NOT_ALLOWED, settle(row, pending));
    EXPECT(TWINLOCK_E_ARGUMENT_INVALID,
           twinlock_engine_step_up(engine, SUBJECT, ROW(row), TWINLOCK_ANSWER_OTP, NONE, LITERAL("Not a purpose"),
                                   NONE, now, &pending));

    now += SECONDS;
    off = minted(engine, step_up(engine, row, secret, session, "disable", now), now);
    CHECK(off.length > 9);
    off.data[off.length - 9] = off.data[off.length - 9] == 'A' ? 'B' : 'A';
    EXPECT(TWINLOCK_R_TOKEN_INVALID, disable(engine, row, &off, now));
    now += SECONDS;
    off = minted(engine, step_up(engine, row, secret, session, "disable", now), now);
    EXPECT(TWINLOCK_OK, disable(engine, row, &off, now));
}

int main(void)
{
    twinlock_engine *engine = new_trusting_engine();
    row_t row = {{0}, 0, 0};
    int64_t now = NOW + SECONDS;
    text_t secret = enroll(engine, &row, NOW, NULL), code = code_at(&secret, now), session;
    twinlock_proof *proof = sign_in(engine, &row, &code, now);
    a_trusted_device_takes_the_place_of_the_factor(engine, &row, proof, now);
    session = minted(engine, proof, now);
    EXPECT(TWINLOCK_OK, twinlock_engine_require_step_up(engine, TEXT(session), LITERAL("payout"), 0, now));
    a_step_up_opens_one_action(engine, &row, &secret, &session, now + SECONDS);
    twinlock_engine_free(engine);
    return 0;
}
