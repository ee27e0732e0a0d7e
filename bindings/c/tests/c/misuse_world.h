/* What the generated calls pass: handles that live, handles that do not, and one byte of everything. */
#ifndef TWINLOCK_TEST_MISUSE_WORLD_H
#define TWINLOCK_TEST_MISUSE_WORLD_H

#include "support.h"

#define STEAM_URI "otpauth://steam/Steam:alice?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Steam"
/* The call ends with the status and writes nothing. */
#define REFUSED(wanted, call)                              \
    do {                                                   \
        int32_t got = (call);                              \
        expect(got, (wanted), #call, __FILE__, __LINE__);  \
        put_back(got, #call);                              \
    } while (0)
/* Both calls come to the same. */
#define SAME(call, other)                                  \
    do {                                                   \
        int32_t wanted = (call);                           \
        put_back(wanted, #call);                           \
        REFUSED(wanted, other);                            \
    } while (0)

/* Everything that is not a handle in a call is in here. */
static struct {
    char text[64];
    uint8_t bytes[64];
    size_t length;
    int64_t number;
    uint64_t step;
    size_t count;
} io, before;

typedef struct {
    twinlock_config *config;
    twinlock_engine *engine;
    twinlock_pending *pending;
    twinlock_proof *proof;
    twinlock_tokens *tokens;
    twinlock_otpauth *otpauth;
} handles_t;
static handles_t living, kept, dead;

static twinlock_pending *new_pending(void)
{
    twinlock_pending *pending = NULL;
    EXPECT(TWINLOCK_OK, twinlock_engine_begin_sign_in(living.engine, SUBJECT, NONE, "pwd", 3, NOW, NONE, NOW, &pending));
    EXPECT(TWINLOCK_OK, twinlock_pending_commit(pending, 0));
    return pending;
}

static twinlock_proof *new_proof(void)
{
    twinlock_pending *pending = new_pending();
    twinlock_proof *proof = pending_proof(pending);
    twinlock_pending_free(pending);
    return proof;
}

static handles_t new_handles(void)
{
    handles_t made = living;
    twinlock_proof *proof;
    EXPECT(TWINLOCK_OK, twinlock_config_new(&made.config));
    made.engine = living.engine = new_engine();
    made.pending = new_pending();
    made.proof = new_proof();
    proof = new_proof();
    EXPECT(TWINLOCK_OK, twinlock_engine_mint(made.engine, &proof, NONE, NOW, &made.tokens));
    EXPECT(TWINLOCK_OK, twinlock_otpauth_parse(LITERAL(STEAM_URI), &made.otpauth));
    return made;
}

static void free_handles(handles_t handles)
{
    twinlock_otpauth_free(handles.otpauth);
    twinlock_tokens_free(handles.tokens);
    twinlock_proof_free(handles.proof);
    twinlock_pending_free(handles.pending);
    twinlock_config_free(handles.config);
    twinlock_engine_free(handles.engine);
}

static void begin(void)
{
    memset(&io, '1', sizeof io);
    before = io;
    dead = new_handles();
    free_handles(dead);
    living = new_handles();
    kept = living;
}

static void end(void)
{
    free_handles(living);
}

static void nothing_was_written(const char *call)
{
    if (memcmp(&io, &before, sizeof io) != 0 || memcmp(&living, &kept, sizeof living) != 0) {
        fprintf(stderr, "%s wrote something\n", call);
        exit(1);
    }
}

/* Looks at what a call wrote, and makes everything as it was. */
static void put_back(int32_t status, const char *call)
{
    if (status == TWINLOCK_E_BUFFER_TOO_SMALL) io.length = before.length;
    if (status != TWINLOCK_OK) nothing_was_written(call);
    io = before;
    if (living.proof == NULL) living.proof = kept.proof = new_proof();
    if (living.pending != kept.pending) twinlock_pending_free(living.pending);
    if (living.tokens != kept.tokens) twinlock_tokens_free(living.tokens);
    if (living.otpauth != kept.otpauth) twinlock_otpauth_free(living.otpauth);
    living = kept;
}

#endif
