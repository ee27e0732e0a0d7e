/* What the generated program of call sequences is made of: a tape of bytes that chooses, texts that are worth passing,
   what calls gave, and handles of each kind. Every input and output is a block of its own, so that a sanitizer sees
   whoever leaves it. Included after vectors.h. */
#ifndef TWINLOCK_TEST_SEQUENCE_WORLD_H
#define TWINLOCK_TEST_SEQUENCE_WORLD_H

#include "support.h"

#define SLOTS 3
#define GIVEN 8
#define BLOCKS 16
#define MOST_ROOM 5000

/* Texts under the keys of the record that RECORD_ENROLLED_RECORD is. */
static const char *const texts[] = {
    RECORD_SUBJECT, RECORD_KEYS, RECORD_FULL_OLD_KEYS, RECORD_SECRET, RECORD_CODE, RECORD_URI, RECORD_FULL_CHALLENGE,
    RECORD_FULL_TRUST_TOKEN, RECORD_FULL_SUBJECT, SESSION_ACCESS, SESSION_REFRESH, SESSION_SLIDING, SESSION_FAMILY,
    SESSION_ROTATED_REFRESH, SESSION_ROTATED_FAMILY, P256_PKCS8, P256_PUBLIC, "ES256", "HS256", "Acme", "pwd", "email",
    "transfer", "Telefon", "{\"tenant\":7}", "{}", "sign_in", "otp", "sent", "off", "1234-5678", "12345678\n87654321",
    "a secret that has sixty-four bytes, which is enough for any hash", "0123456",
};
#define TEXTS (sizeof texts / sizeof *texts)

typedef struct {
    void *data;
    size_t length, capacity;
} block_t;

typedef struct {
    twinlock_config *config[SLOTS];
    twinlock_engine *engine[SLOTS];
    twinlock_pending *pending[SLOTS];
    twinlock_proof *proof[SLOTS];
    twinlock_tokens *tokens[SLOTS];
    twinlock_otpauth *otpauth[SLOTS];
} handles_t;

static struct {
    uint8_t data[TWINLOCK_RECORD_MAX];
    size_t length;
} records[2];
static const uint8_t *tape;
static size_t left;
static block_t given[GIVEN], blocks[BLOCKS];
static size_t next_given, used;
static handles_t handles;

static uint8_t draw(void)
{
    if (left == 0) return 0;
    left--;
    return *tape++;
}

static size_t slot(void)
{
    return draw() % SLOTS;
}

static block_t *block(size_t capacity)
{
    block_t *fresh = &blocks[used];
    CHECK(used < BLOCKS);
    used++;
    fresh->data = malloc(capacity + (capacity == 0));
    fresh->length = fresh->capacity = capacity;
    CHECK(fresh->data != NULL);
    return fresh;
}

/* One of the texts, a record, what a call gave, or bytes of the tape. */
static block_t *input(void)
{
    size_t choice = draw(), length;
    block_t *in;
    if (choice < TEXTS) {
        in = block(strlen(texts[choice]));
        memcpy(in->data, texts[choice], in->length);
    } else if (choice < TEXTS + 8) {
        in = block(records[choice % 2].length);
        memcpy(in->data, records[choice % 2].data, in->length);
    } else if (choice < TEXTS + 8 + 10 * GIVEN) {
        const block_t *kept = &given[choice % GIVEN];
        in = block(kept->length);
        if (kept->length > 0) memcpy(in->data, kept->data, kept->length);
    } else {
        length = choice % 48 < left ? choice % 48 : left;
        in = block(length);
        if (length > 0) memcpy(in->data, tape, length);
        tape += length;
        left -= length;
    }
    return in;
}

static block_t *output(void)
{
    size_t choice = draw();
    block_t *out = block(choice < 224 ? MOST_ROOM : choice - 224);
    memset(out->data, 0xA5, out->capacity);
    return out;
}

static int64_t number(void)
{
    static const int64_t numbers[] = {RECORD_NOW, RECORD_NOW + 30, RECORD_NOW + 90, 0, 1, 2, 3, 6, 8, 30, -1, INT64_MAX};
    size_t choice = draw();
    return choice < 8 * sizeof numbers / sizeof *numbers ? numbers[choice / 8] : (int64_t)(choice % 40);
}

/* What a call gave may be passed on, and says how much of it there is only if the call went well. */
static void keep(const block_t *out, int32_t status)
{
    block_t *kept = &given[next_given];
    size_t at;
    if (status != TWINLOCK_OK) {
        for (at = 0; at < out->capacity; at++) CHECK(((const uint8_t *)out->data)[at] == 0xA5);
        return;
    }
    CHECK(out->length <= out->capacity);
    free(kept->data);
    kept->data = malloc(out->length + 1);
    memcpy(kept->data, out->data, out->length);
    kept->length = out->length;
    next_given = (next_given + 1) % GIVEN;
}

/* Statuses are those of the table, and no call panics. */
static void end_call(int32_t status)
{
    text_t name;
    CHECK(status != TWINLOCK_E_PANIC);
    EXPECT(TWINLOCK_OK, twinlock_status_name(status, INTO(name)));
    while (used > 0) free(blocks[--used].data);
}

static void begin(const uint8_t *data, size_t size)
{
    twinlock_config *config = new_config(RECORD_KEYS);
    if (records[0].length == 0) {
        records[0].length = unhex(RECORD_ENROLLED_RECORD, records[0].data);
        records[1].length = unhex(RECORD_FULL_RECORD, records[1].data);
    }
    tape = data;
    left = size;
    set_text(config, TWINLOCK_OPT_SENT_CODES, "sign_in");
    handles.engine[0] = build(config);
}

static void end(void)
{
    size_t at;
    for (at = 0; at < SLOTS; at++) {
        twinlock_config_free(handles.config[at]);
        twinlock_engine_free(handles.engine[at]);
        twinlock_pending_free(handles.pending[at]);
        twinlock_proof_free(handles.proof[at]);
        twinlock_tokens_free(handles.tokens[at]);
        twinlock_otpauth_free(handles.otpauth[at]);
    }
    for (at = 0; at < GIVEN; at++) free(given[at].data);
    memset(&handles, 0, sizeof handles);
    memset(given, 0, sizeof given);
}

#endif
