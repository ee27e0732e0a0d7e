// Sessions whose refresh tokens rotate: each refresh token is exchanged once, and one that comes back later ends
// its session.
#ifndef TWINLOCK_SESSIONS_HPP
#define TWINLOCK_SESSIONS_HPP

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include <twinlock.h>
#include <twinlock/engine.hpp>
#include <twinlock/error.hpp>
#include <twinlock/input.hpp>
#include <twinlock/mode.hpp>
#include <twinlock/pending.hpp>
#include <twinlock/results.hpp>
#include <twinlock/settle.hpp>
#include <twinlock/store.hpp>
#include <twinlock/text.hpp>

namespace twinlock {
inline namespace TWINLOCK_HPP_MODE {

// An engine over two stores, all of which must outlive it: that of the records, and one of another table in which
// the states of sessions are kept under their ids. Where writes are lost it does what second_factor does.
class sessions {
public:
    sessions(const twinlock::engine &engine, store &records, store &states) noexcept
        : engine_(&engine), records_(&records), states_(&states)
    {
    }

    // Uses up the proof as engine::mint does. The state is stored before the tokens come out.
    returns<tokens> begin(proof &&proof, std::string_view claims = {}, std::int64_t now = unix_now()) const
    {
        auto made = detail::take<session>(engine_->begin_session(std::move(proof), claims, now));
        if (!made) return detail::give(result<tokens>(made.error()));
        auto saved = detail::take<bool>(states_->save(made->id, detail::octets(made->state), 0));
        if (!saved) return detail::give(result<tokens>(saved.error()));
        if (!*saved) return detail::give(result<tokens>(failure(TWINLOCK_E_STORE_FAILED)));
        return detail::give(result<tokens>(std::move(made->tokens)));
    }

    // second_factor::finish_sign_in and begin in one decision, which `both` stores in one transaction: no code is used
    // up for a session that is not there. Refusals: those of finish_sign_in.
    returns<signed_in> begin_with(joint_store &both, presented_challenge challenge, answer answer,
                                  std::string_view claims = {}, std::int64_t now = unix_now()) const
    {
        auto subject = detail::take<std::string>(engine_->challenge_subject(challenge.token, now));
        if (!subject) return detail::give(result<signed_in>(subject.error()));
        auto decide = [&](bytes_view record) { return begun(record, challenge, answer, claims, now); };
        return detail::give(detail::settled<signed_in>(
            both, *subject, decide,
            [&](const pending<signed_in> &begun, bytes_view record, std::uint64_t version) -> returns<bool> {
                auto session = detail::session_of(begun.get());
                if (!session) return detail::give(result<bool>(session.error()));
                if (session->id.empty()) return both.save(*subject, record, version);
                return both.save_with_session(*subject, record, version, *session);
            }));
    }

    // Exchanges a refresh token for a new pair. Within TWINLOCK_OPT_JWT_REUSE_GRACE it gets the same successor
    // again, later it ends the session. Refusals: TWINLOCK_R_TOKEN_EXPIRED, _TOKEN_INVALID, _SESSION_ENDED,
    // _TOKEN_REUSED.
    returns<tokens> rotate(std::string_view token, std::int64_t now = unix_now()) const
    {
        auto which = detail::take<session_reference>(engine_->session_of(token, now));
        if (!which) return detail::give(result<tokens>(which.error()));
        return detail::give(detail::settled<tokens>(*states_, which->id, [&](bytes_view state) {
            return rotated(which->subject, token, state, now);
        }));
    }

    // A logout. Access tokens that are out live on until their own end. A session that is not there has ended.
    returns<void> end(std::string_view token, std::int64_t now = unix_now()) const
    {
        auto which = detail::take<session_reference>(engine_->session_of(token, now));
        if (!which) return detail::give(result<void>(which.error()));
        return detail::give(detail::repeated<void>(*states_, [&] { return ended(which->id, now); }));
    }

private:
    returns<pending<signed_in>> begun(bytes_view record, presented_challenge challenge, answer answer,
                                      std::string_view claims, std::int64_t now) const
    {
        auto passed = detail::take<pending<proof>>(engine_->finish_sign_in(record, challenge, answer, now));
        if (!passed) return detail::give(result<pending<signed_in>>(passed.error()));
        return engine_->with_session(std::move(*passed), claims, now);
    }

    returns<pending<tokens>> rotated(std::string_view subject, std::string_view token, bytes_view state,
                                     std::int64_t now) const
    {
        using verdict = result<pending<tokens>>;
        if (state.empty()) return detail::give(verdict(failure(TWINLOCK_R_SESSION_ENDED)));
        auto row = detail::loaded(*records_, subject);
        if (!row) return detail::give(verdict(row.error()));
        return engine_->rotate(token, detail::characters(state), row->record, now);
    }

    result<void> ended(std::string_view id, std::int64_t now) const
    {
        auto row = detail::loaded(*states_, id);
        if (!row) return row.error();
        if (row->version == 0) return {};
        auto state = detail::take<std::string>(session_revoke(detail::characters(row->record), now));
        if (!state) return state.error();
        auto saved = detail::take<bool>(states_->save(id, detail::octets(*state), row->version));
        if (!saved) return saved.error();
        return *saved ? result<void>() : failure(TWINLOCK_E_COMMIT_LOST);
    }

    const twinlock::engine *engine_;
    store *records_;
    store *states_;
};

}  // namespace TWINLOCK_HPP_MODE
}  // namespace twinlock

#endif  // TWINLOCK_SESSIONS_HPP
