/* The call in hand: who plays it, its arguments, and how its verdict is stored. */
#ifndef ACTOR_SCENE_H
#define ACTOR_SCENE_H

#include "facts.h"

/* Who plays, with what is stored. */
static struct {
    twinlock_engine *engine;
    uint8_t record[TWINLOCK_RECORD_MAX];
    size_t length;
    int64_t now;
    int64_t retry_after;
    twinlock_proof *proof;
} scene;

#define RECORD scene.record, scene.length
#define USER scene.engine, ARGUMENT("subject"), RECORD
#define PRESENTED scene.engine, RECORD, ARGUMENT("challenge"), ARGUMENT("binding")
#define ANSWER answer_kind(), answer_text(), strlen(answer_text())
#define NOW scene.now, pending

static int32_t number_of(const char *const *names, int32_t first, const char *name)
{
    int32_t at;
    for (at = 0; names[at] != NULL; at++) {
        if (strcmp(names[at], name) == 0) return first + at;
    }
    give_up("a word that is not known");
    return 0;
}

static int32_t answer_kind(void)
{
    static const char *const kinds[] = {"", "otp", "backup", "any", "sent", "step_up", NULL};
    char kind[16] = "";
    const char *answer = argument("answer"), *colon = strchr(answer, ':');
    if (colon != NULL && (size_t)(colon - answer) < sizeof kind) memcpy(kind, answer, (size_t)(colon - answer));
    return number_of(kinds, TWINLOCK_ANSWER_NONE, kind);
}

static const char *answer_text(void)
{
    const char *colon = strchr(argument("answer"), ':');
    return colon == NULL ? "" : colon + 1;
}

static int32_t device_kind(void)
{
    static const char *const kinds[] = {"totp", "hotp", "steam", NULL};
    return *argument("kind") == 0 ? TWINLOCK_DEVICE_TOTP : number_of(kinds, TWINLOCK_DEVICE_TOTP, argument("kind"));
}

static int32_t token_kind(void)
{
    static const char *const kinds[] = {"access", "refresh", "sliding", NULL};
    return number_of(kinds, TWINLOCK_TOKEN_ACCESS, argument("kind"));
}

typedef int32_t call_t(twinlock_pending **pending);
typedef int32_t tell_t(twinlock_pending *pending);

static int32_t settle(call_t *call, tell_t *tell_result)
{
    twinlock_pending *pending = NULL;
    uint8_t record[TWINLOCK_RECORD_MAX];
    size_t length = 0;
    int32_t status = call(&pending);
    if (status != TWINLOCK_OK) return status;
    must(twinlock_pending_record(pending, record, sizeof record, &length));
    if (length > 0) memcpy(scene.record, record, scene.length = length);
    status = twinlock_pending_commit(pending, length > 0 ? 1 : 0);
    must(twinlock_pending_retry_after(pending, &scene.retry_after));
    if (status == TWINLOCK_OK && tell_result != NULL) status = tell_result(pending);
    twinlock_pending_free(pending);
    return status;
}

#endif
