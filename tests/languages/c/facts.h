/* What calls gave, written as JSON; and the line that came in. */
#ifndef ACTOR_FACTS_H
#define ACTOR_FACTS_H

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <twinlock.h>

#define LINE_MAX_BYTES 65536
#define ARGUMENTS_MAX 32
/* A text argument of the line as a call takes it. */
#define ARGUMENT(name) argument(name), strlen(argument(name))

static struct {
    char line[LINE_MAX_BYTES];
    const char *names[ARGUMENTS_MAX];
    const char *values[ARGUMENTS_MAX];
    size_t count;
} said;

/* The facts of the answer, as JSON without its braces. */
static char facts[LINE_MAX_BYTES];

static void give_up(const char *why)
{
    fprintf(stderr, "actor.c: %s\n", why);
    exit(1);
}

static void must(int32_t status)
{
    if (status != TWINLOCK_OK) give_up("a call failed that cannot");
}

/* Takes the line apart and gives the call's name. */
static const char *read_line(void)
{
    char *call, *word, *value;
    said.line[strcspn(said.line, "\n")] = 0;
    said.count = 0;
    call = strtok(said.line, "\t");
    while ((word = strtok(NULL, "\t")) != NULL) {
        value = strchr(word, '=');
        if (value == NULL || said.count == ARGUMENTS_MAX) give_up("an argument that cannot be read");
        *value = 0;
        said.names[said.count] = word;
        said.values[said.count++] = value + 1;
    }
    return call == NULL ? "" : call;
}

static const char *argument(const char *name)
{
    size_t at;
    for (at = 0; at < said.count; at++) {
        if (strcmp(said.names[at], name) == 0) return said.values[at];
    }
    return "";
}

static void add(const char *text)
{
    if (strlen(facts) + strlen(text) >= sizeof facts) give_up("too many facts");
    strcat(facts, text);
}

/* A name, with a comma in front unless it is the first of its object. */
static void name_fact(const char *name)
{
    size_t length = strlen(facts);
    if (length > 0 && facts[length - 1] != '{') add(",");
    add("\""), add(name), add("\":");
}

static void add_quoted(const char *text)
{
    char piece[3] = {'\\', 0, 0};
    add("\"");
    for (; *text != 0; text++) {
        piece[1] = *text;
        add(*text == '"' || *text == '\\' ? piece : piece + 1);
    }
    add("\"");
}

static void tell(const char *name, const char *text)
{
    name_fact(name);
    add_quoted(text);
}

static void tell_json(const char *name, const char *json)
{
    name_fact(name);
    add(json);
}

static void tell_number(const char *name, int64_t number)
{
    char text[32];
    snprintf(text, sizeof text, "%" PRId64, number);
    tell_json(name, text);
}

static void begin(const char *name)
{
    tell_json(name, "{");
}

static void end(void)
{
    add("}");
}

/* What the library wrote, with a NUL behind it. */

typedef struct {
    char data[8192];
} text_t;

#define OUT(text) (text).data, sizeof (text).data - 1, &length
#define READ(text, call_with_out) \
    do { \
        size_t length = 0; \
        must(call_with_out); \
        (text).data[length] = 0; \
    } while (0)

static void tell_pending(const twinlock_pending *pending, const char *name, int32_t field)
{
    text_t text;
    READ(text, twinlock_pending_text(pending, field, 0, OUT(text)));
    tell(name, text.data);
}

static int64_t pending_number(const twinlock_pending *pending, int32_t field)
{
    int64_t number = 0;
    must(twinlock_pending_int(pending, field, &number));
    return number;
}

static void tell_pending_time(const twinlock_pending *pending)
{
    tell_number("expires_at", pending_number(pending, TWINLOCK_FIELD_EXPIRES_AT));
}

static void tell_pending_list(const twinlock_pending *pending, const char *name, int32_t field)
{
    size_t count = 0, at;
    text_t text;
    must(twinlock_pending_count(pending, field, &count));
    tell_json(name, "[");
    for (at = 0; at < count; at++) {
        READ(text, twinlock_pending_text(pending, field, at, OUT(text)));
        if (at > 0) add(",");
        add_quoted(text.data);
    }
    add("]");
}

/* A text of a proof, or null. */
static void tell_proof_text(const twinlock_proof *proof, const char *name, int32_t field)
{
    size_t count = 0;
    text_t text;
    must(twinlock_proof_count(proof, field, &count));
    if (count == 0) {
        tell_json(name, "null");
        return;
    }
    READ(text, twinlock_proof_text(proof, field, 0, OUT(text)));
    tell(name, text.data);
}

static void tell_proof(const twinlock_proof *proof)
{
    size_t count = 0, at;
    int64_t time = 0;
    text_t text;
    begin("proof");
    tell_proof_text(proof, "method", TWINLOCK_FIELD_METHOD);
    tell_proof_text(proof, "device_id", TWINLOCK_FIELD_DEVICE_ID);
    tell_proof_text(proof, "purpose", TWINLOCK_FIELD_PURPOSE);
    must(twinlock_proof_count(proof, TWINLOCK_FIELD_AMR, &count));
    tell_json("amr", "[");
    for (at = 0; at < count; at++) {
        READ(text, twinlock_proof_text(proof, TWINLOCK_FIELD_AMR, at, OUT(text)));
        if (at > 0) add(",");
        add_quoted(text.data);
    }
    add("]");
    must(twinlock_proof_int(proof, TWINLOCK_FIELD_AUTH_TIME, &time));
    tell_number("auth_time", time);
    end();
}

static void tell_token(const twinlock_tokens *tokens, const char *name, int32_t field)
{
    text_t text;
    READ(text, twinlock_tokens_text(tokens, field, OUT(text)));
    tell(name, text.data);
}

#endif
