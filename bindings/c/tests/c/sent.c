/* Codes that the host sends, enrollment as the only way on, and how a user wants to be asked. */
#include "support.h"

static twinlock_engine *engine_with(const char *fallback, const char *sent_codes)
{
    twinlock_config *config = new_config(KEY);
    set_text(config, TWINLOCK_OPT_FALLBACK, fallback);
    set_text(config, TWINLOCK_OPT_SENT_CODES, sent_codes);
    set_text(config, TWINLOCK_OPT_OPT_OUT, "allowed");
    return build(config);
}

static twinlock_pending *begin(twinlock_engine *engine, row_t *row, int32_t kind)
{
    twinlock_pending *pending = NULL;
    EXPECT(TWINLOCK_OK, twinlock_engine_begin_sign_in(engine, SUBJECT, ROW(row), LITERAL("pwd"), NOW, NONE, NOW,
                                                      &pending));
    EXPECT(TWINLOCK_OK, store(row, pending));
    CHECK(pending_int(pending, TWINLOCK_FIELD_SIGN_IN) == kind);
    return pending;
}

static void a_sent_code_signs_in_and_the_last_one_counts(void)
{
    twinlock_engine *engine = engine_with("sent_code", "sign_in");
    row_t row = {{0}, 0, 0};
    twinlock_pending *pending = begin(engine, &row, TWINLOCK_SIGN_IN_SEND);
    text_t token = pending_text(pending, TWINLOCK_FIELD_CHALLENGE, 0), method, other;
    text_t code = pending_text(pending, TWINLOCK_FIELD_SENT_CODE, 0);
    int64_t seconds = 0;
    method = pending_text(pending, TWINLOCK_FIELD_METHOD, 0);
    CHECK(text_is(&method, "sent") && code.length == 7);
    CHECK(pending_int(pending, TWINLOCK_FIELD_GIVES) == TWINLOCK_GIVES_SIGN_IN);
    CHECK(pending_int(pending, TWINLOCK_FIELD_EXPIRES_AT) == NOW + 300);
    twinlock_pending_free(pending);

    EXPECT(TWINLOCK_OK, twinlock_engine_send_code(engine, ROW(&row), TEXT(token), NONE, NOW, &pending));
    EXPECT(TWINLOCK_OK, store(&row, pending));
    other = pending_text(pending, TWINLOCK_FIELD_SENT_CODE, 0);
    CHECK(pending_int(pending, TWINLOCK_FIELD_EXPIRES_AT) == NOW + 300);
    twinlock_pending_free(pending);
    CHECK(text_equals(&code, &other) || verdict(engine, &row, &token, TWINLOCK_ANSWER_SENT, &code, NOW) ==
                                            TWINLOCK_R_WRONG_CODE);
    EXPECT(TWINLOCK_OK, twinlock_engine_send_code(engine, ROW(&row), TEXT(token), NONE, NOW, &pending));
    EXPECT(TWINLOCK_OK, store(&row, pending));
    code = pending_text(pending, TWINLOCK_FIELD_SENT_CODE, 0);
    twinlock_pending_free(pending);
    EXPECT(TWINLOCK_OK, twinlock_engine_send_code(engine, ROW(&row), TEXT(token), NONE, NOW, &pending));
    EXPECT(TWINLOCK_R_TOO_MANY_CODES, store(&row, pending));
    EXPECT(TWINLOCK_OK, twinlock_pending_retry_after(pending, &seconds));
    CHECK(seconds > 0);
    twinlock_pending_free(pending);
    EXPECT(TWINLOCK_OK, verdict(engine, &row, &token, TWINLOCK_ANSWER_SENT, &code, NOW));
    EXPECT(TWINLOCK_R_CHALLENGE_INVALID, verdict(engine, &row, &other, TWINLOCK_ANSWER_SENT, &code, NOW));
    twinlock_engine_free(engine);
}

static text_t a_sent_code_gives_an_enrollment(twinlock_engine *engine, row_t *row)
{
    twinlock_pending *pending = begin(engine, row, TWINLOCK_SIGN_IN_SEND);
    text_t token = pending_text(pending, TWINLOCK_FIELD_CHALLENGE, 0), enrollment;
    text_t code = pending_text(pending, TWINLOCK_FIELD_SENT_CODE, 0);
    CHECK(pending_int(pending, TWINLOCK_FIELD_GIVES) == TWINLOCK_GIVES_ENROLLMENT);
    twinlock_pending_free(pending);
    EXPECT(TWINLOCK_R_ENROLLMENT_REQUIRED, verdict(engine, row, &token, TWINLOCK_ANSWER_SENT, &code, NOW));
    EXPECT(TWINLOCK_OK, twinlock_engine_finish_for_enrollment(engine, ROW(row), TEXT(token), NONE,
                                                              TWINLOCK_ANSWER_SENT, TEXT(code), NOW, &pending));
    EXPECT(TWINLOCK_OK, store(row, pending));
    enrollment = pending_text(pending, TWINLOCK_FIELD_ENROLLMENT_TOKEN, 0);
    CHECK(pending_int(pending, TWINLOCK_FIELD_EXPIRES_AT) == NOW + 900);
    twinlock_pending_free(pending);
    return enrollment;
}

static void an_enrollment_token_opens_enrollment_until_it_is_done(twinlock_engine *engine, row_t *row,
                                                                  const text_t *token)
{
    text_t subject;
    EXPECT(TWINLOCK_OK, twinlock_engine_enrollment_subject(engine, TEXT(*token), NOW, INTO(subject)));
    CHECK(text_is(&subject, "42"));
    EXPECT(TWINLOCK_OK, twinlock_engine_check_enrollment(engine, TEXT(*token), ROW(row), NOW, INTO(subject)));
    CHECK(text_is(&subject, "42"));
    EXPECT(TWINLOCK_R_TOKEN_INVALID,
           twinlock_engine_check_enrollment(engine, LITERAL("x.y.z"), ROW(row), NOW, INTO(subject)));
    EXPECT(TWINLOCK_R_TOKEN_INVALID,
           twinlock_engine_check_enrollment(engine, TEXT(*token), ROW(row), NOW + 901, INTO(subject)));
    enroll(engine, row, NOW, NULL);
    EXPECT(TWINLOCK_R_TOKEN_INVALID,
           twinlock_engine_check_enrollment(engine, TEXT(*token), ROW(row), NOW, INTO(subject)));
}

static void a_policy_may_leave_nothing_but_enrollment(void)
{
    twinlock_engine *engine = engine_with("enroll", "off");
    row_t row = {{0}, 0, 0};
    twinlock_pending *pending = begin(engine, &row, TWINLOCK_SIGN_IN_ENROLL_ONLY);
    twinlock_proof *proof = NULL;
    text_t token = pending_text(pending, TWINLOCK_FIELD_ENROLLMENT_TOKEN, 0);
    EXPECT(TWINLOCK_E_FIELD_UNKNOWN, twinlock_pending_proof(pending, &proof));
    twinlock_pending_free(pending);
    an_enrollment_token_opens_enrollment_until_it_is_done(engine, &row, &token);
    twinlock_engine_free(engine);
}

static int32_t set_method(twinlock_engine *engine, row_t *row, int32_t kind, const text_t *typed, const char *method)
{
    twinlock_pending *pending = NULL;
    EXPECT(TWINLOCK_OK, twinlock_engine_set_method(engine, SUBJECT, ROW(row), kind, TEXT(*typed), method,
                                                   strlen(method), NOW, &pending));
    return settle(row, pending);
}

static void a_user_says_how_to_be_asked(void)
{
    twinlock_engine *engine = engine_with("sent_code", "sign_in");
    row_t row = {{0}, 0, 0};
    twinlock_pending *pending = NULL;
    text_t none = {"", 0}, code, secret;
    EXPECT(TWINLOCK_OK, set_method(engine, &row, TWINLOCK_ANSWER_NONE, &none, "off"));
    twinlock_pending_free(begin(engine, &row, TWINLOCK_SIGN_IN_NOT_REQUIRED));
    EXPECT(TWINLOCK_R_NOT_ENROLLED, set_method(engine, &row, TWINLOCK_ANSWER_NONE, &none, "otp"));
    EXPECT(TWINLOCK_E_ARGUMENT_UNKNOWN, twinlock_engine_set_method(engine, SUBJECT, ROW(&row), TWINLOCK_ANSWER_NONE,
                                                                   NONE, LITERAL("sms"), NOW, &pending));
    secret = enroll(engine, &row, NOW - 60, NULL);
    code = code_at(&secret, NOW);
    EXPECT(TWINLOCK_R_SECOND_FACTOR_REQUIRED, set_method(engine, &row, TWINLOCK_ANSWER_NONE, &none, "sent"));
    EXPECT(TWINLOCK_R_METHOD_NOT_ALLOWED, set_method(engine, &row, TWINLOCK_ANSWER_OTP, &code, "off"));
    EXPECT(TWINLOCK_OK, set_method(engine, &row, TWINLOCK_ANSWER_OTP, &code, "sent"));
    twinlock_pending_free(begin(engine, &row, TWINLOCK_SIGN_IN_SEND));
    twinlock_engine_free(engine);
}

int main(void)
{
    twinlock_engine *engine = engine_with("sent_code", "enroll");
    row_t row = {{0}, 0, 0};
    text_t token = a_sent_code_gives_an_enrollment(engine, &row);
    an_enrollment_token_opens_enrollment_until_it_is_done(engine, &row, &token);
    twinlock_engine_free(engine);
    a_sent_code_signs_in_and_the_last_one_counts();
    a_policy_may_leave_nothing_but_enrollment();
    a_user_says_how_to_be_asked();
    return 0;
}
