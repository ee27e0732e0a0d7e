/* The actor in C. python/tests/support/languages/cast.py says what lines come in and go out. */
#include "results.h"

static int32_t begin_enrollment(twinlock_pending **pending)
{
    return twinlock_engine_begin_enrollment_with(USER, ARGUMENT("account"), ARGUMENT("name"), device_kind(), 0, 0, 0,
                                                 NOW);
}

static int32_t confirm_enrollment(twinlock_pending **pending)
{
    return twinlock_engine_confirm_enrollment(USER, ARGUMENT("code"), NOW);
}

static int32_t add_device(twinlock_pending **pending)
{
    return twinlock_engine_add_device(USER, ANSWER, ARGUMENT("account"), ARGUMENT("name"), device_kind(), 0, 0, 0,
                                      NOW);
}

static int32_t rename_device(twinlock_pending **pending)
{
    return twinlock_engine_rename_device(USER, ARGUMENT("device_id"), ARGUMENT("name"), NOW);
}

static int32_t remove_device(twinlock_pending **pending)
{
    return twinlock_engine_remove_device(USER, ARGUMENT("device_id"), ANSWER, NOW);
}

static int32_t resync_device(twinlock_pending **pending)
{
    return twinlock_engine_resync_device(USER, ARGUMENT("device_id"), ARGUMENT("first"), ARGUMENT("second"), NOW);
}

static int32_t import_device(twinlock_pending **pending)
{
    return twinlock_engine_import_device(USER, ARGUMENT("name"), ARGUMENT("secret"), TWINLOCK_DEVICE_TOTP,
                                         TWINLOCK_ALGORITHM_SHA1, 6, 30, 0, -1, NOW);
}

static int32_t import_backup_codes(twinlock_pending **pending)
{
    char lines[1024] = "", *space;
    strncat(lines, argument("codes"), sizeof lines - 1);
    while ((space = strchr(lines, ' ')) != NULL) *space = '\n';
    return twinlock_engine_import_backup_codes(USER, ARGUMENT("scheme"), lines, strlen(lines), NULL, 0, NOW);
}

static int32_t begin_sign_in(twinlock_pending **pending)
{
    return twinlock_engine_begin_sign_in_on_device(USER, "pwd", 3, scene.now, ARGUMENT("binding"),
                                                   ARGUMENT("trust_token"), NOW);
}

static int32_t finish_sign_in(twinlock_pending **pending)
{
    return twinlock_engine_finish_sign_in(PRESENTED, ANSWER, NOW);
}

/* What is to be stored of the session is told also where the answer is no: nothing then. */
static int32_t finish_with_session(twinlock_pending **pending)
{
    text_t id, state;
    int32_t status = finish_sign_in(pending);
    if (status != TWINLOCK_OK) return status;
    must(twinlock_engine_with_session(scene.engine, *pending, NULL, 0, scene.now));
    READ(id, twinlock_pending_session(*pending, TWINLOCK_FIELD_SESSION, OUT(id)));
    READ(state, twinlock_pending_session(*pending, TWINLOCK_FIELD_SESSION_STATE, OUT(state)));
    if (*id.data == 0) return TWINLOCK_OK;
    begin("session");
    tell("id", id.data);
    tell("state", state.data);
    end();
    return TWINLOCK_OK;
}

static int32_t finish_for_enrollment(twinlock_pending **pending)
{
    return twinlock_engine_finish_for_enrollment(PRESENTED, ANSWER, NOW);
}

static int32_t send_code(twinlock_pending **pending)
{
    return twinlock_engine_send_code(PRESENTED, NOW);
}

static int32_t set_method(twinlock_pending **pending)
{
    return twinlock_engine_set_method(USER, ANSWER, ARGUMENT("method"), NOW);
}

static int32_t step_up(twinlock_pending **pending)
{
    return twinlock_engine_step_up(USER, ANSWER, ARGUMENT("purpose"), ARGUMENT("session"), NOW);
}

static int32_t revoke_trusted_device(twinlock_pending **pending)
{
    return twinlock_engine_revoke_trusted_device(USER, ARGUMENT("trust_id"), NOW);
}

static int32_t revoke_all_trusted_devices(twinlock_pending **pending)
{
    return twinlock_engine_revoke_all_trusted_devices(USER, NOW);
}

static int32_t disable(twinlock_pending **pending)
{
    return twinlock_engine_disable(USER, ANSWER, NOW);
}

static int32_t regenerate_backup_codes(twinlock_pending **pending)
{
    return twinlock_engine_regenerate_backup_codes(USER, ANSWER, NOW);
}

static int32_t admin_regenerate_backup_codes(twinlock_pending **pending)
{
    return twinlock_engine_admin_regenerate_backup_codes(USER, NOW);
}

static int32_t unlock(twinlock_pending **pending)
{
    return twinlock_engine_unlock(USER, NOW);
}

static int32_t admin_reset(twinlock_pending **pending)
{
    return twinlock_engine_admin_reset(USER, NOW);
}

static int32_t bump_epoch(twinlock_pending **pending)
{
    return twinlock_engine_bump_epoch(USER, NOW);
}

static const struct {
    const char *name;
    call_t *call;
    tell_t *tell_result;
} changes[] = {
    {"begin_enrollment", begin_enrollment, tell_setup},
    {"confirm_enrollment", confirm_enrollment, tell_enrolled},
    {"add_device", add_device, tell_setup},
    {"rename_device", rename_device, NULL},
    {"remove_device", remove_device, tell_removed},
    {"resync_device", resync_device, NULL},
    {"import_device", import_device, tell_device},
    {"import_backup_codes", import_backup_codes, NULL},
    {"begin_sign_in", begin_sign_in, tell_sign_in},
    {"finish_sign_in", finish_sign_in, tell_finished},
    {"finish_with_session", finish_with_session, tell_signed_in},
    {"finish_for_enrollment", finish_for_enrollment, tell_opened},
    {"send_code", send_code, tell_sent},
    {"set_method", set_method, NULL},
    {"step_up", step_up, tell_proven},
    {"revoke_trusted_device", revoke_trusted_device, NULL},
    {"revoke_trusted_devices", revoke_all_trusted_devices, NULL},
    {"disable", disable, NULL},
    {"regenerate_backup_codes", regenerate_backup_codes, tell_codes},
    {"admin_regenerate_backup_codes", admin_regenerate_backup_codes, tell_codes},
    {"unlock", unlock, NULL},
    {"admin_reset", admin_reset, NULL},
    {"bump_epoch", bump_epoch, NULL},
};

/* ---- calls without a verdict ---- */

static int32_t check_enrollment(void)
{
    text_t text;
    size_t length = 0;
    int32_t status = twinlock_engine_check_enrollment(scene.engine, ARGUMENT("token"), RECORD, scene.now, OUT(text));
    if (status != TWINLOCK_OK) return status;
    text.data[length] = 0;
    tell("subject", text.data);
    return TWINLOCK_OK;
}

static int32_t require_step_up(void)
{
    return twinlock_engine_require_step_up(scene.engine, ARGUMENT("token"), ARGUMENT("purpose"), 0, scene.now);
}

static int32_t is_trusted(void)
{
    int32_t status = twinlock_engine_is_trusted(USER, ARGUMENT("token"), scene.now);
    if (status != TWINLOCK_R_SECOND_FACTOR_REQUIRED) must(status);
    tell_json("trusted", status == TWINLOCK_OK ? "true" : "false");
    return TWINLOCK_OK;
}

static int32_t tell_status(void)
{
    text_t text;
    READ(text, twinlock_engine_status(USER, scene.now, OUT(text)));
    tell_json("status", text.data);
    return TWINLOCK_OK;
}

static int32_t verify(void)
{
    text_t text;
    size_t length = 0;
    int32_t status = twinlock_engine_verify(scene.engine, ARGUMENT("token"), token_kind(), scene.now, OUT(text));
    if (status != TWINLOCK_OK) return status;
    text.data[length] = 0;
    tell_json("claims", text.data);
    return TWINLOCK_OK;
}

static int32_t reseal(void)
{
    uint8_t record[TWINLOCK_RECORD_MAX];
    size_t length = 0;
    must(twinlock_engine_reseal(USER, record, sizeof record, &length));
    if (length > 0) memcpy(scene.record, record, scene.length = length);
    tell_json("resealed", length > 0 ? "true" : "false");
    return TWINLOCK_OK;
}

static int32_t refresh(void)
{
    twinlock_tokens *tokens = NULL;
    int32_t status = twinlock_engine_refresh(scene.engine, ARGUMENT("token"), RECORD, scene.now, &tokens);
    if (status == TWINLOCK_OK) tell_tokens(tokens, 0);
    twinlock_tokens_free(tokens);
    return status;
}

static int32_t refresh_sliding(void)
{
    twinlock_tokens *tokens = NULL;
    int32_t status = twinlock_engine_refresh_sliding(scene.engine, ARGUMENT("token"), RECORD, scene.now, &tokens);
    if (status == TWINLOCK_OK) tell_tokens(tokens, 0);
    twinlock_tokens_free(tokens);
    return status;
}

/* The state that is stored is the session's, not the record. */
static int32_t rotate(void)
{
    twinlock_pending *pending = NULL;
    text_t state;
    size_t length = 0;
    int32_t status;
    must(twinlock_engine_rotate(scene.engine, ARGUMENT("token"), ARGUMENT("state"), RECORD, scene.now, &pending));
    must(twinlock_pending_record(pending, (uint8_t *)state.data, sizeof state.data - 1, &length));
    state.data[length] = 0;
    tell("state", length > 0 ? state.data : argument("state"));
    status = twinlock_pending_commit(pending, length > 0 ? 1 : 0);
    if (status == TWINLOCK_OK) tell_rotated(pending);
    twinlock_pending_free(pending);
    return status;
}

static const struct {
    const char *name;
    int32_t (*call)(void);
} looks[] = {
    {"check_enrollment", check_enrollment},
    {"require_step_up", require_step_up},
    {"is_trusted", is_trusted},
    {"status", tell_status},
    {"verify", verify},
    {"reseal", reseal},
    {"refresh", refresh},
    {"refresh_sliding", refresh_sliding},
    {"rotate", rotate},
};

/* ---- the stage ---- */

static int32_t play(const char *call)
{
    size_t at;
    for (at = 0; at < sizeof changes / sizeof *changes; at++) {
        if (strcmp(changes[at].name, call) == 0) return settle(changes[at].call, changes[at].tell_result);
    }
    for (at = 0; at < sizeof looks / sizeof *looks; at++) {
        if (strcmp(looks[at].name, call) == 0) return looks[at].call();
    }
    give_up(call);
    return 0;
}

static void set_up(const char *call)
{
    const char *record = argument("record");
    unsigned byte = 0;
    facts[0] = 0;
    scene.retry_after = 0;
    scene.now = strtoll(argument("now"), NULL, 10);
    for (scene.length = 0; record[2 * scene.length] != 0; scene.length++) {
        if (scene.length == sizeof scene.record || sscanf(record + 2 * scene.length, "%2x", &byte) != 1) give_up(call);
        scene.record[scene.length] = (uint8_t)byte;
    }
}

static void answer(int32_t status)
{
    text_t name;
    size_t at;
    READ(name, twinlock_status_name(status, OUT(name)));
    printf("{\"verdict\":\"%s\",\"retry_after\":%" PRId64 ",\"facts\":{%s},\"record\":\"", name.data,
           scene.retry_after, facts);
    for (at = 0; at < scene.length; at++) printf("%02x", scene.record[at]);
    printf("\"}\n");
    fflush(stdout);
}

static void configure(void)
{
    static const struct {
        const char *name;
        int32_t option;
    } words[] = {
        {"keys", TWINLOCK_OPT_KEYS},
        {"fallback", TWINLOCK_OPT_FALLBACK},
        {"sent_codes", TWINLOCK_OPT_SENT_CODES},
        {"opt_out", TWINLOCK_OPT_OPT_OUT},
    };
    twinlock_config *config = NULL;
    size_t at;
    must(twinlock_config_new(&config));
    must(twinlock_config_set_text(config, TWINLOCK_OPT_ISSUER, "Acme", 4));
    for (at = 0; at < sizeof words / sizeof *words; at++) {
        const char *word = argument(words[at].name);
        if (*word != 0) must(twinlock_config_set_text(config, words[at].option, word, strlen(word)));
    }
    must(twinlock_config_set_int(config, TWINLOCK_OPT_TRUSTED_DEVICES, strtoll(argument("trusted_devices"), NULL, 10)));
    twinlock_engine_free(scene.engine);
    scene.engine = NULL;
    must(twinlock_engine_new(&config, &scene.engine));
}

int main(void)
{
    while (fgets(said.line, sizeof said.line, stdin) != NULL) {
        const char *call = read_line();
        if (strcmp(call, "configure") == 0) {
            configure();
            continue;
        }
        set_up(call);
        answer(play(call));
    }
    twinlock_engine_free(scene.engine);
    return 0;
}
