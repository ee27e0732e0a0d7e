/* Secrets of the host's own, and new keys for what old ones sealed. */
#include "support.h"

#define OLD_ID "0c96b7654975785b"
#define NEW_ID "095911d69a8b4d07"

typedef struct {
    uint8_t data[4096];
    size_t length;
} bytes_t;

static void a_record_moves_to_a_new_key(twinlock_engine *old, twinlock_engine *both, twinlock_engine *new)
{
    row_t row = {{0}, 0, 0};
    bytes_t next;
    text_t backup, ids;
    enroll(old, &row, NOW, &backup);
    EXPECT(TWINLOCK_OK, twinlock_engine_key_ids(both, INTO(ids)));
    CHECK(text_is(&ids, NEW_ID " " OLD_ID));
    EXPECT(TWINLOCK_OK, twinlock_engine_keys_needed(both, SUBJECT, ROW(&row), INTO(ids)));
    CHECK(text_is(&ids, OLD_ID));
    EXPECT(TWINLOCK_E_KEY_UNKNOWN, twinlock_engine_keys_needed(new, SUBJECT, ROW(&row), INTO(ids)));
    EXPECT(TWINLOCK_OK, twinlock_engine_reseal(both, SUBJECT, ROW(&row), INTO(next)));
    CHECK(next.length > 0);
    memcpy(row.record, next.data, row.length = next.length);
    EXPECT(TWINLOCK_OK, twinlock_vault_key_id(ROW(&row), INTO(ids)));
    CHECK(text_is(&ids, NEW_ID));
    EXPECT(TWINLOCK_OK, twinlock_engine_reseal(both, SUBJECT, ROW(&row), INTO(next)));
    CHECK(next.length == 0);
    EXPECT(TWINLOCK_OK, twinlock_engine_keys_needed(new, SUBJECT, ROW(&row), INTO(ids)));
    CHECK(text_is(&ids, NEW_ID));
    ids = challenge(new, &row, NOW);
    EXPECT(TWINLOCK_OK, verdict(new, &row, &ids, TWINLOCK_ANSWER_BACKUP, &backup, NOW));
}

static void a_secret_opens_for_its_subject_alone(twinlock_engine *old, twinlock_engine *both, twinlock_engine *new)
{
    static const uint8_t secret[] = "a\0secret";
    bytes_t envelope, opened, again;
    text_t text;
    EXPECT(TWINLOCK_OK, twinlock_vault_seal(old, SUBJECT, secret, sizeof secret, INTO(envelope)));
    EXPECT(TWINLOCK_OK, twinlock_vault_to_text(TEXT(envelope), INTO(text)));
    EXPECT(TWINLOCK_OK, twinlock_vault_from_text(TEXT(text), INTO(again)));
    CHECK(again.length == envelope.length && memcmp(again.data, envelope.data, again.length) == 0);
    EXPECT(TWINLOCK_E_ENVELOPE_MALFORMED, twinlock_vault_from_text(LITERAL("VEw="), INTO(again)));
    EXPECT(TWINLOCK_OK, twinlock_vault_open(both, SUBJECT, TEXT(envelope), INTO(opened)));
    CHECK(opened.length == sizeof secret && memcmp(opened.data, secret, sizeof secret) == 0);
    EXPECT(TWINLOCK_E_ENVELOPE_REJECTED, twinlock_vault_open(both, LITERAL("43"), TEXT(envelope), INTO(opened)));
    EXPECT(TWINLOCK_E_KEY_UNKNOWN, twinlock_vault_open(new, SUBJECT, TEXT(envelope), INTO(opened)));
    EXPECT(TWINLOCK_OK, twinlock_vault_reseal(both, SUBJECT, TEXT(envelope), INTO(again)));
    EXPECT(TWINLOCK_OK, twinlock_vault_open(new, SUBJECT, TEXT(again), INTO(opened)));
    CHECK(opened.length == sizeof secret && memcmp(opened.data, secret, sizeof secret) == 0);
    EXPECT(TWINLOCK_OK, twinlock_vault_reseal(both, SUBJECT, TEXT(again), INTO(envelope)));
    CHECK(envelope.length == 0);
    again.data[again.length - 1] ^= 1;
    EXPECT(TWINLOCK_E_ENVELOPE_REJECTED, twinlock_vault_open(new, SUBJECT, TEXT(again), INTO(opened)));
    CHECK(opened.length == sizeof secret && memcmp(opened.data, secret, sizeof secret) == 0);
}

static void the_policy_says_the_cipher(twinlock_engine *both)
{
    twinlock_config *config = new_config(NEW_KEY "," KEY);
    twinlock_engine *aes;
    bytes_t envelope, opened;
    set_text(config, TWINLOCK_OPT_CIPHER, "aes-256-gcm");
    aes = build(config);
    EXPECT(TWINLOCK_OK, twinlock_vault_seal(aes, SUBJECT, (const uint8_t *)"x", 1, INTO(envelope)));
    CHECK(envelope.data[3] == 2);
    EXPECT(TWINLOCK_OK, twinlock_vault_open(both, SUBJECT, TEXT(envelope), INTO(opened)));
    EXPECT(TWINLOCK_OK, twinlock_vault_seal(both, SUBJECT, (const uint8_t *)"x", 1, INTO(envelope)));
    EXPECT(TWINLOCK_E_CIPHER_REFUSED, twinlock_vault_open(aes, SUBJECT, TEXT(envelope), INTO(opened)));
    twinlock_engine_free(aes);
}

static void a_key_ring_is_read_without_an_engine(void)
{
    text_t ids = {"", 0};
    EXPECT(TWINLOCK_OK, twinlock_keyring_ids(LITERAL(NEW_KEY "\n" KEY), INTO(ids)));
    CHECK(text_is(&ids, NEW_ID " " OLD_ID));
    EXPECT(TWINLOCK_E_KEY_MISSING, twinlock_keyring_ids(NONE, INTO(ids)));
    EXPECT(TWINLOCK_E_KEY_MALFORMED, twinlock_keyring_ids(LITERAL("tlk1_"), INTO(ids)));
    EXPECT(TWINLOCK_E_KEY_DUPLICATE, twinlock_keyring_ids(LITERAL(KEY "," KEY), INTO(ids)));
    EXPECT(TWINLOCK_E_KEY_WEAK,
           twinlock_keyring_ids(LITERAL("tlk1_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"), INTO(ids)));
    CHECK(text_is(&ids, NEW_ID " " OLD_ID));
}

static void a_record_is_looked_into_without_its_secrets(twinlock_engine *engine)
{
    row_t row = {{0}, 0, 0};
    text_t secret = enroll(engine, &row, NOW, NULL), facts;
    EXPECT(TWINLOCK_OK, twinlock_engine_inspect(engine, SUBJECT, ROW(&row), INTO(facts)));
    CHECK(text_has(&facts, "\"keys_needed\":[\"" OLD_ID "\"]") && text_has(&facts, "\"kind\":\"totp\""));
    secret.data[secret.length] = '\0';
    CHECK(!text_has(&facts, secret.data));
    EXPECT(TWINLOCK_E_ENVELOPE_MALFORMED, twinlock_engine_inspect(engine, SUBJECT, NONE, INTO(facts)));
    EXPECT(TWINLOCK_E_ENVELOPE_REJECTED, twinlock_engine_inspect(engine, LITERAL("43"), ROW(&row), INTO(facts)));
}

int main(void)
{
    twinlock_engine *old = new_engine(), *both = build(new_config(NEW_KEY "," KEY)), *new = build(new_config(NEW_KEY));
    a_record_moves_to_a_new_key(old, both, new);
    a_secret_opens_for_its_subject_alone(old, both, new);
    the_policy_says_the_cipher(both);
    a_key_ring_is_read_without_an_engine();
    a_record_is_looked_into_without_its_secrets(old);
    twinlock_engine_free(old);
    twinlock_engine_free(both);
    twinlock_engine_free(new);
    return 0;
}
