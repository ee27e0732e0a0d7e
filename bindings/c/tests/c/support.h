/* What the C tests share: checks that name their line, an engine, one user's row, an authenticator. */
#ifndef TWINLOCK_TEST_SUPPORT_H
#define TWINLOCK_TEST_SUPPORT_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <twinlock.h>

#define NOW INT64_C(1800000000)
#define SUBJECT "42", 2
#define NONE NULL, 0
#define KEY "tlk1_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8"
#define NEW_KEY "tlk1_ICEiIyQlJicoKSorLC0uLzAxMjM0NTY3ODk6Ozw9Pj8"
/* An input: a literal, a text_t, the record of a row. */
#define LITERAL(text) (text), sizeof(text) - 1
#define TEXT(text) (text).data, (text).length
#define ROW(row) (row)->record, (row)->length
/* An output into a text_t. */
#define INTO(text) (text).data, sizeof (text).data, &(text).length

/* The call ends with the status. */
#define EXPECT(status, call) expect((call), (status), #call, __FILE__, __LINE__)
/* The condition holds. */
#define CHECK(condition) expect((condition) ? 1 : 0, 1, #condition, __FILE__, __LINE__)

typedef struct {
    char data[4096];
    size_t length;
} text_t;

typedef struct {
    uint8_t record[TWINLOCK_RECORD_MAX];
    size_t length;
    int version;
} row_t;

static inline void expect(int32_t got, int32_t wanted, const char *what, const char *file, int line)
{
    if (got != wanted) {
        fprintf(stderr, "%s:%d: %s: %d, not %d\n", file, line, what, (int)got, (int)wanted);
        exit(1);
    }
}

static inline void set_text(twinlock_config *config, int32_t option, const char *value)
{
    EXPECT(TWINLOCK_OK, twinlock_config_set_text(config, option, value, strlen(value)));
}

static inline twinlock_config *new_config(const char *keys)
{
    twinlock_config *config = NULL;
    EXPECT(TWINLOCK_OK, twinlock_config_new(&config));
    set_text(config, TWINLOCK_OPT_ISSUER, "Acme");
    set_text(config, TWINLOCK_OPT_KEYS, keys);
    return config;
}

#ifdef SHARED_ENGINES
/* threads.c runs the programs in many threads at once, on the same engines. */
int32_t shared_engine_new(twinlock_config **config, twinlock_engine **engine);
void shared_engine_free(twinlock_engine *engine);
#define twinlock_engine_new shared_engine_new
#define twinlock_engine_free shared_engine_free
#endif

static inline twinlock_engine *build(twinlock_config *config)
{
    twinlock_engine *engine = NULL;
    EXPECT(TWINLOCK_OK, twinlock_engine_new(&config, &engine));
    CHECK(config == NULL && engine != NULL);
    return engine;
}

static inline twinlock_engine *new_engine(void)
{
    return build(new_config(KEY));
}

/* The conditional write, and the commit that it is for. */
static inline int32_t store(row_t *row, twinlock_pending *pending)
{
    row_t next = *row;
    EXPECT(TWINLOCK_OK, twinlock_pending_record(pending, next.record, sizeof next.record, &next.length));
    if (next.length > 0) {
        next.version++;
        *row = next;
    }
    return twinlock_pending_commit(pending, next.length > 0 ? 1 : 0);
}

/* Stores and commits a verdict that has nothing more to say. */
static inline int32_t settle(row_t *row, twinlock_pending *pending)
{
    int32_t status = store(row, pending);
    twinlock_pending_free(pending);
    return status;
}

static inline text_t pending_text(const twinlock_pending *pending, int32_t field, size_t index)
{
    text_t text;
    EXPECT(TWINLOCK_OK,
           twinlock_pending_text(pending, field, index, text.data, sizeof text.data, &text.length));
    return text;
}

static inline int64_t pending_int(const twinlock_pending *pending, int32_t field)
{
    int64_t number = -1;
    EXPECT(TWINLOCK_OK, twinlock_pending_int(pending, field, &number));
    return number;
}

static inline twinlock_proof *pending_proof(twinlock_pending *pending)
{
    twinlock_proof *proof = NULL;
    EXPECT(TWINLOCK_OK, twinlock_pending_proof(pending, &proof));
    return proof;
}

static inline text_t token_text(const twinlock_tokens *tokens, int32_t field)
{
    text_t text;
    EXPECT(TWINLOCK_OK, twinlock_tokens_text(tokens, field, INTO(text)));
    return text;
}

static inline text_t code_at(const text_t *secret, int64_t now)
{
    text_t code;
    EXPECT(TWINLOCK_OK, twinlock_totp_generate(secret->data, secret->length, TWINLOCK_ALGORITHM_SHA1, 6, 30,
                                               now, code.data, sizeof code.data, &code.length));
    return code;
}

static inline int text_is(const text_t *text, const char *wanted)
{
    return text->length == strlen(wanted) && memcmp(text->data, wanted, text->length) == 0;
}

static inline int text_equals(const text_t *text, const text_t *other)
{
    return text->length == other->length && memcmp(text->data, other->data, text->length) == 0;
}

static inline int text_has(const text_t *text, const char *part)
{
    size_t length = strlen(part), at;
    for (at = 0; at + length <= text->length; at++) {
        if (memcmp(text->data + at, part, length) == 0) return 1;
    }
    return 0;
}

/* Bytes in hexadecimal; gives how many. */
static inline size_t unhex(const char *text, uint8_t *out)
{
    size_t length = 0;
    for (; *text != 0; text += 2) {
        unsigned byte = 0;
        CHECK(sscanf(text, "%2x", &byte) == 1);
        out[length++] = (uint8_t)byte;
    }
    return length;
}

/* Enrolls and confirms at `now`; gives the secret, and the first backup code where one is asked for. */
static inline text_t enroll(twinlock_engine *engine, row_t *row, int64_t now, text_t *backup_code)
{
    twinlock_pending *pending = NULL;
    text_t secret, code;
    EXPECT(TWINLOCK_OK, twinlock_engine_begin_enrollment(engine, SUBJECT, row->record, row->length, "alice", 5,
                                                         NONE, now, &pending));
    EXPECT(TWINLOCK_OK, store(row, pending));
    secret = pending_text(pending, TWINLOCK_FIELD_SECRET, 0);
    twinlock_pending_free(pending);
    code = code_at(&secret, now);
    EXPECT(TWINLOCK_OK, twinlock_engine_confirm_enrollment(engine, SUBJECT, row->record, row->length, code.data,
                                                           code.length, now, &pending));
    EXPECT(TWINLOCK_OK, store(row, pending));
    if (backup_code != NULL) *backup_code = pending_text(pending, TWINLOCK_FIELD_BACKUP_CODE, 0);
    twinlock_pending_free(pending);
    return secret;
}

/* A passed first factor: the challenge. */
static inline text_t challenge(twinlock_engine *engine, row_t *row, int64_t now)
{
    twinlock_pending *pending = NULL;
    text_t token;
    EXPECT(TWINLOCK_OK, twinlock_engine_begin_sign_in(engine, SUBJECT, row->record, row->length, "pwd", 3, now,
                                                      NONE, now, &pending));
    EXPECT(TWINLOCK_OK, store(row, pending));
    CHECK(pending_int(pending, TWINLOCK_FIELD_SIGN_IN) == TWINLOCK_SIGN_IN_CHALLENGE);
    token = pending_text(pending, TWINLOCK_FIELD_CHALLENGE, 0);
    twinlock_pending_free(pending);
    return token;
}

/* An answer to a challenge: the pending verdict. */
static inline twinlock_pending *answer(twinlock_engine *engine, const row_t *row, const text_t *token, int32_t kind,
                                       const text_t *typed, int64_t now)
{
    twinlock_pending *pending = NULL;
    EXPECT(TWINLOCK_OK, twinlock_engine_finish_sign_in(engine, row->record, row->length, token->data, token->length,
                                                       NONE, kind, typed->data, typed->length, now, &pending));
    return pending;
}

/* Answers, stores, and gives the verdict. */
static inline int32_t verdict(twinlock_engine *engine, row_t *row, const text_t *token, int32_t kind,
                              const text_t *typed, int64_t now)
{
    twinlock_pending *pending = answer(engine, row, token, kind, typed, now);
    int32_t status = store(row, pending);
    twinlock_pending_free(pending);
    return status;
}

/* Signs in with a code of a device. */
static inline twinlock_proof *sign_in(twinlock_engine *engine, row_t *row, const text_t *code, int64_t now)
{
    text_t token = challenge(engine, row, now);
    twinlock_pending *pending = answer(engine, row, &token, TWINLOCK_ANSWER_OTP, code, now);
    twinlock_proof *proof;
    EXPECT(TWINLOCK_OK, store(row, pending));
    proof = pending_proof(pending);
    twinlock_pending_free(pending);
    return proof;
}

#endif
