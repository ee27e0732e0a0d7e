// What verdicts and tokens hold, and proofs. Plain structs; what is secret in them wipes itself.
#ifndef TWINLOCK_RESULTS_HPP
#define TWINLOCK_RESULTS_HPP

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <twinlock.h>
#include <twinlock/error.hpp>
#include <twinlock/fields.hpp>
#include <twinlock/input.hpp>
#include <twinlock/mode.hpp>
#include <twinlock/native.hpp>
#include <twinlock/text.hpp>

namespace twinlock {
inline namespace TWINLOCK_HPP_MODE {

// The proof that a subject passed what the policy asks for. It mints tokens once.
class [[nodiscard]] proof {
public:
    explicit operator bool() const noexcept { return static_cast<bool>(handle_); }
    const twinlock_proof *get() const noexcept { return handle_.get(); }

    returns<std::string> subject() const { return read(&fields::text, TWINLOCK_FIELD_SUBJECT); }
    // The methods of both factors, as the claim `amr` has them.
    returns<std::vector<std::string>> amr() const { return read(&fields::texts, TWINLOCK_FIELD_AMR); }
    // How the second factor was shown, if it was: `otp`, `backup` or `sent`.
    returns<std::optional<std::string>> method() const { return read(&fields::optional_text, TWINLOCK_FIELD_METHOD); }
    // The device whose code was accepted, if it was one's.
    returns<std::optional<std::string>> device_id() const
    {
        return read(&fields::optional_text, TWINLOCK_FIELD_DEVICE_ID);
    }
    // What a step-up was for; nothing where the proof is of a sign-in.
    returns<std::optional<std::string>> purpose() const { return read(&fields::optional_text, TWINLOCK_FIELD_PURPOSE); }
    returns<std::int64_t> epoch() const { return read(&fields::number, TWINLOCK_FIELD_EPOCH); }
    returns<std::int64_t> auth_time() const { return read(&fields::number, TWINLOCK_FIELD_AUTH_TIME); }

    // For the calls that give or consume proofs.
    detail::proof_handle &handle() noexcept { return handle_; }

private:
    using fields = detail::reader<const twinlock_proof>;

    template <class T>
    returns<T> read(T (fields::*field)(std::int32_t), std::int32_t number) const
    {
        fields from(get());
        T value = (from.*field)(number);
        return detail::give(from.finish(std::move(value)));
    }

    detail::proof_handle handle_;
};

// A pending device. Show the URI as a QR code (qr_svg, qr_terminal), once.
struct provisioning {
    std::string device_id;
    secret_string secret;
    secret_string uri;
    std::int64_t expires_at = 0;
};

// To be shown once.
using backup_codes = std::vector<secret_string>;

// A confirmed device. Backup codes come with the first one only.
struct enrolled {
    std::string device_id;
    twinlock::backup_codes backup_codes;
    twinlock::proof proof;
};

// What comes after the first factor. What the kind does not have is empty.
struct sign_in {
    sign_in_kind kind = sign_in_kind::challenge;
    twinlock::proof proof;
    secret_string challenge;
    std::vector<std::string> methods;
    challenge_gives gives = challenge_gives::sign_in;
    secret_string sent_code;
    secret_string trust_token;
    std::string trust_id;
    secret_string enrollment_token;
    // When the challenge, the trust or the enrollment token ends.
    std::int64_t expires_at = 0;
};

// What opens enrollment and nothing else.
struct enrollment_token {
    secret_string token;
    std::int64_t expires_at = 0;
};

// The code to deliver by mail or SMS, once.
struct sent_code {
    secret_string code;
    std::int64_t expires_at = 0;
};

// What a trusted device keeps, and the id by which it is listed and revoked.
struct trust_token {
    secret_string token;
    std::string id;
    std::int64_t expires_at = 0;
};

// Whether the removed device was the last, so that the second factor is off.
struct removed_device {
    bool last_device = false;
};

// An access token alone, or a sliding one.
struct access_token {
    secret_string access;
    std::int64_t access_expires_at = 0;
};

struct tokens {
    secret_string access;
    std::int64_t access_expires_at = 0;
    secret_string refresh;
    std::int64_t refresh_expires_at = 0;
};

// Tokens whose refresh token rotates, and the state to be stored under the session's id.
struct session {
    twinlock::tokens tokens;
    std::string id;
    std::string state;
    std::string subject;
};

// A sign-in and its session. `method` is how the second factor was passed; empty where there is none.
struct signed_in {
    std::string method;
    twinlock::session session;
};

// What has to be stored of a session that begins with a sign-in: the state, under the id.
struct new_session {
    std::string id;
    std::string state;
};

// Which record and which session's state to load.
struct session_reference {
    std::string subject;
    std::string id;
};

}  // namespace TWINLOCK_HPP_MODE
}  // namespace twinlock

#endif  // TWINLOCK_RESULTS_HPP
