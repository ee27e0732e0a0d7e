/* FFI-04, FFI-05: a panic is a status, and a handle that was used up or freed is found out (hardened library). */
#include "support.h"

int32_t twinlock_test_panic(void);

static void a_panic_leaves_the_library_usable(void)
{
    int round;
    for (round = 0; round < 3; round++) {
        EXPECT(TWINLOCK_E_PANIC, twinlock_test_panic());
        twinlock_engine_free(new_engine());
    }
}

static void a_freed_handle_is_found_out(twinlock_engine *engine)
{
    row_t row = {{0}, 0, 0};
    text_t secret = enroll(engine, &row, NOW, NULL), token = challenge(engine, &row, NOW);
    text_t code = code_at(&secret, NOW + 30);
    twinlock_pending *pending = answer(engine, &row, &token, TWINLOCK_ANSWER_OTP, &code, NOW + 30);
    twinlock_proof *proof = NULL, *copy;
    twinlock_tokens *tokens = NULL;
    EXPECT(TWINLOCK_OK, store(&row, pending));
    EXPECT(TWINLOCK_OK, twinlock_pending_proof(pending, &proof));
    twinlock_pending_free(pending);
    twinlock_pending_free(pending);
    EXPECT(TWINLOCK_E_HANDLE_INVALID, twinlock_pending_commit(pending, 1));

    copy = proof;
    EXPECT(TWINLOCK_OK, twinlock_engine_mint(engine, &proof, NONE, NOW, &tokens));
    twinlock_tokens_free(tokens);
    tokens = NULL;
    EXPECT(TWINLOCK_E_NULL_POINTER, twinlock_engine_mint(engine, &proof, NONE, NOW, &tokens));
    EXPECT(TWINLOCK_E_HANDLE_INVALID, twinlock_engine_mint(engine, &copy, NONE, NOW, &tokens));
    CHECK(tokens == NULL && copy != NULL);
    twinlock_proof_free(copy);
}

static void a_config_survives_a_failure_and_not_a_success(void)
{
    twinlock_config *config = NULL;
    twinlock_engine *engine = NULL;
    text_t keys;
    EXPECT(TWINLOCK_OK, twinlock_keyring_generate(keys.data, sizeof keys.data, &keys.length));
    EXPECT(TWINLOCK_OK, twinlock_config_new(&config));
    EXPECT(TWINLOCK_E_KEY_MISSING, twinlock_engine_new(&config, &engine));
    EXPECT(TWINLOCK_OK, twinlock_config_set_text(config, TWINLOCK_OPT_KEYS, keys.data, keys.length));
    EXPECT(TWINLOCK_E_NAME_INVALID, twinlock_engine_new(&config, &engine));
    EXPECT(TWINLOCK_OK, twinlock_config_set_text(config, TWINLOCK_OPT_ISSUER, "Acme", 4));
    EXPECT(TWINLOCK_OK, twinlock_config_set_int(config, TWINLOCK_OPT_LOCK_SECONDS_MAX, 1));
    EXPECT(TWINLOCK_E_OPTION_OUT_OF_RANGE, twinlock_engine_new(&config, &engine));
    CHECK(config != NULL && engine == NULL);
    EXPECT(TWINLOCK_OK, twinlock_config_set_int(config, TWINLOCK_OPT_LOCK_SECONDS_MAX, 60));
    EXPECT(TWINLOCK_OK, twinlock_engine_new(&config, &engine));
    CHECK(config == NULL && engine != NULL);
    twinlock_config_free(config);
    twinlock_engine_free(engine);
}

static void unknown_constants_are_named(twinlock_engine *engine)
{
    twinlock_config *config = NULL;
    twinlock_pending *pending = NULL;
    text_t text;
    EXPECT(TWINLOCK_OK, twinlock_config_new(&config));
    EXPECT(TWINLOCK_E_OPTION_UNKNOWN, twinlock_config_set_int(config, TWINLOCK_OPT_ISSUER, 1));
    EXPECT(TWINLOCK_E_OPTION_UNKNOWN, twinlock_config_set_text(config, TWINLOCK_OPT_DIGITS, "6", 1));
    EXPECT(TWINLOCK_E_OPTION_UNKNOWN,
           twinlock_config_set_bytes(config, TWINLOCK_OPT_KEYS, (const uint8_t *)"6", 1));
    EXPECT(TWINLOCK_E_OPTION_OUT_OF_RANGE, twinlock_config_set_int(config, TWINLOCK_OPT_DIGITS, 9));
    EXPECT(TWINLOCK_E_OPTION_OUT_OF_RANGE, twinlock_config_set_int(config, TWINLOCK_OPT_JWT_LEEWAY, -1));
    EXPECT(TWINLOCK_E_ALGORITHM_UNKNOWN, twinlock_config_set_text(config, TWINLOCK_OPT_ALGORITHM, "MD5", 3));
    EXPECT(TWINLOCK_E_JWT_ALGORITHM_UNKNOWN,
           twinlock_config_set_text(config, TWINLOCK_OPT_JWT_ALGORITHM, "none", 4));
    EXPECT(TWINLOCK_E_JWT_KEY_WEAK, twinlock_config_set_text(config, TWINLOCK_OPT_JWT_KEY, "short", 5));
    EXPECT(TWINLOCK_E_OPTION_OUT_OF_RANGE, twinlock_config_set_text(config, TWINLOCK_OPT_FALLBACK, "none", 4));
    EXPECT(TWINLOCK_E_KEY_MALFORMED, twinlock_config_set_text(config, TWINLOCK_OPT_KEYS, "tlk1_", 5));
    twinlock_config_free(config);
    EXPECT(TWINLOCK_E_ARGUMENT_UNKNOWN, twinlock_engine_disable(engine, SUBJECT, NONE, 0, NONE, NOW, &pending));
    EXPECT(TWINLOCK_E_ARGUMENT_UNKNOWN,
           twinlock_engine_step_up(engine, SUBJECT, NONE, 99, NONE, LITERAL("x"), NONE, NOW, &pending));
    EXPECT(TWINLOCK_E_ARGUMENT_UNKNOWN,
           twinlock_engine_begin_enrollment_with(engine, SUBJECT, NONE, LITERAL("alice"), NONE, 99, 0, 0, 0, NOW,
                                                 &pending));
    EXPECT(TWINLOCK_E_ALGORITHM_UNKNOWN,
           twinlock_engine_begin_enrollment_with(engine, SUBJECT, NONE, LITERAL("alice"), NONE, TWINLOCK_DEVICE_TOTP,
                                                 99, 0, 0, NOW, &pending));
    EXPECT(TWINLOCK_E_DIGITS_INVALID,
           twinlock_engine_begin_enrollment_with(engine, SUBJECT, NONE, LITERAL("alice"), NONE, TWINLOCK_DEVICE_HOTP,
                                                 0, 9, 0, NOW, &pending));
    CHECK(pending == NULL);
    EXPECT(TWINLOCK_E_ARGUMENT_UNKNOWN,
           twinlock_engine_verify(engine, "x", 1, 99, NOW, text.data, sizeof text.data, &text.length));
    EXPECT(TWINLOCK_E_ARGUMENT_UNKNOWN, twinlock_status_name(12345, text.data, sizeof text.data, &text.length));
    EXPECT(TWINLOCK_OK, twinlock_status_name(TWINLOCK_OK, text.data, sizeof text.data, &text.length));
    CHECK(text_is(&text, "ok"));
}

int main(void)
{
    twinlock_engine *engine = new_engine();
    a_panic_leaves_the_library_usable();
    a_freed_handle_is_found_out(engine);
    a_config_survives_a_failure_and_not_a_success();
    unknown_constants_are_named(engine);
    twinlock_engine_free(engine);
    twinlock_engine_free(engine);
    CHECK(twinlock_abi_version() == TWINLOCK_ABI_VERSION);
    return 0;
}
