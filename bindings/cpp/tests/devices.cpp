// The devices and backup codes of a user: added, named, set right, removed, and taken over from elsewhere.
#include "support.hpp"

constexpr const char *SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";

static std::string a_counter_device_is_added_and_found_again(const tl::second_factor &auth, std::string_view phone)
{
    tl::device_parameters counter{tl::device_kind::hotp, tl::algorithm::sha256, 8, 0};
    tl::otp_parameters codes{tl::algorithm::sha256, 8, 30};
    EXPECT(TWINLOCK_R_WRONG_CODE, auth.add_device("42", tl::answer::otp("000000"), "alice", "Key", counter, NOW + 30));
    auto setup = must(
        auth.add_device("42", tl::answer::otp(code_at(phone, NOW + 30)), "alice", "Key", counter, NOW + 30));
    CHECK(has(setup.uri, "otpauth://hotp/") && has(setup.uri, "algorithm=SHA256&digits=8"));
    auto first = must(tl::hotp_generate(setup.secret, codes, 0));
    auto enrolled = must(auth.confirm_enrollment("42", first, NOW + 30));
    CHECK(enrolled.backup_codes.empty() && enrolled.device_id == setup.device_id);

    EXPECT(TWINLOCK_R_DEVICE_UNKNOWN, auth.resync_device("42", "none", "00000000", "00000000", NOW + 60));
    EXPECT(TWINLOCK_OK, auth.resync_device("42", setup.device_id, must(tl::hotp_generate(setup.secret, codes, 40)),
                                           must(tl::hotp_generate(setup.secret, codes, 41)), NOW + 60));
    auto login = must(auth.begin_sign_in("42", {"pwd", NOW + 60}, NOW + 60));
    auto code = must(tl::hotp_generate(setup.secret, codes, 42));
    auto proof = must(auth.finish_sign_in(login.challenge, tl::answer::otp(code), NOW + 60));
    CHECK(must(proof.device_id()) == setup.device_id);
    return setup.device_id;
}

static void a_device_of_another_kind_is_enrolled(const tl::engine &engine)
{
    tl::memory_store store;
    tl::second_factor auth(engine, store);
    auto setup = must(auth.begin_enrollment_with("42", "alice", "Steam", {tl::device_kind::steam}, NOW));
    auto enrolled = must(auth.confirm_enrollment("42", must(tl::steam_generate(setup.secret, NOW)), NOW));
    CHECK(enrolled.backup_codes.size() == 10);
}

static void devices_and_codes_come_from_elsewhere(const tl::second_factor &auth)
{
    tl::imported_device device{"Old", SECRET};
    device.last_step = (NOW + 60) / 30;
    auto id = must(auth.import_device("42", device, NOW + 60));
    CHECK(must(auth.import_device("42", device, NOW + 60)) == id);
    auto login = must(auth.begin_sign_in("42", {"pwd", NOW + 60}, NOW + 60));
    EXPECT(TWINLOCK_R_REPLAYED,
           auth.finish_sign_in(login.challenge, tl::answer::otp(code_at(SECRET, NOW + 60)), NOW + 60));
    auto uri = must(tl::otpauth_build("Acme", "alice", "MFRGGZDFMZTWQ2LKNNWG23TPOA", tl::device_kind::hotp,
                                      {tl::algorithm::sha1, 6, 30}, 7));
    CHECK(must(auth.import_device_uri("42", "Older", uri, NOW + 60)) != id);
    EXPECT(TWINLOCK_E_URI_MALFORMED, auth.import_device_uri("42", "Older", "https://x", NOW + 60));
    EXPECT(TWINLOCK_E_SCHEME_UNKNOWN, auth.import_backup_codes("42", "rot13", "aaaa-bbbb", {}, NOW + 60));
    EXPECT(TWINLOCK_OK, auth.import_backup_codes("42", "plain_loose", "aaaa-bbbb\ncccc-dddd", {}, NOW + 60));
    login = must(auth.begin_sign_in("42", {"pwd", NOW + 60}, NOW + 60));
    CHECK(must(auth.finish_sign_in(login.challenge, tl::answer::backup("CCCCDDDD"), NOW + 60)));
}

static void devices_are_named_and_removed(const tl::second_factor &auth, std::string_view phone, std::string_view key)
{
    EXPECT(TWINLOCK_OK, auth.rename_device("42", key, "Token", NOW + 90));
    EXPECT(TWINLOCK_R_DEVICE_UNKNOWN, auth.rename_device("42", "none", "Token", NOW + 90));
    auto devices = must(auth.status("42", NOW + 90)).devices;
    CHECK(devices.size() == 4 && devices[1].id == key && devices[1].name == "Token");
    auto removed = must(auth.remove_device("42", key, tl::answer::otp(code_at(phone, NOW + 90)), NOW + 90));
    devices = must(auth.status("42", NOW + 90)).devices;
    CHECK(!removed.last_device && devices.size() == 3 && devices[1].id != key);
    EXPECT(TWINLOCK_OK, auth.disable("42", tl::answer::otp(code_at(phone, NOW + 120)), NOW + 120));
    CHECK(!must(auth.status("42", NOW + 120)).enabled);
    auto setup = must(auth.begin_enrollment("42", "alice", {}, NOW + 150));
    must(auth.confirm_enrollment("42", code_at(setup.secret, NOW + 150), NOW + 150));
    auto code = code_at(setup.secret, NOW + 180);
    CHECK(must(auth.remove_device("42", setup.device_id, tl::answer::otp(code), NOW + 180)).last_device);
}

int main()
{
    auto engine = new_engine();
    tl::memory_store store;
    tl::second_factor auth(engine, store);
    auto phone = enroll(auth, NOW);
    auto key = a_counter_device_is_added_and_found_again(auth, phone);
    devices_and_codes_come_from_elsewhere(auth);
    devices_are_named_and_removed(auth, phone, key);
    a_device_of_another_kind_is_enrolled(engine);
    return 0;
}
