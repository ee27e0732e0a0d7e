// The status of a second factor: what is told of real lives, and texts that the library would not write.
#include "support.hpp"

using tl::detail::status_of;

static void nobody_and_a_waiting_enrollment_are_told_apart(const tl::second_factor &auth)
{
    auto status = must(auth.status("42", NOW));
    CHECK(!status.enabled && !status.disabled && status.devices.empty() && status.trusted_devices.empty());
    CHECK(!status.pending_until && !status.preference && !status.locked_until && status.epoch == 0);
    CHECK(status.backup_codes_left == 0 && status.backup_codes_total == 0);
    must(auth.begin_enrollment("42", "alice", {}, NOW));
    status = must(auth.status("42", NOW));
    CHECK(!status.enabled && status.pending_until == NOW + 900 && status.devices.empty());
}

static void names_come_as_they_were_given(const tl::second_factor &auth, std::string_view phone)
{
    const std::string names[] = {"a \"quoted\" name", "back\\slash \\n \\u0041", "/ {[,]} null", "\xF0\x9F\x94\x90 \xC3\xBC",
                                 "\xE2\x80\xA8", "\xE6\x97\xA5\xE6\x9C\xAC"};
    std::int64_t now = NOW + 30;
    auto setup = must(auth.add_device("42", tl::answer::otp(code_at(phone, now)), "alice", "Tablet", {}, now));
    must(auth.confirm_enrollment("42", code_at(setup.secret, now), now));
    for (const auto &name : names) {
        EXPECT(TWINLOCK_OK, auth.rename_device("42", setup.device_id, name, now));
        auto devices = must(auth.status("42", now)).devices;
        CHECK(devices.size() == 2 && devices[1].id == setup.device_id && devices[1].name == name);
    }
    auto device = must(auth.status("42", now)).devices[1];
    CHECK(device.kind == "totp" && device.algorithm == "SHA1" && device.digits == 6 && device.period == 30);
    CHECK(device.created_at == now && device.last_used_at == now);
    EXPECT(TWINLOCK_E_NAME_INVALID, auth.rename_device("42", setup.device_id, "\x01", now));
}

static void use_and_failures_are_told(const tl::second_factor &auth)
{
    std::int64_t now = NOW + 300;
    auto before = must(auth.status("42", now));
    CHECK(before.enabled && before.backup_codes_left == 10 && before.backup_codes_total == 10 && before.epoch > 0);
    for (int guess = 0; guess < 5; guess++)
        EXPECT(TWINLOCK_R_WRONG_CODE, auth.disable("42", tl::answer::otp("000000"), now));
    auto status = must(auth.status("42", now));
    CHECK(status.failures_in_a_row == 5 && status.failures_today == 5 && status.locked_until == now + 30);
    CHECK(!must(auth.status("42", now + 30)).locked_until && status.epoch == before.epoch);
    EXPECT(TWINLOCK_E_SUBJECT_INVALID, auth.status("", now));
}

static void trusted_devices_are_told()
{
    auto config = new_config();
    EXPECT(TWINLOCK_OK, config.set_int(TWINLOCK_OPT_TRUSTED_DEVICES, 1));
    auto engine = must(tl::engine::create(std::move(config)));
    tl::memory_store store;
    tl::second_factor auth(engine, store);
    auto secret = enroll(auth, NOW);
    auto proof = sign_in(auth, secret, NOW + 30);
    auto trust = must(auth.trust_device("42", proof, "\"Laptop\"", NOW + 30));
    auto status = must(auth.status("42", NOW + 30));
    CHECK(status.trusted_devices.size() == 1);
    const auto &trusted = status.trusted_devices[0];
    CHECK(trusted.id == trust.id && trusted.name == "\"Laptop\"" && trusted.expires_at == trust.expires_at);
    CHECK(trusted.created_at == NOW + 30 && trusted.last_used_at == NOW + 30);
}

static const std::string WHOLE =
    "{\"backup_codes_left\":9,\"backup_codes_total\":10,\"devices\":[{\"algorithm\":\"SHA1\",\"created_at\":1,"
    "\"digits\":6,\"id\":\"d\",\"kind\":\"totp\",\"last_used_at\":2,\"name\":\"\\\"\\\\\\b\\f\\n\\r\\t\\u0001\\u001f/\","
    "\"period\":30}],\"disabled\":true,\"enabled\":true,\"epoch\":7,\"failures_in_a_row\":1,\"failures_today\":2,"
    "\"locked_until\":3,\"pending_until\":null,\"preference\":\"otp\",\"trusted_devices\":[{\"created_at\":4,"
    "\"expires_at\":5,\"id\":\"t\",\"last_used_at\":6,\"name\":\"\"}]}";

static bool is_read(const std::string &text)
{
    // A copy without room to spare, so that a read past its end is found.
    std::vector<char> exact(text.begin(), text.end());
    exact.shrink_to_fit();
    auto read = status_of({exact.data(), exact.size()});
    CHECK(read || read.error().status() == TWINLOCK_E_FIELD_UNKNOWN);
    return read.has_value();
}

static std::string with(std::string_view part, std::string_view instead)
{
    std::string text = WHOLE;
    CHECK(has(text, part));
    return text.replace(text.find(part), part.size(), instead);
}

static void every_escape_is_read()
{
    auto read = status_of(WHOLE);
    CHECK(read && read->devices[0].name == "\"\\\b\f\n\r\t\x01\x1f/" && read->locked_until == 3 && read->disabled);
    CHECK(read->preference == "otp" && read->trusted_devices[0].expires_at == 5 && read->backup_codes_left == 9);
}

static void what_is_cut_short_or_altered_is_refused()
{
    for (std::size_t length = 0; length < WHOLE.size(); length++) CHECK(!is_read(WHOLE.substr(0, length)));
    for (std::size_t at = 0; at < WHOLE.size(); at++)
        for (int byte = 0; byte < 256; byte++) {
            std::string text = WHOLE;
            text[at] = static_cast<char>(byte);
            is_read(text);
        }
    CHECK(!is_read(WHOLE + " ") && !is_read(WHOLE + "}") && !is_read(" " + WHOLE) && !is_read("[]") && !is_read("null"));
    CHECK(!is_read(with("\"epoch\":7,", "")) && !is_read(with("\"epoch\":7", "\"epoch\":7,\"epoch\":7")));
    CHECK(!is_read(with("\"epoch\":7", "\"epoch\":null")) && !is_read(with("\"epoch\":7", "\"epoch\":7.5")));
    CHECK(!is_read(with("\"epoch\":7", "\"epoch\":9223372036854775808")));
    CHECK(!is_read(with("\"digits\":6", "\"digits\":-6")) && !is_read(with("\"digits\":6", "\"digits\":4294967296")));
    CHECK(!is_read(with("\\u0001", "\\u0020")) && !is_read(with("\\u0001", "\\ud83d")) && !is_read(with("\\b", "\\x")));
    CHECK(!is_read(with("\"d\"", "\"\n\"")) && !is_read(with("true", "yes")));
}

static void a_member_of_a_newer_library_is_passed_over()
{
    for (const char *value : {"1", "null", "\"a,}\\\"\"", "{}", "[]", "{\"a\":[1,\"]\",{\"b\":\"}\"}],\"c\":2}"}) {
        std::string newer = "\"newer\":" + std::string(value);
        CHECK(is_read(with("\"epoch\":7", "\"epoch\":7," + newer)) && is_read(with("\"period\":30", "\"period\":30," + newer)));
        CHECK(is_read(with("{\"backup", "{" + newer + ",\"backup")));
    }
    CHECK(!is_read(with("\"epoch\":7", "\"epoch\":7,\"newer\":]")) && !is_read(with("\"epoch\":7", "\"epoch\":7,\"newer\":[")));
    CHECK(!is_read("{\"newer\":" + std::string(100000, '[')));
}

int main()
{
    auto engine = new_engine();
    tl::memory_store store;
    tl::second_factor auth(engine, store);
    nobody_and_a_waiting_enrollment_are_told_apart(auth);
    auto phone = enroll(auth, NOW);
    names_come_as_they_were_given(auth, phone);
    use_and_failures_are_told(auth);
    trusted_devices_are_told();
    every_escape_is_read();
    what_is_cut_short_or_altered_is_refused();
    a_member_of_a_newer_library_is_passed_over();
    return 0;
}
