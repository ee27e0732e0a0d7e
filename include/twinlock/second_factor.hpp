// An engine over a store: what a host calls in a request.
#ifndef TWINLOCK_SECOND_FACTOR_HPP
#define TWINLOCK_SECOND_FACTOR_HPP

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <twinlock.h>
#include <twinlock/engine.hpp>
#include <twinlock/error.hpp>
#include <twinlock/input.hpp>
#include <twinlock/mode.hpp>
#include <twinlock/pending.hpp>
#include <twinlock/results.hpp>
#include <twinlock/settle.hpp>
#include <twinlock/status.hpp>
#include <twinlock/store.hpp>
#include <twinlock/text.hpp>

namespace twinlock {
inline namespace TWINLOCK_HPP_MODE {

// An engine over a store, both of which must outlive it: load, decide, write if nobody else did, commit; and again
// if somebody did, 8 times at most, then TWINLOCK_R_CONTENDED. Its calls are the engine's, without the record.
class second_factor {
public:
    second_factor(const twinlock::engine &engine, twinlock::store &store) noexcept : engine_(&engine), store_(&store)
    {
    }

    // To mint and verify tokens.
    const twinlock::engine &engine() const noexcept { return *engine_; }
    twinlock::store &store() const noexcept { return *store_; }

    returns<provisioning> begin_enrollment(std::string_view subject, std::string_view account,
                                           std::string_view name = {}, std::int64_t now = unix_now()) const
    {
        return change(&twinlock::engine::begin_enrollment, subject, account, name, now);
    }

    returns<provisioning> begin_enrollment_with(std::string_view subject, std::string_view account,
                                                std::string_view name, device_parameters device,
                                                std::int64_t now = unix_now()) const
    {
        return change(&twinlock::engine::begin_enrollment_with, subject, account, name, device, now);
    }

    returns<enrolled> confirm_enrollment(std::string_view subject, std::string_view code,
                                         std::int64_t now = unix_now()) const
    {
        return change(&twinlock::engine::confirm_enrollment, subject, code, now);
    }

    // The subject of the enrollment token, for which it opens enrollment.
    returns<std::string> check_enrollment(std::string_view token, std::int64_t now = unix_now()) const
    {
        return exchange(&twinlock::engine::check_enrollment, engine_->enrollment_subject(token, now), token, now);
    }

    // `first.at` is when the first factor was passed.
    returns<sign_in> begin_sign_in(std::string_view subject, first_factor first, std::int64_t now = unix_now()) const
    {
        return change(&twinlock::engine::begin_sign_in, subject, first, now);
    }

    returns<sign_in> begin_sign_in_on_device(std::string_view subject, first_factor first,
                                             std::string_view trust_token, std::int64_t now = unix_now()) const
    {
        return change(&twinlock::engine::begin_sign_in_on_device, subject, first, trust_token, now);
    }

    returns<proof> finish_sign_in(presented_challenge challenge, answer answer, std::int64_t now = unix_now()) const
    {
        return answered(&twinlock::engine::finish_sign_in, challenge, now, answer);
    }

    returns<enrollment_token> finish_for_enrollment(presented_challenge challenge, answer answer,
                                                    std::int64_t now = unix_now()) const
    {
        return answered(&twinlock::engine::finish_for_enrollment, challenge, now, answer);
    }

    returns<sent_code> send_code(presented_challenge challenge, std::int64_t now = unix_now()) const
    {
        return answered(&twinlock::engine::send_code, challenge, now);
    }

    returns<access_token> refresh(std::string_view token, std::int64_t now = unix_now()) const
    {
        return exchange(&twinlock::engine::refresh, engine_->refresh_subject(token, now), token, now);
    }

    returns<access_token> refresh_sliding(std::string_view token, std::int64_t now = unix_now()) const
    {
        return exchange(&twinlock::engine::refresh_sliding, engine_->token_subject(token, token_kind::sliding, now),
                        token, now);
    }

    returns<void> disable(std::string_view subject, answer answer, std::int64_t now = unix_now()) const
    {
        return change(&twinlock::engine::disable, subject, answer, now);
    }

    returns<void> set_method(std::string_view subject, answer answer, std::string_view method,
                             std::int64_t now = unix_now()) const
    {
        return change(&twinlock::engine::set_method, subject, answer, method, now);
    }

    returns<backup_codes> regenerate_backup_codes(std::string_view subject, answer answer,
                                                  std::int64_t now = unix_now()) const
    {
        return change(&twinlock::engine::regenerate_backup_codes, subject, answer, now);
    }

    returns<backup_codes> admin_regenerate_backup_codes(std::string_view subject, std::int64_t now = unix_now()) const
    {
        return change(&twinlock::engine::admin_regenerate_backup_codes, subject, now);
    }

    returns<void> unlock(std::string_view subject, std::int64_t now = unix_now()) const
    {
        return change(&twinlock::engine::unlock, subject, now);
    }

    returns<void> admin_reset(std::string_view subject, std::int64_t now = unix_now()) const
    {
        return change(&twinlock::engine::admin_reset, subject, now);
    }

    returns<void> bump_epoch(std::string_view subject, std::int64_t now = unix_now()) const
    {
        return change(&twinlock::engine::bump_epoch, subject, now);
    }

    returns<provisioning> add_device(std::string_view subject, answer answer, std::string_view account,
                                     std::string_view name = {}, device_parameters device = {},
                                     std::int64_t now = unix_now()) const
    {
        return change(&twinlock::engine::add_device, subject, answer, account, name, device, now);
    }

    returns<void> rename_device(std::string_view subject, std::string_view device_id, std::string_view name,
                                std::int64_t now = unix_now()) const
    {
        return change(&twinlock::engine::rename_device, subject, device_id, name, now);
    }

    returns<removed_device> remove_device(std::string_view subject, std::string_view device_id, answer answer,
                                          std::int64_t now = unix_now()) const
    {
        return change(&twinlock::engine::remove_device, subject, device_id, answer, now);
    }

    returns<void> resync_device(std::string_view subject, std::string_view device_id, std::string_view first,
                                std::string_view second, std::int64_t now = unix_now()) const
    {
        return change(&twinlock::engine::resync_device, subject, device_id, first, second, now);
    }

    returns<proof> step_up(std::string_view subject, answer answer, std::string_view purpose,
                           std::string_view session = {}, std::int64_t now = unix_now()) const
    {
        return change(&twinlock::engine::step_up, subject, answer, purpose, session, now);
    }

    returns<trust_token> trust_device(std::string_view subject, const proof &proof, std::string_view name = {},
                                      std::int64_t now = unix_now()) const
    {
        return change(&twinlock::engine::trust_device, subject, proof, name, now);
    }

    returns<bool> is_trusted(std::string_view subject, std::string_view trust_token,
                             std::int64_t now = unix_now()) const
    {
        return ask(&twinlock::engine::is_trusted, subject, trust_token, now);
    }

    returns<void> revoke_trusted_device(std::string_view subject, std::string_view trust_id,
                                        std::int64_t now = unix_now()) const
    {
        return change(&twinlock::engine::revoke_trusted_device, subject, trust_id, now);
    }

    returns<void> revoke_all_trusted_devices(std::string_view subject, std::int64_t now = unix_now()) const
    {
        return change(&twinlock::engine::revoke_all_trusted_devices, subject, now);
    }

    returns<std::string> import_device(std::string_view subject, imported_device device,
                                       std::int64_t now = unix_now()) const
    {
        return change(&twinlock::engine::import_device, subject, device, now);
    }

    returns<std::string> import_device_uri(std::string_view subject, std::string_view name, std::string_view uri,
                                           std::int64_t now = unix_now()) const
    {
        return change(&twinlock::engine::import_device_uri, subject, name, uri, now);
    }

    returns<void> import_backup_codes(std::string_view subject, std::string_view scheme, std::string_view codes,
                                      bytes_view key = {}, std::int64_t now = unix_now()) const
    {
        return change(&twinlock::engine::import_backup_codes, subject, scheme, codes, key, now);
    }

    // How the subject's second factor stands.
    returns<twinlock::status> status(std::string_view subject, std::int64_t now = unix_now()) const
    {
        return ask(&twinlock::engine::status, subject, now);
    }

    // The ids of the keys that the subject's record cannot do without; none where there is no record.
    returns<std::vector<std::string>> keys_needed(std::string_view subject) const
    {
        using ids = std::vector<std::string>;
        return with<ids>(subject, [&](bytes_view record) {
            return record.empty() ? detail::give(result<ids>(ids())) : engine_->keys_needed(subject, record);
        });
    }

    // Says whether the record was sealed anew; one that is not there or needs no other key is left alone.
    returns<bool> reseal(std::string_view subject) const
    {
        return detail::give(detail::repeated<bool>(*store_, [&] { return resealed(subject); }));
    }

private:
    // A call that changes the subject's record, with what it takes after the record.
    template <class T, class... Params, class... Args>
    returns<T> change(returns<pending<T>> (twinlock::engine::*decide)(std::string_view, bytes_view, Params...) const,
                      std::string_view subject, const Args &...args) const
    {
        return settled<T>(subject, [&](bytes_view record) { return (engine_->*decide)(subject, record, args...); });
    }

    // The same where the challenge says whose record it is.
    template <class T, class... Params, class... Args>
    returns<T> answered(returns<pending<T>> (twinlock::engine::*decide)(bytes_view, presented_challenge, Params...)
                            const,
                        presented_challenge challenge, std::int64_t now, const Args &...args) const
    {
        auto subject = detail::take<std::string>(engine_->challenge_subject(challenge.token, now));
        if (!subject) return detail::give(result<T>(subject.error()));
        return settled<T>(*subject, [&](bytes_view record) {
            return (engine_->*decide)(record, challenge, args..., now);
        });
    }

    // A call that reads the subject's record.
    template <class T, class... Params, class... Args>
    returns<T> ask(returns<T> (twinlock::engine::*read)(std::string_view, bytes_view, Params...) const,
                   std::string_view subject, const Args &...args) const
    {
        return with<T>(subject, [&](bytes_view record) { return (engine_->*read)(subject, record, args...); });
    }

    // A call that takes a token and reads the record of its subject.
    template <class T, class Calls>
    returns<T> exchange(returns<T> (Calls::*read)(std::string_view, bytes_view, std::int64_t) const,
                        returns<std::string> of_token, std::string_view token, std::int64_t now) const
    {
        auto subject = detail::take<std::string>(std::move(of_token));
        if (!subject) return detail::give(result<T>(subject.error()));
        return with<T>(*subject, [&](bytes_view record) { return (engine_->*read)(token, record, now); });
    }

    template <class T, class Decide>
    returns<T> settled(std::string_view subject, Decide decide) const
    {
        return detail::give(detail::settled<T>(*store_, subject, decide));
    }

    // Nothing is to be stored.
    template <class T, class Read>
    returns<T> with(std::string_view subject, Read read) const
    {
        auto row = detail::loaded(*store_, subject);
        if (!row) return detail::give(result<T>(row.error()));
        return read(bytes_view(row->record));
    }

    result<bool> resealed(std::string_view subject) const
    {
        auto row = detail::loaded(*store_, subject);
        if (!row) return row.error();
        if (row->version == 0) return false;
        auto anew = detail::take<bytes>(engine_->reseal(subject, row->record));
        if (!anew) return anew.error();
        if (anew->empty()) return false;
        auto saved = detail::take<bool>(store_->save(subject, *anew, row->version));
        if (saved && !*saved) return failure(TWINLOCK_E_COMMIT_LOST);
        return saved;
    }

    const twinlock::engine *engine_;
    twinlock::store *store_;
};

}  // namespace TWINLOCK_HPP_MODE
}  // namespace twinlock

#endif  // TWINLOCK_SECOND_FACTOR_HPP
