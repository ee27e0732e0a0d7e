// Minting, verifying, refreshing and rotating: the calls of an engine that need no second factor anew.
#ifndef TWINLOCK_TOKENS_HPP
#define TWINLOCK_TOKENS_HPP

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <twinlock.h>
#include <twinlock/error.hpp>
#include <twinlock/input.hpp>
#include <twinlock/mode.hpp>
#include <twinlock/native.hpp>
#include <twinlock/pending.hpp>
#include <twinlock/results.hpp>
#include <twinlock/text.hpp>

namespace twinlock {
inline namespace TWINLOCK_HPP_MODE {

namespace detail {

// An engine's handle, and the ways in which its calls give something.
class engine_calls {
public:
    explicit operator bool() const noexcept { return static_cast<bool>(handle_); }
    const twinlock_engine *get() const noexcept { return handle_.get(); }

protected:
    engine_calls() = default;

    template <class T, class Function, class... Args>
    returns<pending<T>> decide(Function *function, const Args &...args) const
    {
        pending_handle made;
        std::int32_t status = call(function, get(), args..., made.address());
        if (status != TWINLOCK_OK) return give(result<pending<T>>(failure(status)));
        return give(result<pending<T>>(pending<T>(std::move(made))));
    }

    template <class T, class Function, class... Args>
    returns<T> make(Function *function, const Args &...args) const
    {
        tokens_handle made;
        std::int32_t status = call(function, get(), args..., made.address());
        if (status != TWINLOCK_OK) return give(result<T>(failure(status)));
        return give(read<T>(made.get()));
    }

    template <class Function, class... Args>
    returns<std::string> text(Function *function, const Args &...args) const
    {
        return give(output<std::string>(token_room, function, get(), args...));
    }

    template <class Function, class... Args>
    returns<std::vector<std::string>> words(Function *function, const Args &...args) const
    {
        return give(detail::words(output<std::string>(text_room, function, get(), args...)));
    }

    engine_handle handle_;
};

// What an engine does with tokens.
class token_calls : public engine_calls {
public:
    // Uses up the proof once the arguments were read, whatever comes after. `claims` is a JSON object, or empty.
    returns<tokens> mint(proof &&proof, std::string_view claims, std::int64_t now) const
    {
        return make<tokens>(twinlock_engine_mint, proof.handle().address(), claims, now);
    }

    // As mint, without a refresh token.
    returns<access_token> mint_access(proof &&proof, std::string_view claims, std::int64_t now) const
    {
        return make<access_token>(twinlock_engine_mint_access, proof.handle().address(), claims, now);
    }

    // As mint, one token that is exchanged for its successor.
    returns<access_token> mint_sliding(proof &&proof, std::string_view claims, std::int64_t now) const
    {
        return make<access_token>(twinlock_engine_mint_sliding, proof.handle().address(), claims, now);
    }

    // The claims as a JSON object.
    returns<std::string> verify(std::string_view token, token_kind kind, std::int64_t now) const
    {
        return text(twinlock_engine_verify, token, kind, now);
    }

    returns<std::string> token_subject(std::string_view token, token_kind kind, std::int64_t now) const
    {
        return text(twinlock_engine_token_subject, token, kind, now);
    }

    returns<std::string> refresh_subject(std::string_view token, std::int64_t now) const
    {
        return text(twinlock_engine_refresh_subject, token, now);
    }

    returns<access_token> refresh(std::string_view token, bytes_view record, std::int64_t now) const
    {
        return make<access_token>(twinlock_engine_refresh, token, record, now);
    }

    returns<access_token> refresh_sliding(std::string_view token, bytes_view record, std::int64_t now) const
    {
        return make<access_token>(twinlock_engine_refresh_sliding, token, record, now);
    }

    // The public keys of the tokens as a JSON Web Key Set (RFC 7517), for other services.
    returns<std::string> jwks() const { return text(twinlock_engine_jwks); }

    // Uses up the proof as mint does.
    returns<session> begin_session(proof &&proof, std::string_view claims, std::int64_t now) const
    {
        return make<session>(twinlock_engine_begin_session, proof.handle().address(), claims, now);
    }

    // Makes of a sign-in that is not committed one that begins a session, in the same decision: store record() and
    // session() in one transaction. The sign-in is used up, whatever comes of it. A refusal stays one.
    returns<pending<signed_in>> with_session(pending<proof> &&sign_in, std::string_view claims, std::int64_t now) const
    {
        pending_handle begun = std::move(sign_in.handle());
        auto done = detail::done(twinlock_engine_with_session, get(), begun.get(), claims, now);
        if (!done) return give(result<pending<signed_in>>(done.error()));
        return give(result<pending<signed_in>>(pending<signed_in>(std::move(begun))));
    }

    returns<session_reference> session_of(std::string_view token, std::int64_t now) const
    {
        return make<session_reference>(twinlock_engine_session_of, token, now);
    }

    // The record() of this verdict is the state of the session: text, to be stored only if it is still the one
    // that was loaded.
    returns<pending<tokens>> rotate(std::string_view token, std::string_view state, bytes_view record,
                                    std::int64_t now) const
    {
        return decide<tokens>(twinlock_engine_rotate, token, state, record, now);
    }

    // Gives nothing where the token is good enough, and the refusal where it is not.
    returns<void> require_step_up(std::string_view token, std::string_view purpose, std::uint32_t max_age,
                                  std::int64_t now) const
    {
        return detail::give(detail::done(twinlock_engine_require_step_up, get(), token, purpose, max_age, now));
    }
};

}  // namespace detail

// What the state of a session says, as a JSON object, for a list of a subject's sessions. Nothing secret is in it.
inline returns<std::string> session_status(std::string_view state)
{
    return detail::give(detail::output<std::string>(TWINLOCK_SESSION_MAX, twinlock_session_status, state));
}

// The state of a session as it is after a logout, to be stored.
inline returns<std::string> session_revoke(std::string_view state, std::int64_t now)
{
    return detail::give(detail::output<std::string>(TWINLOCK_SESSION_MAX, twinlock_session_revoke, state, now));
}

}  // namespace TWINLOCK_HPP_MODE
}  // namespace twinlock

#endif  // TWINLOCK_TOKENS_HPP
