/* Keys for JWTs as JWKs (RFC 7517), which say themselves what they are. */
#include "support.h"

#define JWK(option_config, json) \
    twinlock_config_set_text(option_config, TWINLOCK_OPT_JWT_KEY_JWK, (json), sizeof(json) - 1)
/* The key of RFC 8037 appendix A. */
#define ED25519_X "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"
#define PRIVATE "{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"d\":\"nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A\",\"x\":\"" \
                "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo\"}"
#define PUBLIC "{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo\"}"
#define OTHER_X "{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"d\":\"nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A\",\"x\":\"" \
                "I1qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo\"}"
#define SECRET "{\"kty\":\"oct\",\"alg\":\"HS512\",\"k\":\"" \
               "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8gISIjJCUmJygpKissLS4vMDEyMzQ1Njc4OTo7PD0-Pw\"}"
#define SHORT "{\"kty\":\"oct\",\"alg\":\"HS256\",\"k\":\"AAECAwQFBgc\"}"

static twinlock_engine *signing_with(const char *json)
{
    twinlock_config *config = new_config(KEY);
    set_text(config, TWINLOCK_OPT_JWT_ALGORITHM, "RS256"); /* says nothing about a JWK */
    set_text(config, TWINLOCK_OPT_JWT_KEY_JWK, json);
    return build(config);
}

static text_t minted(twinlock_engine *engine)
{
    twinlock_pending *pending = NULL;
    twinlock_proof *proof;
    twinlock_tokens *tokens = NULL;
    text_t access;
    EXPECT(TWINLOCK_OK, twinlock_engine_begin_sign_in(engine, SUBJECT, NONE, LITERAL("pwd"), NOW, NONE, NOW, &pending));
    EXPECT(TWINLOCK_OK, twinlock_pending_commit(pending, 0));
    proof = pending_proof(pending);
    twinlock_pending_free(pending);
    EXPECT(TWINLOCK_OK, twinlock_engine_mint_access(engine, &proof, NONE, NOW, &tokens));
    access = token_text(tokens, TWINLOCK_FIELD_ACCESS);
    twinlock_tokens_free(tokens);
    return access;
}

static int32_t verified(twinlock_engine *engine, const text_t *token)
{
    text_t claims;
    return twinlock_engine_verify(engine, TEXT(*token), TWINLOCK_TOKEN_ACCESS, NOW, INTO(claims));
}

static void a_private_key_signs_and_its_public_half_verifies(void)
{
    twinlock_engine *signer = signing_with(PRIVATE), *verifier, *stranger = new_engine();
    twinlock_config *config = new_config(KEY);
    text_t token = minted(signer), set;
    EXPECT(TWINLOCK_OK, twinlock_engine_jwks(signer, INTO(set)));
    CHECK(text_has(&set, ED25519_X) && text_has(&set, "\"EdDSA\"") && !text_has(&set, "\"d\""));
    EXPECT(TWINLOCK_OK, JWK(config, SECRET));
    EXPECT(TWINLOCK_OK, JWK(config, PUBLIC));
    verifier = build(config);
    EXPECT(TWINLOCK_OK, verified(signer, &token));
    EXPECT(TWINLOCK_OK, verified(verifier, &token));
    EXPECT(TWINLOCK_R_TOKEN_INVALID, verified(stranger, &token));
    token = minted(verifier); /* with the first key, which is the secret */
    EXPECT(TWINLOCK_OK, verified(verifier, &token));
    EXPECT(TWINLOCK_R_TOKEN_INVALID, verified(signer, &token));
    twinlock_engine_free(signer);
    twinlock_engine_free(verifier);
    twinlock_engine_free(stranger);
}

static void a_secret_is_never_published(void)
{
    twinlock_engine *engine = signing_with(SECRET);
    text_t token = minted(engine), set;
    EXPECT(TWINLOCK_OK, verified(engine, &token));
    CHECK(text_has(&token, "."));
    EXPECT(TWINLOCK_OK, twinlock_engine_jwks(engine, INTO(set)));
    CHECK(text_is(&set, "{\"keys\":[]}"));
    twinlock_engine_free(engine);
}

static void what_is_no_good_key_is_told_at_once(void)
{
    twinlock_config *config = new_config(KEY);
    twinlock_engine *engine = NULL;
    EXPECT(TWINLOCK_E_JWT_KEY_MALFORMED, JWK(config, ""));
    EXPECT(TWINLOCK_E_JWT_KEY_MALFORMED, JWK(config, "[]"));
    EXPECT(TWINLOCK_E_JWT_KEY_MALFORMED, JWK(config, OTHER_X));
    EXPECT(TWINLOCK_E_JWT_KEY_WEAK, JWK(config, SHORT));
    EXPECT(TWINLOCK_E_JWT_ALGORITHM_UNKNOWN, JWK(config, "{\"kty\":\"oct\",\"alg\":\"none\",\"k\":\"AAECAwQFBgc\"}"));
    EXPECT(TWINLOCK_E_JWT_ALGORITHM_UNKNOWN, JWK(config, "{\"kty\":\"oct\",\"k\":\"AAECAwQFBgc\"}"));
    EXPECT(TWINLOCK_E_OPTION_UNKNOWN,
           twinlock_config_set_bytes(config, TWINLOCK_OPT_JWT_KEY_JWK, (const uint8_t *)PUBLIC, sizeof PUBLIC - 1));
    EXPECT(TWINLOCK_OK, JWK(config, PUBLIC));
    EXPECT(TWINLOCK_E_JWT_KEY_VERIFY_ONLY, twinlock_engine_new(&config, &engine));
    CHECK(config != NULL && engine == NULL);
    twinlock_config_free(config);
}

int main(void)
{
    a_private_key_signs_and_its_public_half_verifies();
    a_secret_is_never_published();
    what_is_no_good_key_is_told_at_once();
    return 0;
}
