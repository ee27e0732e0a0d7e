/* What comes of each call. */
#ifndef ACTOR_RESULTS_H
#define ACTOR_RESULTS_H

#include "scene.h"

static int32_t tell_setup(twinlock_pending *pending)
{
    tell_pending(pending, "device_id", TWINLOCK_FIELD_DEVICE_ID);
    tell_pending(pending, "secret", TWINLOCK_FIELD_SECRET);
    tell_pending(pending, "uri", TWINLOCK_FIELD_URI);
    tell_pending_time(pending);
    return TWINLOCK_OK;
}

static int32_t tell_device(twinlock_pending *pending)
{
    tell_pending(pending, "device_id", TWINLOCK_FIELD_DEVICE_ID);
    return TWINLOCK_OK;
}

static int32_t tell_removed(twinlock_pending *pending)
{
    tell_json("last", pending_number(pending, TWINLOCK_FIELD_LAST_DEVICE) == 1 ? "true" : "false");
    return TWINLOCK_OK;
}

static int32_t tell_codes(twinlock_pending *pending)
{
    tell_pending_list(pending, "backup_codes", TWINLOCK_FIELD_BACKUP_CODE);
    return TWINLOCK_OK;
}

static int32_t tell_opened(twinlock_pending *pending)
{
    tell_pending(pending, "enrollment_token", TWINLOCK_FIELD_ENROLLMENT_TOKEN);
    tell_pending_time(pending);
    return TWINLOCK_OK;
}

static int32_t tell_sent(twinlock_pending *pending)
{
    tell_pending(pending, "sent_code", TWINLOCK_FIELD_SENT_CODE);
    tell_pending_time(pending);
    return TWINLOCK_OK;
}

static int32_t tell_trust(twinlock_pending *pending)
{
    begin("trust");
    tell_pending(pending, "id", TWINLOCK_FIELD_TRUST_ID);
    tell_pending(pending, "token", TWINLOCK_FIELD_TRUST_TOKEN);
    tell_pending_time(pending);
    end();
    return TWINLOCK_OK;
}

/* The tokens that come with a state of their session. */
static void tell_rotated(const twinlock_pending *pending)
{
    begin("tokens");
    tell_pending(pending, "access", TWINLOCK_FIELD_ACCESS);
    tell_number("access_expires_at", pending_number(pending, TWINLOCK_FIELD_ACCESS_EXPIRES_AT));
    tell_pending(pending, "refresh", TWINLOCK_FIELD_REFRESH);
    tell_number("refresh_expires_at", pending_number(pending, TWINLOCK_FIELD_REFRESH_EXPIRES_AT));
    end();
}

static int32_t tell_signed_in(twinlock_pending *pending)
{
    tell_pending(pending, "method", TWINLOCK_FIELD_METHOD);
    tell_rotated(pending);
    return TWINLOCK_OK;
}

static void tell_tokens(const twinlock_tokens *tokens, int with_refresh)
{
    int64_t time = 0;
    begin("tokens");
    tell_token(tokens, "access", TWINLOCK_FIELD_ACCESS);
    must(twinlock_tokens_int(tokens, TWINLOCK_FIELD_ACCESS_EXPIRES_AT, &time));
    tell_number("access_expires_at", time);
    if (with_refresh) {
        tell_token(tokens, "refresh", TWINLOCK_FIELD_REFRESH);
        must(twinlock_tokens_int(tokens, TWINLOCK_FIELD_REFRESH_EXPIRES_AT, &time));
        tell_number("refresh_expires_at", time);
    }
    end();
}

/* What the proof says, and the tokens that it is good for. */
static int32_t grant(void)
{
    static const char *const grants[] = {"", "access", "sliding", "session", NULL};
    int32_t (*const calls[])(const twinlock_engine *, twinlock_proof **, const char *, size_t, int64_t,
                             twinlock_tokens **) = {
        twinlock_engine_mint, twinlock_engine_mint_access, twinlock_engine_mint_sliding,
        twinlock_engine_begin_session,
    };
    int32_t kind = number_of(grants, 0, argument("grant")), status;
    twinlock_tokens *tokens = NULL;
    size_t before = strlen(facts);
    tell_proof(scene.proof);
    status = calls[kind](scene.engine, &scene.proof, NULL, 0, scene.now, &tokens);
    if (status == TWINLOCK_OK) {
        tell_tokens(tokens, kind == 0 || kind == 3);
    } else {
        facts[before] = 0;
    }
    if (status == TWINLOCK_OK && kind == 3) {
        begin("session");
        tell_token(tokens, "id", TWINLOCK_FIELD_SESSION);
        tell_token(tokens, "state", TWINLOCK_FIELD_SESSION_STATE);
        end();
    }
    twinlock_proof_free(scene.proof);
    scene.proof = NULL;
    twinlock_tokens_free(tokens);
    return status;
}

static int32_t tell_proven(twinlock_pending *pending)
{
    must(twinlock_pending_proof(pending, &scene.proof));
    return grant();
}

static int32_t trust_device(twinlock_pending **pending)
{
    return twinlock_engine_trust_device(USER, scene.proof, ARGUMENT("trust"), NOW);
}

static int32_t tell_finished(twinlock_pending *pending)
{
    must(twinlock_pending_proof(pending, &scene.proof));
    if (*argument("trust") != 0) must(settle(trust_device, tell_trust));
    return grant();
}

static int32_t tell_enrolled(twinlock_pending *pending)
{
    tell_device(pending);
    tell_codes(pending);
    return tell_proven(pending);
}

static int32_t tell_sign_in(twinlock_pending *pending)
{
    static const char *const outcomes[] = {"not_required", "challenge", "send", "trusted", "enroll_only"};
    int64_t outcome = pending_number(pending, TWINLOCK_FIELD_SIGN_IN);
    tell("outcome", outcomes[outcome]);
    switch (outcome) {
    case TWINLOCK_SIGN_IN_ENROLL_ONLY: return tell_opened(pending);
    case TWINLOCK_SIGN_IN_NOT_REQUIRED: return tell_proven(pending);
    case TWINLOCK_SIGN_IN_TRUSTED: tell_trust(pending); return tell_proven(pending);
    case TWINLOCK_SIGN_IN_SEND: tell_pending(pending, "sent_code", TWINLOCK_FIELD_SENT_CODE); break;
    default: break;
    }
    tell_pending(pending, "challenge", TWINLOCK_FIELD_CHALLENGE);
    tell_pending_list(pending, "methods", TWINLOCK_FIELD_METHOD);
    tell("gives", pending_number(pending, TWINLOCK_FIELD_GIVES) == TWINLOCK_GIVES_SIGN_IN ? "sign_in" : "enrollment");
    tell_pending_time(pending);
    return TWINLOCK_OK;
}

#endif
