// Verdicts that count only once they are stored, and how their results are read.
#ifndef TWINLOCK_PENDING_HPP
#define TWINLOCK_PENDING_HPP

#include <cstdint>
#include <string>
#include <type_traits>
#include <utility>

#include <twinlock.h>
#include <twinlock/error.hpp>
#include <twinlock/fields.hpp>
#include <twinlock/input.hpp>
#include <twinlock/mode.hpp>
#include <twinlock/native.hpp>
#include <twinlock/results.hpp>
#include <twinlock/text.hpp>

namespace twinlock {
inline namespace TWINLOCK_HPP_MODE {

namespace detail {

inline void fill(reader<twinlock_pending> &from, proof &out)
{
    from.check(twinlock_pending_proof(from.from(), out.handle().address()));
}

inline void fill(reader<twinlock_pending> &from, std::string &device_id)
{
    device_id = from.text(TWINLOCK_FIELD_DEVICE_ID);
}

inline void fill(reader<twinlock_pending> &from, provisioning &out)
{
    out.device_id = from.text(TWINLOCK_FIELD_DEVICE_ID);
    out.secret = from.secret(TWINLOCK_FIELD_SECRET);
    out.uri = from.secret(TWINLOCK_FIELD_URI);
    out.expires_at = from.number(TWINLOCK_FIELD_EXPIRES_AT);
}

inline void fill(reader<twinlock_pending> &from, backup_codes &out)
{
    out = from.secrets(TWINLOCK_FIELD_BACKUP_CODE);
}

inline void fill(reader<twinlock_pending> &from, enrolled &out)
{
    fill(from, out.device_id);
    fill(from, out.backup_codes);
    fill(from, out.proof);
}

inline void fill(reader<twinlock_pending> &from, sign_in &out)
{
    out.kind = static_cast<sign_in_kind>(from.number(TWINLOCK_FIELD_SIGN_IN));
    if (out.kind == sign_in_kind::not_required || out.kind == sign_in_kind::trusted) fill(from, out.proof);
    out.challenge = from.optional_secret(TWINLOCK_FIELD_CHALLENGE);
    out.methods = from.texts(TWINLOCK_FIELD_METHOD);
    out.gives = static_cast<challenge_gives>(from.optional_number(TWINLOCK_FIELD_GIVES).value_or(0));
    out.sent_code = from.optional_secret(TWINLOCK_FIELD_SENT_CODE);
    out.trust_token = from.optional_secret(TWINLOCK_FIELD_TRUST_TOKEN);
    out.trust_id = from.optional_text(TWINLOCK_FIELD_TRUST_ID).value_or(std::string());
    out.enrollment_token = from.optional_secret(TWINLOCK_FIELD_ENROLLMENT_TOKEN);
    out.expires_at = from.optional_number(TWINLOCK_FIELD_EXPIRES_AT).value_or(0);
}

inline void fill(reader<twinlock_pending> &from, enrollment_token &out)
{
    out.token = from.secret(TWINLOCK_FIELD_ENROLLMENT_TOKEN);
    out.expires_at = from.number(TWINLOCK_FIELD_EXPIRES_AT);
}

inline void fill(reader<twinlock_pending> &from, sent_code &out)
{
    out.code = from.secret(TWINLOCK_FIELD_SENT_CODE);
    out.expires_at = from.number(TWINLOCK_FIELD_EXPIRES_AT);
}

inline void fill(reader<twinlock_pending> &from, trust_token &out)
{
    out.token = from.secret(TWINLOCK_FIELD_TRUST_TOKEN);
    out.id = from.text(TWINLOCK_FIELD_TRUST_ID);
    out.expires_at = from.number(TWINLOCK_FIELD_EXPIRES_AT);
}

inline void fill(reader<twinlock_pending> &from, removed_device &out)
{
    out.last_device = from.number(TWINLOCK_FIELD_LAST_DEVICE) != 0;
}

template <class From>
void fill(reader<From> &from, access_token &out)
{
    out.access = from.secret(TWINLOCK_FIELD_ACCESS);
    out.access_expires_at = from.number(TWINLOCK_FIELD_ACCESS_EXPIRES_AT);
}

template <class From>
void fill(reader<From> &from, tokens &out)
{
    out.access = from.secret(TWINLOCK_FIELD_ACCESS);
    out.access_expires_at = from.number(TWINLOCK_FIELD_ACCESS_EXPIRES_AT);
    out.refresh = from.secret(TWINLOCK_FIELD_REFRESH);
    out.refresh_expires_at = from.number(TWINLOCK_FIELD_REFRESH_EXPIRES_AT);
}

template <class From>
void fill(reader<From> &from, session &out)
{
    fill(from, out.tokens);
    out.id = from.text(TWINLOCK_FIELD_SESSION);
    out.state = from.text(TWINLOCK_FIELD_SESSION_STATE);
    out.subject = from.text(TWINLOCK_FIELD_SUBJECT);
}

inline void fill(reader<twinlock_pending> &from, signed_in &out)
{
    fill(from, out.session);
    out.method = from.optional_text(TWINLOCK_FIELD_METHOD).value_or(std::string());
}

inline void fill(reader<twinlock_tokens> &from, session_reference &out)
{
    out.subject = from.text(TWINLOCK_FIELD_SUBJECT);
    out.id = from.text(TWINLOCK_FIELD_SESSION);
}

inline result<bytes> record_of(const twinlock_pending *pending)
{
    return output<bytes>(TWINLOCK_RECORD_MAX, twinlock_pending_record, pending);
}

inline result<new_session> session_of(const twinlock_pending *pending)
{
    auto part = [&](std::int32_t field) {
        return output<std::string>(TWINLOCK_SESSION_MAX, twinlock_pending_session, pending, field);
    };
    auto id = part(TWINLOCK_FIELD_SESSION);
    if (!id) return id.error();
    auto state = part(TWINLOCK_FIELD_SESSION_STATE);
    if (!state) return state.error();
    return new_session{std::move(*id), std::move(*state)};
}

// Why a commit gave no verdict.
inline failure refused(const twinlock_pending *pending, std::int32_t status)
{
    std::int64_t seconds = 0;
    if (status > 0 && twinlock_pending_retry_after(pending, &seconds) != TWINLOCK_OK) seconds = 0;
    return failure(status, seconds);
}

template <class T>
result<T> commit(twinlock_pending *pending, std::int64_t rows)
{
    std::int32_t status = twinlock_pending_commit(pending, rows);
    if (status != TWINLOCK_OK) return refused(pending, status);
    if constexpr (std::is_void_v<T>)
        return {};
    else
        return read<T>(pending);
}

}  // namespace detail

// A verdict, and what has to be stored before it counts.
template <class T>
class [[nodiscard]] pending {
public:
    explicit pending(detail::pending_handle handle) noexcept : handle_(std::move(handle)) {}

    explicit operator bool() const noexcept { return static_cast<bool>(handle_); }
    const twinlock_pending *get() const noexcept { return handle_.get(); }

    // What has to be stored; empty where nothing has.
    returns<bytes> record() const { return detail::give(detail::record_of(get())); }

    // The session that engine::with_session began, to be stored in the transaction of the record; empty where there
    // is none, as with a refusal.
    returns<new_session> session() const { return detail::give(detail::session_of(get())); }

    // Says how many rows the conditional write changed and gives the verdict: once.
    returns<T> commit(std::int64_t rows) { return detail::give(committed(rows)); }

    // The same, without exceptions in every mode.
    result<T> committed(std::int64_t rows) { return detail::commit<T>(handle_.get(), rows); }

    detail::pending_handle &handle() noexcept { return handle_; }

private:
    detail::pending_handle handle_;
};

}  // namespace TWINLOCK_HPP_MODE
}  // namespace twinlock

#endif  // TWINLOCK_PENDING_HPP
