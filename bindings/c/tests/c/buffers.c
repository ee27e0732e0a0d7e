/* FFI-02, FFI-03: lengths are limits, and a buffer gets all or nothing. */
#include "support.h"

#define CANARY 0xA5

/* Offers each capacity below the needed one, then the exact one, with canaries around. */
#define FILLS_EXACTLY(type, call)                                                        \
    do {                                                                                 \
        uint8_t memory[8192];                                                            \
        size_t needed = 0, capacity, length;                                             \
        type *out;                                                                       \
        EXPECT(TWINLOCK_E_BUFFER_TOO_SMALL, call(NULL, 0, &needed));                     \
        CHECK(needed > 0 && needed + 32 < sizeof memory);                                \
        for (capacity = 0; capacity <= needed; capacity++) {                             \
            int32_t wanted = capacity < needed ? TWINLOCK_E_BUFFER_TOO_SMALL : TWINLOCK_OK; \
            memset(memory, CANARY, sizeof memory);                                       \
            length = 99999;                                                              \
            out = (type *)(memory + 16);                                                 \
            EXPECT(wanted, call(out, capacity, &length));                                \
            CHECK(length == needed);                                                     \
            CHECK(untouched(memory, 16));                                                \
            CHECK(untouched(memory + 16 + (wanted == TWINLOCK_OK ? needed : 0), 16));    \
        }                                                                                \
    } while (0)

static int untouched(const uint8_t *memory, size_t length)
{
    size_t at;
    for (at = 0; at < length; at++) {
        if (memory[at] != CANARY) return 0;
    }
    return 1;
}

#define VERSION(o, c, l) twinlock_version(o, c, l)
#define NAME(o, c, l) twinlock_status_name(TWINLOCK_R_LOCKED, o, c, l)
#define MESSAGE(o, c, l) twinlock_status_message(TWINLOCK_E_PANIC, o, c, l)
#define KEYRING(o, c, l) twinlock_keyring_generate(o, c, l)
#define SECRET(o, c, l) twinlock_secret_generate(o, c, l)
#define TOTP(o, c, l) \
    twinlock_totp_generate(secret.data, secret.length, TWINLOCK_ALGORITHM_SHA256, 8, 60, NOW, o, c, l)
#define QR(o, c, l) twinlock_qr_svg("x", 1, o, c, l)
#define STATUS(o, c, l) \
    twinlock_engine_status(engine, SUBJECT, row.record, row.length, NOW, o, c, l)
#define OF_CHALLENGE(o, c, l) \
    twinlock_engine_challenge_subject(engine, token.data, token.length, NOW, o, c, l)
#define RECORD(o, c, l) twinlock_pending_record(pending, o, c, l)
#define URI(o, c, l) twinlock_pending_text(pending, TWINLOCK_FIELD_URI, 0, o, c, l)
#define PROOF(o, c, l) twinlock_proof_text(proof, TWINLOCK_FIELD_SUBJECT, 0, o, c, l)
#define ACCESS(o, c, l) twinlock_tokens_text(tokens, TWINLOCK_FIELD_ACCESS, o, c, l)
#define CLAIMS(o, c, l) \
    twinlock_engine_verify(engine, access.data, access.length, TWINLOCK_TOKEN_ACCESS, NOW, o, c, l)
#define OF_REFRESH(o, c, l) \
    twinlock_engine_refresh_subject(engine, refresh.data, refresh.length, NOW, o, c, l)

#define HOTP(o, c, l) twinlock_hotp_generate(TEXT(secret), TWINLOCK_ALGORITHM_SHA1, 6, 7, o, c, l)
#define STEAM(o, c, l) twinlock_steam_generate(TEXT(secret), NOW, o, c, l)
#define FROM_BYTES(o, c, l) twinlock_secret_from_bytes((const uint8_t *)"0123456789abcdef", 16, o, c, l)
#define BUILT(o, c, l)                                                                           \
    twinlock_otpauth_build(LITERAL("Acme"), LITERAL("alice"), TEXT(secret), TWINLOCK_DEVICE_TOTP, \
                           TWINLOCK_ALGORITHM_SHA1, 6, 30, 0, o, c, l)
#define OF_ACCOUNT(o, c, l) twinlock_otpauth_text(accounts, 0, TWINLOCK_FIELD_ACCOUNT, o, c, l)
#define KEY_IDS(o, c, l) twinlock_engine_key_ids(engine, o, c, l)
#define NEEDED(o, c, l) twinlock_engine_keys_needed(engine, SUBJECT, row.record, row.length, o, c, l)
#define JWKS(o, c, l) twinlock_engine_jwks(engine, o, c, l)
#define SEALED(o, c, l) twinlock_vault_seal(engine, SUBJECT, (const uint8_t *)"secret", 6, o, c, l)
#define OPENED(o, c, l) twinlock_vault_open(engine, SUBJECT, envelope, envelope_length, o, c, l)
#define AS_TEXT(o, c, l) twinlock_vault_to_text(envelope, envelope_length, o, c, l)
#define FROM_TEXT(o, c, l) twinlock_vault_from_text(TEXT(code), o, c, l)
#define KEY_ID(o, c, l) twinlock_vault_key_id(envelope, envelope_length, o, c, l)
#define OF_TOKEN(o, c, l) \
    twinlock_engine_token_subject(engine, TEXT(access), TWINLOCK_TOKEN_ACCESS, NOW, o, c, l)
#define STATE(o, c, l) twinlock_tokens_text(tokens, TWINLOCK_FIELD_SESSION_STATE, o, c, l)
#define REVOKED(o, c, l) twinlock_session_revoke(TEXT(state), NOW, o, c, l)

static void every_output_without_a_user_fills_a_buffer_exactly(twinlock_engine *engine, row_t row)
{
    twinlock_otpauth *accounts = NULL;
    text_t secret, code;
    uint8_t envelope[128];
    size_t envelope_length = 0;
    EXPECT(TWINLOCK_OK, twinlock_secret_generate(INTO(secret)));
    FILLS_EXACTLY(char, HOTP);
    FILLS_EXACTLY(char, STEAM);
    FILLS_EXACTLY(char, FROM_BYTES);
    FILLS_EXACTLY(char, BUILT);
    EXPECT(TWINLOCK_OK, BUILT(code.data, sizeof code.data, &code.length));
    EXPECT(TWINLOCK_OK, twinlock_otpauth_parse(TEXT(code), &accounts));
    FILLS_EXACTLY(char, OF_ACCOUNT);
    twinlock_otpauth_free(accounts);
    FILLS_EXACTLY(char, KEY_IDS);
    FILLS_EXACTLY(char, NEEDED);
    FILLS_EXACTLY(char, JWKS);
    FILLS_EXACTLY(uint8_t, SEALED);
    EXPECT(TWINLOCK_OK, SEALED(envelope, sizeof envelope, &envelope_length));
    FILLS_EXACTLY(uint8_t, OPENED);
    FILLS_EXACTLY(char, AS_TEXT);
    EXPECT(TWINLOCK_OK, AS_TEXT(code.data, sizeof code.data, &code.length));
    FILLS_EXACTLY(uint8_t, FROM_TEXT);
    FILLS_EXACTLY(char, KEY_ID);
}

static void every_output_of_a_session_fills_a_buffer_exactly(twinlock_engine *engine)
{
    twinlock_pending *pending = NULL;
    twinlock_proof *proof;
    twinlock_tokens *tokens = NULL;
    text_t access, state, token;
    EXPECT(TWINLOCK_OK, twinlock_engine_begin_sign_in(engine, SUBJECT, NONE, LITERAL("pwd"), NOW, NONE, NOW,
                                                      &pending));
    EXPECT(TWINLOCK_OK, twinlock_pending_commit(pending, 0));
    proof = pending_proof(pending);
    twinlock_pending_free(pending);
    EXPECT(TWINLOCK_OK, twinlock_engine_begin_session(engine, &proof, NONE, NOW, &tokens));
    access = token_text(tokens, TWINLOCK_FIELD_ACCESS);
    token = token_text(tokens, TWINLOCK_FIELD_REFRESH);
    FILLS_EXACTLY(char, OF_TOKEN);
    FILLS_EXACTLY(char, STATE);
    EXPECT(TWINLOCK_OK, STATE(state.data, sizeof state.data, &state.length));
    FILLS_EXACTLY(char, REVOKED);
    twinlock_tokens_free(tokens);
    EXPECT(TWINLOCK_OK, twinlock_engine_rotate(engine, TEXT(token), TEXT(state), NONE, NOW, &pending));
    FILLS_EXACTLY(uint8_t, RECORD);
    twinlock_pending_free(pending);
}

static void every_output_fills_a_buffer_exactly(twinlock_engine *engine)
{
    row_t row = {{0}, 0, 0};
    twinlock_pending *pending = NULL;
    twinlock_proof *proof = NULL;
    twinlock_tokens *tokens = NULL;
    text_t secret, token, code, access, refresh;

    FILLS_EXACTLY(char, VERSION);
    FILLS_EXACTLY(char, NAME);
    FILLS_EXACTLY(char, MESSAGE);
    FILLS_EXACTLY(char, KEYRING);
    FILLS_EXACTLY(char, SECRET);
    FILLS_EXACTLY(char, QR);

    EXPECT(TWINLOCK_OK, twinlock_engine_begin_enrollment(engine, SUBJECT, NONE, "alice", 5, NONE, NOW, &pending));
    FILLS_EXACTLY(uint8_t, RECORD);
    EXPECT(TWINLOCK_OK, store(&row, pending));
    FILLS_EXACTLY(char, URI);
    secret = pending_text(pending, TWINLOCK_FIELD_SECRET, 0);
    FILLS_EXACTLY(char, TOTP);
    twinlock_pending_free(pending);

    code = code_at(&secret, NOW);
    EXPECT(TWINLOCK_OK, twinlock_engine_confirm_enrollment(engine, SUBJECT, row.record, row.length, code.data,
                                                           code.length, NOW, &pending));
    EXPECT(TWINLOCK_OK, store(&row, pending));
    FILLS_EXACTLY(char, STATUS);
    EXPECT(TWINLOCK_OK, twinlock_pending_proof(pending, &proof));
    twinlock_pending_free(pending);
    FILLS_EXACTLY(char, PROOF);
    token = challenge(engine, &row, NOW);
    FILLS_EXACTLY(char, OF_CHALLENGE);

    EXPECT(TWINLOCK_OK, twinlock_engine_mint(engine, &proof, NONE, NOW, &tokens));
    FILLS_EXACTLY(char, ACCESS);
    EXPECT(TWINLOCK_OK, twinlock_tokens_text(tokens, TWINLOCK_FIELD_ACCESS, access.data, sizeof access.data,
                                             &access.length));
    EXPECT(TWINLOCK_OK, twinlock_tokens_text(tokens, TWINLOCK_FIELD_REFRESH, refresh.data, sizeof refresh.data,
                                             &refresh.length));
    FILLS_EXACTLY(char, CLAIMS);
    FILLS_EXACTLY(char, OF_REFRESH);
    twinlock_tokens_free(tokens);
    every_output_without_a_user_fills_a_buffer_exactly(engine, row);
}

static void lengths_above_the_limit_are_refused_unread(twinlock_engine *engine)
{
    static const size_t lengths[] = {TWINLOCK_INPUT_MAX + 1, (size_t)1 << 30, SIZE_MAX};
    twinlock_pending *pending = NULL;
    size_t at;
    for (at = 0; at < sizeof lengths / sizeof *lengths; at++) {
        size_t length = lengths[at];
        EXPECT(TWINLOCK_E_INPUT_TOO_LARGE, twinlock_engine_unlock(engine, "x", length, NONE, NOW, &pending));
        EXPECT(TWINLOCK_E_INPUT_TOO_LARGE,
               twinlock_engine_unlock(engine, SUBJECT, (const uint8_t *)"x", length, NOW, &pending));
        CHECK(pending == NULL);
    }
}

static void text_is_what_its_length_says(twinlock_engine *engine)
{
    static const struct {
        const char *text;
        size_t length;
        int32_t status;
    } subjects[] = {
        {NULL, 0, TWINLOCK_E_SUBJECT_INVALID},        {"", 0, TWINLOCK_E_SUBJECT_INVALID},
        {"a\0b", 3, TWINLOCK_E_SUBJECT_INVALID},      {"\xff", 1, TWINLOCK_E_TEXT_NOT_UTF8},
        {"\xed\xa0\x80", 3, TWINLOCK_E_TEXT_NOT_UTF8}, {"\xc3\xa9", 1, TWINLOCK_E_TEXT_NOT_UTF8},
        {"\xc3\xa9", 2, TWINLOCK_OK},                 {"ab", 1, TWINLOCK_OK},
    };
    char status[1024], longest[256];
    size_t at, length = 0;
    for (at = 0; at < sizeof subjects / sizeof *subjects; at++) {
        length = 77;
        EXPECT(subjects[at].status, twinlock_engine_status(engine, subjects[at].text, subjects[at].length, NONE, NOW,
                                                           status, sizeof status, &length));
        CHECK((length == 77) == (subjects[at].status != TWINLOCK_OK));
    }
    memset(longest, 'a', sizeof longest);
    EXPECT(TWINLOCK_OK, twinlock_engine_status(engine, longest, 255, NONE, NOW, status, sizeof status, &length));
    EXPECT(TWINLOCK_E_SUBJECT_INVALID,
           twinlock_engine_status(engine, longest, 256, NONE, NOW, status, sizeof status, &length));
}

static void times_are_checked(twinlock_engine *engine)
{
    static const int64_t times[] = {-1, INT64_MIN, INT64_MAX, INT64_C(253402300800)};
    char status[1024];
    size_t at, length;
    for (at = 0; at < sizeof times / sizeof *times; at++) {
        EXPECT(TWINLOCK_E_TIME_INVALID,
               twinlock_engine_status(engine, SUBJECT, NONE, times[at], status, sizeof status, &length));
    }
}

static void wiping_leaves_zeros_and_nothing_else(void)
{
    uint8_t memory[48];
    size_t at;
    memset(memory, CANARY, sizeof memory);
    twinlock_wipe(memory + 16, 16);
    for (at = 0; at < 16; at++) CHECK(memory[16 + at] == 0);
    CHECK(untouched(memory, 16) && untouched(memory + 32, 16));
    twinlock_wipe(memory, 0);
    twinlock_wipe(NULL, 16);
    CHECK(untouched(memory, 16));
}

int main(void)
{
    twinlock_engine *engine = new_engine();
    every_output_fills_a_buffer_exactly(engine);
    every_output_of_a_session_fills_a_buffer_exactly(engine);
    lengths_above_the_limit_are_refused_unread(engine);
    text_is_what_its_length_says(engine);
    times_are_checked(engine);
    wiping_leaves_zeros_and_nothing_else();
    twinlock_engine_free(engine);
    return 0;
}
