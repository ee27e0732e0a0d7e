// Many threads on one account: what may happen once happens once, and nothing that happened is forgotten.
#include <atomic>

#include "support.hpp"

// A store where everybody has loaded the record before anybody may write, so that all but one lose.
class crowded_store : public tl::memory_store {
public:
    explicit crowded_store(int crowd) : awaited_(crowd) {}

    tl::returns<bool> save(std::string_view subject, tl::bytes_view record, std::uint64_t expected) override
    {
        for (awaited_.fetch_sub(1); awaited_.load() > 0;) std::this_thread::yield();
        return memory_store::save(subject, record, expected);
    }

    void start(int crowd) { awaited_ = crowd; }

private:
    std::atomic<int> awaited_;
};

constexpr int CROWD = 8;

// Runs the call in all threads at once; gives how often each status came out.
template <class Call>
static std::map<std::int32_t, int> at_once(Call call)
{
    std::vector<std::int32_t> statuses(CROWD, TWINLOCK_E_PANIC);
    std::vector<std::thread> threads;
    for (std::size_t at = 0; at < statuses.size(); at++)
        threads.emplace_back([&, at] { statuses[at] = outcome([&] { return call(at); }).status(); });
    for (auto &thread : threads) thread.join();
    std::map<std::int32_t, int> counted;
    for (std::int32_t status : statuses) counted[status]++;
    return counted;
}

using counts = std::map<std::int32_t, int>;

// A replay is a guess like any other: the sixth meets the lock.
static void a_code_is_taken_once(const tl::second_factor &auth, crowded_store &store, std::string_view secret)
{
    std::vector<tl::secret_string> challenges;
    for (int at = 0; at < CROWD; at++)
        challenges.push_back(std::move(must(auth.begin_sign_in("42", {"pwd", NOW + 30}, NOW + 30)).challenge));
    auto code = code_at(secret, NOW + 30);
    store.start(CROWD);
    auto ended = at_once([&](std::size_t at) {
        return auth.finish_sign_in(challenges[at], tl::answer::otp(code), NOW + 30);
    });
    CHECK(ended == counts{{TWINLOCK_OK, 1}, {TWINLOCK_R_REPLAYED, 5}, {TWINLOCK_R_LOCKED, CROWD - 6}});
}

static void a_challenge_is_taken_once(const tl::second_factor &auth, crowded_store &store,
                                      const tl::backup_codes &codes)
{
    auto login = must(auth.begin_sign_in("42", {"pwd", NOW + 60}, NOW + 60));
    store.start(CROWD);
    auto ended = at_once([&](std::size_t at) {
        return auth.finish_sign_in(login.challenge, tl::answer::backup(codes[at]), NOW + 60);
    });
    CHECK(ended == counts{{TWINLOCK_OK, 1}, {TWINLOCK_R_CHALLENGE_SPENT, CROWD - 1}});
}

static void no_wrong_guess_is_forgotten(const tl::second_factor &auth, crowded_store &store)
{
    store.start(CROWD);
    auto ended = at_once([&](std::size_t) { return auth.disable("42", tl::answer::otp("000000"), NOW + 90); });
    CHECK(ended == counts{{TWINLOCK_R_WRONG_CODE, 5}, {TWINLOCK_R_LOCKED, CROWD - 5}});
}

int main()
{
    auto engine = new_engine();
    crowded_store store(0);
    tl::second_factor auth(engine, store);
    auto setup = must(auth.begin_enrollment("42", "alice", {}, NOW));
    auto enrolled = must(auth.confirm_enrollment("42", code_at(setup.secret, NOW), NOW));
    a_code_is_taken_once(auth, store, setup.secret);
    a_challenge_is_taken_once(auth, store, enrolled.backup_codes);
    no_wrong_guess_is_forgotten(auth, store);
    return 0;
}
