/* Refresh tokens that rotate over a stored state, and sliding tokens. */
#include "support.h"

static twinlock_proof *proof_of(twinlock_engine *engine)
{
    twinlock_pending *pending = NULL;
    twinlock_proof *proof;
    EXPECT(TWINLOCK_OK, twinlock_engine_begin_sign_in(engine, SUBJECT, NONE, LITERAL("pwd"), NOW, NONE, NOW,
                                                      &pending));
    EXPECT(TWINLOCK_OK, twinlock_pending_commit(pending, 0));
    proof = pending_proof(pending);
    twinlock_pending_free(pending);
    return proof;
}

/* The conditional write of a state and its commit; gives the new refresh token. */
static int32_t rotate(twinlock_engine *engine, text_t *state, const text_t *token, int64_t now, text_t *next)
{
    twinlock_pending *pending = NULL;
    text_t stored;
    int32_t status;
    EXPECT(TWINLOCK_OK, twinlock_engine_rotate(engine, TEXT(*token), TEXT(*state), NONE, now, &pending));
    EXPECT(TWINLOCK_OK, twinlock_pending_record(pending, (uint8_t *)stored.data, TWINLOCK_SESSION_MAX,
                                                &stored.length));
    status = twinlock_pending_commit(pending, stored.length > 0 ? 1 : 0);
    if (stored.length > 0) *state = stored;
    if (status == TWINLOCK_OK) *next = pending_text(pending, TWINLOCK_FIELD_REFRESH, 0);
    twinlock_pending_free(pending);
    return status;
}

static void a_session_rotates_and_a_thief_ends_it(twinlock_engine *engine)
{
    twinlock_proof *proof = proof_of(engine);
    twinlock_tokens *tokens = NULL;
    twinlock_pending *pending = NULL;
    text_t state, first, second, again, id, subject;
    EXPECT(TWINLOCK_OK, twinlock_engine_begin_session(engine, &proof, LITERAL("{\"tenant\":7}"), NOW, &tokens));
    first = token_text(tokens, TWINLOCK_FIELD_REFRESH);
    state = token_text(tokens, TWINLOCK_FIELD_SESSION_STATE);
    id = token_text(tokens, TWINLOCK_FIELD_SESSION);
    subject = token_text(tokens, TWINLOCK_FIELD_SUBJECT);
    CHECK(proof == NULL && id.length == 32 && text_is(&subject, "42"));
    twinlock_tokens_free(tokens);
    EXPECT(TWINLOCK_OK, twinlock_engine_session_of(engine, TEXT(first), NOW, &tokens));
    again = token_text(tokens, TWINLOCK_FIELD_SESSION);
    subject = token_text(tokens, TWINLOCK_FIELD_SUBJECT);
    CHECK(text_equals(&again, &id) && text_is(&subject, "42"));
    twinlock_tokens_free(tokens);

    EXPECT(TWINLOCK_R_TOKEN_INVALID, twinlock_engine_refresh(engine, TEXT(first), NONE, NOW, &tokens));
    EXPECT(TWINLOCK_E_FAMILY_MALFORMED,
           twinlock_engine_rotate(engine, TEXT(first), LITERAL("{}"), NONE, NOW, &pending));
    EXPECT(TWINLOCK_OK, twinlock_engine_rotate(engine, TEXT(first), TEXT(state), NONE, NOW, &pending));
    EXPECT(TWINLOCK_E_COMMIT_LOST, twinlock_pending_commit(pending, 0));
    EXPECT(TWINLOCK_E_NOT_COMMITTED, twinlock_pending_text(pending, TWINLOCK_FIELD_REFRESH, 0, INTO(again)));
    twinlock_pending_free(pending);

    EXPECT(TWINLOCK_OK, rotate(engine, &state, &first, NOW + 60, &second));
    EXPECT(TWINLOCK_OK, rotate(engine, &state, &first, NOW + 65, &again));
    EXPECT(TWINLOCK_OK, rotate(engine, &state, &second, NOW + 100, &again));
    EXPECT(TWINLOCK_R_TOKEN_REUSED, rotate(engine, &state, &first, NOW + 200, &again));
    EXPECT(TWINLOCK_R_SESSION_ENDED, rotate(engine, &state, &again, NOW + 201, &second));
}

static void a_logout_ends_a_session(twinlock_engine *engine)
{
    twinlock_proof *proof = proof_of(engine);
    twinlock_tokens *tokens = NULL;
    text_t state, token, ended, said;
    EXPECT(TWINLOCK_OK, twinlock_engine_begin_session(engine, &proof, NONE, NOW, &tokens));
    token = token_text(tokens, TWINLOCK_FIELD_REFRESH);
    state = token_text(tokens, TWINLOCK_FIELD_SESSION_STATE);
    twinlock_tokens_free(tokens);
    EXPECT(TWINLOCK_OK, twinlock_session_status(TEXT(state), INTO(said)));
    CHECK(text_has(&said, "\"subject\":\"42\"") && text_has(&said, "\"revoked_at\":null"));
    CHECK(text_has(&said, "\"created_at\":1800000000") && text_has(&said, "\"expires_at\":1800086400"));
    CHECK(text_has(&said, "\"ends_at\":1802592000"));
    EXPECT(TWINLOCK_OK, twinlock_session_revoke(TEXT(state), NOW + 5, INTO(ended)));
    EXPECT(TWINLOCK_OK, twinlock_session_status(TEXT(ended), INTO(said)));
    CHECK(text_has(&said, "\"revoked_at\":1800000005"));
    EXPECT(TWINLOCK_R_SESSION_ENDED, rotate(engine, &ended, &token, NOW + 6, &token));
    EXPECT(TWINLOCK_E_FAMILY_MALFORMED, twinlock_session_status(LITERAL("{}"), INTO(said)));
    EXPECT(TWINLOCK_E_FAMILY_MALFORMED, twinlock_session_status(NONE, INTO(said)));
}

static void a_sliding_token_gets_its_like(twinlock_engine *engine)
{
    twinlock_proof *proof = proof_of(engine);
    twinlock_tokens *tokens = NULL;
    text_t token, subject;
    int64_t ends = 0;
    EXPECT(TWINLOCK_OK, twinlock_engine_mint_sliding(engine, &proof, NONE, NOW, &tokens));
    token = token_text(tokens, TWINLOCK_FIELD_ACCESS);
    twinlock_tokens_free(tokens);
    EXPECT(TWINLOCK_OK,
           twinlock_engine_token_subject(engine, TEXT(token), TWINLOCK_TOKEN_SLIDING, NOW, INTO(subject)));
    CHECK(text_is(&subject, "42"));
    EXPECT(TWINLOCK_R_TOKEN_INVALID,
           twinlock_engine_token_subject(engine, TEXT(token), TWINLOCK_TOKEN_ACCESS, NOW, INTO(subject)));
    EXPECT(TWINLOCK_OK, twinlock_engine_refresh_sliding(engine, TEXT(token), NONE, NOW + 200, &tokens));
    EXPECT(TWINLOCK_OK, twinlock_tokens_int(tokens, TWINLOCK_FIELD_ACCESS_EXPIRES_AT, &ends));
    CHECK(ends == NOW + 500);
    twinlock_tokens_free(tokens);
    EXPECT(TWINLOCK_R_TOKEN_EXPIRED, twinlock_engine_refresh_sliding(engine, TEXT(token), NONE, NOW + 300, &tokens));
}

/* An answer to a challenge of its own that is to begin a session. */
static twinlock_pending *begin_with(twinlock_engine *engine, row_t *row, const text_t *code, int64_t now)
{
    text_t token = challenge(engine, row, now);
    twinlock_pending *pending = answer(engine, row, &token, TWINLOCK_ANSWER_OTP, code, now);
    text_t none;
    EXPECT(TWINLOCK_OK, twinlock_pending_session(pending, TWINLOCK_FIELD_SESSION, INTO(none)));
    CHECK(none.length == 0);
    EXPECT(TWINLOCK_OK, twinlock_engine_with_session(engine, pending, LITERAL("{\"tenant\":7}"), now));
    return pending;
}

static void a_sign_in_and_its_session_are_one_decision(twinlock_engine *engine)
{
    row_t row = {0};
    text_t secret = enroll(engine, &row, NOW, NULL), code = code_at(&secret, NOW + 30);
    text_t id, state, given, first, next;
    twinlock_pending *pending = begin_with(engine, &row, &code, NOW + 30);
    twinlock_proof *proof = NULL;

    EXPECT(TWINLOCK_E_ARGUMENT_INVALID, twinlock_engine_with_session(engine, pending, NONE, NOW + 30));
    EXPECT(TWINLOCK_OK, twinlock_pending_session(pending, TWINLOCK_FIELD_SESSION, INTO(id)));
    EXPECT(TWINLOCK_OK, twinlock_pending_session(pending, TWINLOCK_FIELD_SESSION_STATE, INTO(state)));
    EXPECT(TWINLOCK_E_FIELD_UNKNOWN, twinlock_pending_session(pending, TWINLOCK_FIELD_REFRESH, INTO(given)));
    CHECK(id.length == 32 && text_has(&state, "\"42\""));
    EXPECT(TWINLOCK_E_NOT_COMMITTED, twinlock_pending_text(pending, TWINLOCK_FIELD_REFRESH, 0, INTO(given)));
    EXPECT(TWINLOCK_E_COMMIT_LOST, twinlock_pending_commit(pending, 0));
    EXPECT(TWINLOCK_E_NOT_COMMITTED, twinlock_pending_text(pending, TWINLOCK_FIELD_REFRESH, 0, INTO(given)));
    EXPECT(TWINLOCK_E_ARGUMENT_INVALID, twinlock_pending_session(pending, TWINLOCK_FIELD_SESSION, INTO(given)));
    twinlock_pending_free(pending);

    /* Nothing was stored, so the code is good for the next attempt. */
    pending = begin_with(engine, &row, &code, NOW + 31);
    EXPECT(TWINLOCK_OK, twinlock_pending_session(pending, TWINLOCK_FIELD_SESSION, INTO(id)));
    EXPECT(TWINLOCK_OK, twinlock_pending_session(pending, TWINLOCK_FIELD_SESSION_STATE, INTO(state)));
    EXPECT(TWINLOCK_OK, store(&row, pending));
    given = pending_text(pending, TWINLOCK_FIELD_SESSION, 0);
    CHECK(text_equals(&given, &id));
    given = pending_text(pending, TWINLOCK_FIELD_SESSION_STATE, 0);
    CHECK(text_equals(&given, &state));
    given = pending_text(pending, TWINLOCK_FIELD_METHOD, 0);
    CHECK(text_is(&given, "otp"));
    given = pending_text(pending, TWINLOCK_FIELD_SUBJECT, 0);
    CHECK(text_is(&given, "42"));
    given = pending_text(pending, TWINLOCK_FIELD_ACCESS, 0);
    first = pending_text(pending, TWINLOCK_FIELD_REFRESH, 0);
    CHECK(pending_int(pending, TWINLOCK_FIELD_REFRESH_EXPIRES_AT) == NOW + 31 + 86400);
    EXPECT(TWINLOCK_E_FIELD_UNKNOWN, twinlock_pending_proof(pending, &proof));
    EXPECT(TWINLOCK_E_ARGUMENT_INVALID, twinlock_engine_with_session(engine, pending, NONE, NOW + 31));
    twinlock_pending_free(pending);
    EXPECT(TWINLOCK_OK, twinlock_engine_verify(engine, TEXT(given), TWINLOCK_TOKEN_ACCESS, NOW + 32, INTO(next)));
    CHECK(text_has(&next, "\"tenant\":7"));
    EXPECT(TWINLOCK_OK, twinlock_engine_rotate(engine, TEXT(first), TEXT(state), ROW(&row), NOW + 40, &pending));
    EXPECT(TWINLOCK_OK, twinlock_pending_commit(pending, 1));
    twinlock_pending_free(pending);

    /* A refusal begins nothing, and is counted. */
    pending = begin_with(engine, &row, &code, NOW + 41);
    EXPECT(TWINLOCK_OK, twinlock_pending_session(pending, TWINLOCK_FIELD_SESSION_STATE, INTO(given)));
    CHECK(given.length == 0);
    EXPECT(TWINLOCK_R_REPLAYED, store(&row, pending));
    EXPECT(TWINLOCK_E_NOT_COMMITTED, twinlock_pending_text(pending, TWINLOCK_FIELD_REFRESH, 0, INTO(given)));
    twinlock_pending_free(pending);
}

static void a_session_with_claims_that_are_not_the_hosts_does_not_begin(twinlock_engine *engine)
{
    row_t row = {0};
    text_t secret = enroll(engine, &row, NOW, NULL), code = code_at(&secret, NOW + 30), given;
    text_t token = challenge(engine, &row, NOW + 30), access = {"no token", 8};
    twinlock_pending *pending = answer(engine, &row, &token, TWINLOCK_ANSWER_OTP, &code, NOW + 30);
    EXPECT(TWINLOCK_E_CLAIM_INVALID, twinlock_engine_with_session(engine, pending, LITERAL("[]"), NOW + 30));
    EXPECT(TWINLOCK_E_CLAIM_INVALID, twinlock_engine_with_session(engine, pending, LITERAL("{\"sub\":\"7\"}"), NOW + 30));
    EXPECT(TWINLOCK_E_CLAIM_INVALID, twinlock_pending_commit(pending, 1));
    EXPECT(TWINLOCK_E_NOT_COMMITTED, twinlock_pending_text(pending, TWINLOCK_FIELD_REFRESH, 0, INTO(given)));
    twinlock_pending_free(pending);

    /* What was refused before the record was looked at stays refused; what is no sign-in has no session. */
    pending = answer(engine, &row, &token, TWINLOCK_ANSWER_STEP_UP, &access, NOW + 30);
    EXPECT(TWINLOCK_OK, twinlock_engine_with_session(engine, pending, NONE, NOW + 30));
    EXPECT(TWINLOCK_R_TOKEN_INVALID, twinlock_pending_commit(pending, 0));
    twinlock_pending_free(pending);
    EXPECT(TWINLOCK_OK, twinlock_engine_bump_epoch(engine, SUBJECT, ROW(&row), NOW + 30, &pending));
    EXPECT(TWINLOCK_E_ARGUMENT_INVALID, twinlock_engine_with_session(engine, pending, NONE, NOW + 30));
    EXPECT(TWINLOCK_OK, settle(&row, pending));
}

int main(void)
{
    twinlock_engine *engine = new_engine();
    a_sign_in_and_its_session_are_one_decision(engine);
    a_session_with_claims_that_are_not_the_hosts_does_not_begin(engine);
    a_session_rotates_and_a_thief_ends_it(engine);
    a_logout_ends_a_session(engine);
    a_sliding_token_gets_its_like(engine);
    twinlock_engine_free(engine);
    return 0;
}
