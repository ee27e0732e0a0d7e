// What calls gave, written as JSON.
#ifndef ACTOR_FACTS_HPP
#define ACTOR_FACTS_HPP

#include <optional>
#include <string>
#include <string_view>
#include <twinlock.hpp>
#include <vector>

namespace tl = twinlock;

inline std::string quoted(std::string_view text)
{
    std::string json = "\"";
    for (char character : text) {
        if (character == '"' || character == '\\') json += '\\';
        json += character;
    }
    return json + '"';
}

inline std::string quoted(const std::optional<std::string> &text)
{
    return text ? quoted(std::string_view(*text)) : "null";
}

template <class Number>
std::string written(const std::optional<Number> &number)
{
    return number ? std::to_string(*number) : "null";
}

template <class Texts>
std::string quoted_list(const Texts &texts)
{
    std::string json;
    for (std::string_view text : texts) json += (json.empty() ? "" : ",") + quoted(text);
    return "[" + json + "]";
}

// The members of an object, in the order in which they are told.
class facts {
public:
    void json(std::string_view name, std::string_view value)
    {
        members_ += (members_.empty() ? "" : ",") + quoted(name) + ":" + std::string(value);
    }
    void text(std::string_view name, std::string_view value) { json(name, quoted(value)); }
    void number(std::string_view name, std::int64_t value) { json(name, std::to_string(value)); }
    void flag(std::string_view name, bool value) { json(name, value ? "true" : "false"); }
    void object(std::string_view name, const facts &value) { json(name, value.object()); }
    std::string object() const { return "{" + members_ + "}"; }

    // A list of objects; `tell` says what is in each.
    template <class Items, class Tell>
    void list(std::string_view name, const Items &items, Tell tell)
    {
        std::string list;
        for (const auto &item : items) {
            facts said;
            tell(said, item);
            list += (list.empty() ? "" : ",") + said.object();
        }
        json(name, "[" + list + "]");
    }

    void setup(const tl::provisioning &setup)
    {
        text("device_id", setup.device_id);
        text("secret", setup.secret);
        text("uri", setup.uri);
        number("expires_at", setup.expires_at);
    }

    void codes(const tl::backup_codes &codes) { json("backup_codes", quoted_list(codes)); }

    void opened(std::string_view token, std::int64_t expires_at)
    {
        text("enrollment_token", token);
        number("expires_at", expires_at);
    }

    void trust(std::string_view id, std::string_view token, std::int64_t expires_at)
    {
        facts trust;
        trust.text("id", id);
        trust.text("token", token);
        trust.number("expires_at", expires_at);
        object("trust", trust);
    }

    void challenge(const tl::sign_in &login)
    {
        text("challenge", login.challenge);
        json("methods", quoted_list(login.methods));
        text("gives", login.gives == tl::challenge_gives::sign_in ? "sign_in" : "enrollment");
        number("expires_at", login.expires_at);
    }

    void proof(const tl::proof &proof)
    {
        facts said;
        said.json("method", quoted(proof.method()));
        said.json("device_id", quoted(proof.device_id()));
        said.json("purpose", quoted(proof.purpose()));
        said.json("amr", quoted_list(proof.amr()));
        said.number("auth_time", proof.auth_time());
        object("proof", said);
    }

    void tokens(const tl::tokens &tokens)
    {
        facts said;
        said.text("access", tokens.access);
        said.number("access_expires_at", tokens.access_expires_at);
        said.text("refresh", tokens.refresh);
        said.number("refresh_expires_at", tokens.refresh_expires_at);
        object("tokens", said);
    }

    void session(std::string_view id, std::string_view state)
    {
        facts stored;
        stored.text("id", id);
        stored.text("state", state);
        object("session", stored);
    }

    void tokens(const tl::access_token &token)
    {
        facts said;
        said.text("access", token.access);
        said.number("access_expires_at", token.access_expires_at);
        object("tokens", said);
    }

    void device(const tl::device &device)
    {
        text("id", device.id);
        text("kind", device.kind);
        text("name", device.name);
        text("algorithm", device.algorithm);
        number("digits", device.digits);
        json("period", written(device.period));
        number("created_at", device.created_at);
        number("last_used_at", device.last_used_at);
    }

    void trusted_device(const tl::trusted_device &device)
    {
        text("id", device.id);
        text("name", device.name);
        number("created_at", device.created_at);
        number("last_used_at", device.last_used_at);
        number("expires_at", device.expires_at);
    }

    void status(const tl::status &status)
    {
        facts said;
        said.flag("enabled", status.enabled);
        said.json("pending_until", written(status.pending_until));
        said.list("devices", status.devices, [](facts &of, const tl::device &device) { of.device(device); });
        said.json("preference", quoted(status.preference));
        said.list("trusted_devices", status.trusted_devices,
                  [](facts &of, const tl::trusted_device &device) { of.trusted_device(device); });
        said.number("backup_codes_left", status.backup_codes_left);
        said.number("backup_codes_total", status.backup_codes_total);
        said.json("locked_until", written(status.locked_until));
        said.flag("disabled", status.disabled);
        said.number("failures_in_a_row", status.failures_in_a_row);
        said.number("failures_today", status.failures_today);
        said.number("epoch", status.epoch);
        object("status", said);
    }

private:
    std::string members_;
};

#endif
