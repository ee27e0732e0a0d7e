/* FFI-13: run under valgrind, by bindings/c/tests/constant_time.rs. What is secret is marked as undefined before a call,
   and valgrind tells of every branch and every address that depends on it. The lines that VALGRIND_PRINTF writes into
   its log say what is going on. */
#include <valgrind/memcheck.h>
#include "support.h"

#define SECRET "GEZDGNBVGYZTQOJQGEZDGNBVGYZTQOJQ"

static void phase(const char *name)
{
    VALGRIND_PRINTF("phase %s\n", name);
}

/* Of a letter of base32 the lower five bits: which one it is. That it is a letter, no digit and no separator, is public. */
static void hide_letters(char *text, size_t length)
{
    static const uint8_t which = 0x1f;
    size_t at;
    for (at = 0; at < length; at++) {
        if (text[at] >= 'A') (void)VALGRIND_SET_VBITS(text + at, &which, 1);
    }
}

static void hide(void *memory, size_t length)
{
    (void)VALGRIND_MAKE_MEM_UNDEFINED(memory, length);
}

/* A result that is secret, too: the test reads it no further than that it is there. */
static void show(void *memory, size_t length)
{
    (void)VALGRIND_MAKE_MEM_DEFINED(memory, length);
}

/* Proves that a comparison with a secret would be seen. */
static void a_comparison_that_leaks(void)
{
    char secret[] = SECRET;
    volatile int differs = 0;
    size_t at;
    phase("leak");
    hide(secret, sizeof secret);
    for (at = 0; at < sizeof secret && !differs; at++) differs = secret[at] != SECRET[at];
    show(secret, sizeof secret);
}

static void a_code_is_computed_and_compared(int32_t algorithm)
{
    char secret[] = SECRET;
    text_t code;
    uint64_t step = 0;
    int32_t status;
    EXPECT(TWINLOCK_OK, twinlock_totp_generate(LITERAL(SECRET), algorithm, 6, 30, NOW, INTO(code)));
    phase("codes");
    hide_letters(secret, sizeof secret - 1);
    status = twinlock_totp_verify(secret, sizeof secret - 1, algorithm, 6, 30, TEXT(code), 2, NOW, &step);
    show(&status, sizeof status);
    EXPECT(TWINLOCK_OK, status);
    code.data[0] = (char)(code.data[0] == '9' ? '0' : code.data[0] + 1);
    status = twinlock_totp_verify(secret, sizeof secret - 1, algorithm, 6, 30, TEXT(code), 2, NOW, &step);
    show(&status, sizeof status);
    EXPECT(TWINLOCK_R_WRONG_CODE, status);
    status = twinlock_hotp_verify(secret, sizeof secret - 1, algorithm, 6, TEXT(code), 0, 5, &step);
    show(&status, sizeof status);
    EXPECT(TWINLOCK_R_WRONG_CODE, status);
}

/* The tag of what is sealed, for a right and for a wrong one: the ciphertext, and with it the tag that is computed. */
static void a_tag_is_checked(const char *cipher)
{
    twinlock_config *config = new_config(KEY);
    twinlock_engine *engine;
    uint8_t sealed[256], opened[256];
    size_t length = 0, opened_length = 0, header = 12 + (strcmp(cipher, "xchacha20-poly1305") == 0 ? 24 : 12);
    int32_t status;
    set_text(config, TWINLOCK_OPT_CIPHER, cipher);
    engine = build(config);
    EXPECT(TWINLOCK_OK, twinlock_vault_seal(engine, SUBJECT, (const uint8_t *)SECRET, sizeof SECRET, sealed,
                                            sizeof sealed, &length));
    phase("tags");
    hide(sealed + header, length - header);
    status = twinlock_vault_open(engine, SUBJECT, sealed, length, opened, sizeof opened, &opened_length);
    show(&status, sizeof status);
    EXPECT(TWINLOCK_OK, status);
    sealed[length - 1] ^= 1;
    status = twinlock_vault_open(engine, SUBJECT, sealed, length, opened, sizeof opened, &opened_length);
    show(&status, sizeof status);
    EXPECT(TWINLOCK_E_ENVELOPE_REJECTED, status);
    phase("end");
    twinlock_engine_free(engine);
}

int main(void)
{
    a_comparison_that_leaks();
    a_code_is_computed_and_compared(TWINLOCK_ALGORITHM_SHA1);
    a_code_is_computed_and_compared(TWINLOCK_ALGORITHM_SHA256);
    a_code_is_computed_and_compared(TWINLOCK_ALGORITHM_SHA512);
    a_tag_is_checked("xchacha20-poly1305");
    a_tag_is_checked("aes-256-gcm");
    return 0;
}
