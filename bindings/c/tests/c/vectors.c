/* What other languages wrote opens here. vectors.h is made of tests/vectors by the test that runs this. */
#include "vectors.h"
#include "support.h"

static twinlock_engine *engine_of(const char *keys, const char *issuer)
{
    twinlock_config *config = new_config(keys);
    set_text(config, TWINLOCK_OPT_SENT_CODES, "sign_in");
    EXPECT(TWINLOCK_OK, twinlock_config_set_int(config, TWINLOCK_OPT_TRUSTED_DEVICES, 3));
    if (issuer != NULL) set_text(config, TWINLOCK_OPT_JWT_ISSUER, issuer);
    return build(config);
}

static int32_t answered(twinlock_engine *engine, row_t row, int32_t kind, const char *typed)
{
    twinlock_pending *pending = NULL;
    EXPECT(TWINLOCK_OK, twinlock_engine_finish_sign_in(engine, ROW(&row), LITERAL(RECORD_FULL_CHALLENGE), NONE, kind,
                                                       typed, strlen(typed), RECORD_FULL_NOW, &pending));
    return settle(&row, pending);
}

static void a_record_with_everything_in_it_opens(void)
{
    twinlock_engine *engine = engine_of(RECORD_FULL_KEYS "," RECORD_FULL_OLD_KEYS, NULL);
    row_t row = {{0}, 0, 0};
    text_t status;
    row.length = unhex(RECORD_FULL_RECORD, row.record);
    EXPECT(TWINLOCK_OK, twinlock_engine_status(engine, LITERAL(RECORD_FULL_SUBJECT), ROW(&row), RECORD_FULL_NOW,
                                               INTO(status)));
    CHECK(text_has(&status, "\"totp\"") && text_has(&status, "\"hotp\"") && text_has(&status, "\"steam\""));
    CHECK(text_has(&status, "\"preference\":\"sent\"") && text_has(&status, "\"Laptop\""));
    EXPECT(TWINLOCK_OK, twinlock_engine_is_trusted(engine, LITERAL(RECORD_FULL_SUBJECT), ROW(&row),
                                                   LITERAL(RECORD_FULL_TRUST_TOKEN), RECORD_FULL_NOW));
    EXPECT(TWINLOCK_OK, answered(engine, row, TWINLOCK_ANSWER_SENT, RECORD_FULL_SENT_CODE));
    EXPECT(TWINLOCK_OK, answered(engine, row, TWINLOCK_ANSWER_BACKUP, "1234-5678"));
    EXPECT(TWINLOCK_R_WRONG_CODE, answered(engine, row, TWINLOCK_ANSWER_BACKUP, RECORD_FULL_SENT_CODE));
    twinlock_engine_free(engine);
}

static void a_backup_code_is_kept_as_elsewhere(void)
{
    twinlock_engine *engine = engine_of(BACKUP_KEYS, NULL);
    twinlock_pending *pending = NULL;
    row_t row = {{0}, 0, 0};
    text_t token, typed;
    row.length = unhex(BACKUP_RECORD, row.record);
    EXPECT(TWINLOCK_OK, twinlock_engine_begin_sign_in(engine, LITERAL(BACKUP_SUBJECT), ROW(&row), LITERAL("pwd"),
                                                      BACKUP_NOW, NONE, BACKUP_NOW, &pending));
    EXPECT(TWINLOCK_OK, store(&row, pending));
    token = pending_text(pending, TWINLOCK_FIELD_CHALLENGE, 0);
    twinlock_pending_free(pending);
    typed.length = (size_t)sprintf(typed.data, "%s", BACKUP_CODE);
    typed.data[typed.length - 1] = '0';
    EXPECT(TWINLOCK_R_WRONG_CODE, verdict(engine, &row, &token, TWINLOCK_ANSWER_BACKUP, &typed, BACKUP_NOW));
    typed.length = (size_t)sprintf(typed.data, "%s", BACKUP_TYPED);
    EXPECT(TWINLOCK_OK, verdict(engine, &row, &token, TWINLOCK_ANSWER_BACKUP, &typed, BACKUP_NOW));
    twinlock_engine_free(engine);
}

static void a_session_goes_on(void)
{
    twinlock_engine *engine = engine_of(SESSION_KEYS, "https://acme.example");
    twinlock_pending *pending = NULL;
    text_t claims, stored;
    EXPECT(TWINLOCK_OK, twinlock_engine_verify(engine, LITERAL(SESSION_ACCESS), TWINLOCK_TOKEN_ACCESS, SESSION_NOW,
                                               INTO(claims)));
    CHECK(text_has(&claims, "\"tenant\":{\"id\":7}"));
    EXPECT(TWINLOCK_OK, twinlock_engine_verify(engine, LITERAL(SESSION_REFRESH), TWINLOCK_TOKEN_REFRESH, SESSION_NOW,
                                               INTO(claims)));
    EXPECT(TWINLOCK_OK, twinlock_engine_verify(engine, LITERAL(SESSION_SLIDING), TWINLOCK_TOKEN_SLIDING, SESSION_NOW,
                                               INTO(claims)));
    EXPECT(TWINLOCK_OK, twinlock_engine_rotate(engine, LITERAL(SESSION_ROTATED_REFRESH),
                                               LITERAL(SESSION_ROTATED_FAMILY), NONE, SESSION_ROTATED_AT, &pending));
    EXPECT(TWINLOCK_OK, twinlock_pending_record(pending, (uint8_t *)stored.data, sizeof stored.data, &stored.length));
    CHECK(stored.length > 0 && stored.length <= TWINLOCK_SESSION_MAX);
    EXPECT(TWINLOCK_OK, twinlock_pending_commit(pending, 1));
    twinlock_pending_free(pending);
    twinlock_engine_free(engine);
}

static void envelopes_open(void)
{
    static const char *const cases[][3] = {ENVELOPE_VECTORS};
    twinlock_engine *engine = engine_of(ENVELOPE_KEYS, NULL);
    text_t ids;
    size_t at;
    for (at = 0; at < sizeof cases / sizeof *cases; at++) {
        uint8_t envelope[256], opened[256];
        size_t length = unhex(cases[at][2], envelope), opened_length = 0;
        EXPECT(TWINLOCK_OK, twinlock_vault_open(engine, cases[at][0], strlen(cases[at][0]), envelope, length, opened,
                                                sizeof opened, &opened_length));
        CHECK(opened_length == strlen(cases[at][1]) && memcmp(opened, cases[at][1], opened_length) == 0);
    }
    CHECK(at == 6);
    EXPECT(TWINLOCK_OK, twinlock_engine_key_ids(engine, INTO(ids)));
    CHECK(text_is(&ids, ENVELOPE_KEY_IDS));
    twinlock_engine_free(engine);
}

/* Signed with the private key, verified with the public one alone. */
static void keys_come_from_pem(void)
{
    twinlock_config *config = new_config(KEY);
    twinlock_engine *signer, *verifier = NULL;
    twinlock_pending *pending = NULL;
    twinlock_proof *proof;
    twinlock_tokens *tokens = NULL;
    text_t access, claims, jwks;
    EXPECT(TWINLOCK_E_JWT_ALGORITHM_UNKNOWN,
           twinlock_config_set_text(config, TWINLOCK_OPT_JWT_KEY_PEM, LITERAL(P256_PKCS8)));
    set_text(config, TWINLOCK_OPT_JWT_ALGORITHM, "ES256");
    EXPECT(TWINLOCK_E_JWT_KEY_MALFORMED, twinlock_config_set_text(config, TWINLOCK_OPT_JWT_KEY_PEM, LITERAL("x")));
    EXPECT(TWINLOCK_E_JWT_KEY_MALFORMED, twinlock_config_set_text(config, TWINLOCK_OPT_JWT_KEY_JWK, LITERAL("{}")));
    set_text(config, TWINLOCK_OPT_JWT_KEY_PEM, P256_PKCS8);
    signer = build(config);
    EXPECT(TWINLOCK_OK, twinlock_engine_begin_sign_in(signer, SUBJECT, NONE, LITERAL("pwd"), NOW, NONE, NOW,
                                                      &pending));
    EXPECT(TWINLOCK_OK, twinlock_pending_commit(pending, 0));
    proof = pending_proof(pending);
    twinlock_pending_free(pending);
    EXPECT(TWINLOCK_OK, twinlock_engine_mint_access(signer, &proof, NONE, NOW, &tokens));
    access = token_text(tokens, TWINLOCK_FIELD_ACCESS);
    twinlock_tokens_free(tokens);
    EXPECT(TWINLOCK_OK, twinlock_engine_jwks(signer, INTO(jwks)));
    CHECK(text_has(&jwks, "\"P-256\"") && !text_has(&jwks, "\"d\""));

    config = new_config(KEY);
    set_text(config, TWINLOCK_OPT_JWT_ALGORITHM, "ES256");
    set_text(config, TWINLOCK_OPT_JWT_KEY_PEM, P256_PUBLIC);
    EXPECT(TWINLOCK_E_JWT_KEY_VERIFY_ONLY, twinlock_engine_new(&config, &verifier));
    twinlock_config_free(config);
    config = new_config(KEY);
    set_text(config, TWINLOCK_OPT_JWT_KEY, "a key of HS256 that has 32 bytes");
    set_text(config, TWINLOCK_OPT_JWT_ALGORITHM, "ES256");
    set_text(config, TWINLOCK_OPT_JWT_KEY_PEM, P256_PUBLIC);
    verifier = build(config);
    EXPECT(TWINLOCK_OK, twinlock_engine_verify(verifier, TEXT(access), TWINLOCK_TOKEN_ACCESS, NOW, INTO(claims)));
    CHECK(text_has(&claims, "\"sub\":\"42\""));
    twinlock_engine_free(verifier);
    twinlock_engine_free(signer);
}

/* What an engine says to a key as its only one. */
static int32_t key_outcome(const char *algorithm, const char *pem)
{
    twinlock_config *config = new_config(KEY);
    twinlock_engine *engine = NULL;
    int32_t status;
    set_text(config, TWINLOCK_OPT_JWT_ALGORITHM, algorithm);
    status = twinlock_config_set_text(config, TWINLOCK_OPT_JWT_KEY_PEM, pem, strlen(pem));
    if (status == TWINLOCK_OK) status = twinlock_engine_new(&config, &engine);
    twinlock_config_free(config);
    twinlock_engine_free(engine);
    return status;
}

static void key_files_are_taken_and_refused_as_elsewhere(void)
{
    static const char *const cases[][4] = {KEYS_VECTORS};
    size_t at;
    for (at = 0; at < sizeof cases / sizeof *cases; at++) {
        text_t name;
        EXPECT(TWINLOCK_OK, twinlock_status_name(key_outcome(cases[at][1], cases[at][3]), INTO(name)));
        expect(text_is(&name, cases[at][2]), 1, cases[at][0], __FILE__, __LINE__);
    }
    CHECK(at == 22);
}

int main(void)
{
    a_record_with_everything_in_it_opens();
    a_backup_code_is_kept_as_elsewhere();
    a_session_goes_on();
    envelopes_open();
    keys_come_from_pem();
    key_files_are_taken_and_refused_as_elsewhere();
    return 0;
}
