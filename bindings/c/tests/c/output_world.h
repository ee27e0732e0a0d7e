/* What every function that fills a buffer needs to succeed, and the buffers. */
#ifndef TWINLOCK_TEST_OUTPUT_WORLD_H
#define TWINLOCK_TEST_OUTPUT_WORLD_H

#include "support.h"

#define URI "otpauth://totp/Acme:alice?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Acme"
#define CANARY 0xA5
#define MARGIN 32

static twinlock_engine *engine;
static twinlock_pending *undecided, *signed_in, *pending;
static twinlock_proof *proof;
static twinlock_tokens *tokens;
static twinlock_otpauth *otpauth;
/* The inputs, by the names that the header has for them. */
static row_t record;
static const text_t no_record;
static text_t subject = {"42", 2}, issuer = {"Acme", 4}, account = {"alice", 5}, content = {"x", 1};
static text_t keys = {KEY, sizeof KEY - 1}, secret, challenge_token, enrollment_token, access_token, refresh_token;
static text_t state, envelope, envelope_text;

static twinlock_proof *enroll_with(twinlock_engine *old)
{
    text_t code;
    EXPECT(TWINLOCK_OK, twinlock_engine_begin_enrollment(old, SUBJECT, NONE, TEXT(account), NONE, NOW, &pending));
    EXPECT(TWINLOCK_OK, store(&record, pending));
    secret = pending_text(pending, TWINLOCK_FIELD_SECRET, 0);
    twinlock_pending_free(pending);
    code = code_at(&secret, NOW);
    EXPECT(TWINLOCK_OK, twinlock_engine_confirm_enrollment(old, SUBJECT, record.record, record.length, TEXT(code), NOW,
                                                           &pending));
    EXPECT(TWINLOCK_OK, store(&record, pending));
    proof = pending_proof(pending);
    twinlock_pending_free(pending);
    return proof;
}

static void begin_tokens(twinlock_engine *old)
{
    twinlock_proof *spent = enroll_with(old);
    EXPECT(TWINLOCK_OK, twinlock_engine_mint(engine, &spent, NONE, NOW, &tokens));
    access_token = token_text(tokens, TWINLOCK_FIELD_ACCESS);
    refresh_token = token_text(tokens, TWINLOCK_FIELD_REFRESH);
    twinlock_tokens_free(tokens);
    memset(&record, 0, sizeof record);
    spent = enroll_with(old);
    EXPECT(TWINLOCK_OK, twinlock_engine_begin_session(engine, &spent, NONE, NOW, &tokens));
    state = token_text(tokens, TWINLOCK_FIELD_SESSION_STATE);
    memset(&record, 0, sizeof record);
    proof = enroll_with(old);
}

/* All that is sealed is sealed with the second key, so that there is something to seal anew. */
static void begin(void)
{
    twinlock_config *config = new_config(NEW_KEY "," KEY);
    twinlock_engine *old = new_engine();
    text_t code;
    set_text(config, TWINLOCK_OPT_FALLBACK, "enroll");
    engine = build(config);
    begin_tokens(old);
    challenge_token = challenge(old, &record, NOW);
    code = code_at(&secret, NOW + 30);
    signed_in = answer(old, &record, &challenge_token, TWINLOCK_ANSWER_OTP, &code, NOW + 30);
    EXPECT(TWINLOCK_OK, twinlock_engine_with_session(old, signed_in, NONE, NOW + 30));
    EXPECT(TWINLOCK_OK, twinlock_engine_begin_sign_in(engine, SUBJECT, NONE, LITERAL("pwd"), NOW, NONE, NOW, &pending));
    EXPECT(TWINLOCK_OK, twinlock_pending_commit(pending, 0));
    enrollment_token = pending_text(pending, TWINLOCK_FIELD_ENROLLMENT_TOKEN, 0);
    EXPECT(TWINLOCK_OK, twinlock_engine_bump_epoch(engine, SUBJECT, NONE, NOW, &undecided));
    EXPECT(TWINLOCK_OK, twinlock_vault_seal(old, SUBJECT, (const uint8_t *)"secret", 6, (uint8_t *)envelope.data,
                                            sizeof envelope.data, &envelope.length));
    EXPECT(TWINLOCK_OK, twinlock_vault_to_text((const uint8_t *)envelope.data, envelope.length, INTO(envelope_text)));
    EXPECT(TWINLOCK_OK, twinlock_otpauth_parse(LITERAL(URI), &otpauth));
    twinlock_engine_free(old);
}

static void end(void)
{
    twinlock_otpauth_free(otpauth);
    twinlock_tokens_free(tokens);
    twinlock_proof_free(proof);
    twinlock_pending_free(undecided);
    twinlock_pending_free(signed_in);
    twinlock_pending_free(pending);
    twinlock_engine_free(engine);
}

static int untouched(const uint8_t *memory, size_t length)
{
    while (length > 0 && memory[length - 1] == CANARY) length--;
    return length == 0;
}

/* Offers a buffer of that capacity, with canaries around the bytes that are to be written. */
static int32_t offer(int32_t (*call)(uint8_t *, size_t, size_t *), size_t capacity, size_t needed, const char *name)
{
    static uint8_t memory[16384];
    size_t length = 99999;
    int32_t status;
    memset(memory, CANARY, sizeof memory);
    status = call(memory + MARGIN, capacity, &length);
    size_t written = status == TWINLOCK_OK ? needed : 0;
    if (length != needed || !untouched(memory, MARGIN) ||
        !untouched(memory + MARGIN + written, sizeof memory - MARGIN - written)) {
        fprintf(stderr, "%s wrote outside of its buffer of %zu bytes\n", name, capacity);
        exit(1);
    }
    return status;
}

static void fills_exactly(int32_t (*call)(uint8_t *, size_t, size_t *), const char *name)
{
    size_t needed = 0, at;
    expect(call(NULL, 0, &needed), TWINLOCK_E_BUFFER_TOO_SMALL, name, __FILE__, __LINE__);
    CHECK(needed > 0 && needed < 12000);
    {
        const size_t small[] = {0, 1, needed / 2, needed - 1}, enough[] = {needed, needed + 1, SIZE_MAX};
        for (at = 0; at < sizeof small / sizeof *small; at++) {
            if (small[at] < needed)
                expect(offer(call, small[at], needed, name), TWINLOCK_E_BUFFER_TOO_SMALL, name, __FILE__, __LINE__);
        }
        for (at = 0; at < sizeof enough / sizeof *enough; at++)
            expect(offer(call, enough[at], needed, name), TWINLOCK_OK, name, __FILE__, __LINE__);
    }
}

#endif
