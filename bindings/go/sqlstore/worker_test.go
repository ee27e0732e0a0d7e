package sqlstore_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"sync"
	"testing"
	"time"

	"twinlock"
)

const (
	workerVariable = "TWINLOCK_TEST_WORKER"
	processes      = 4
	// The clock of the workers runs fast, so that there are new codes all the time.
	clockRate = 300
)

// job is what each of several processes is told.
type job struct {
	Place   place
	Keys    string
	Secrets map[string]string
	Began   time.Time
	Lasts   time.Duration
}

// report is what it answers with.
type report struct {
	Accepted []string // "subject code step", of each code that was a way in
	Refused  map[string]int
	Faults   []string
}

func (j job) engine() *twinlock.Engine {
	engine, err := twinlock.New(twinlock.Config{
		Issuer: "Acme",
		Keys:   twinlock.KeyRing(j.Keys),
		Policy: map[twinlock.Option]int64{
			twinlock.OptFailuresBeforeLock: 20, twinlock.OptFailuresPerDay: 100, twinlock.OptFailuresPerMonth: 100,
		},
		Clock: j.now,
	})
	if err != nil {
		panic(err)
	}
	return engine
}

func (j job) now() time.Time {
	return time.Unix(1_800_000_000, 0).Add(time.Since(j.Began) * clockRate)
}

// STO-01, STO-03: several processes sign the same few people in, and each code is a way in once.
func TestAmongSeveralProcessesACodeWorksOnce(t *testing.T) {
	everywhere(t, func(t *testing.T, place place) {
		_, store := opened(t, place)
		keys, err := twinlock.GenerateKeyRing()
		if err != nil {
			t.Fatal(err)
		}
		job := job{Place: place, Keys: string(keys), Secrets: map[string]string{}, Began: time.Now(), Lasts: 3 * time.Second}
		auth := twinlock.SecondFactor{Engine: job.engine(), Store: store}
		for _, subject := range []string{"1", "2"} {
			setup, err := auth.BeginEnrollment(context.Background(), subject, twinlock.NewDevice{Account: "a"})
			if err != nil {
				t.Fatal(err)
			}
			job.Secrets[subject] = setup.Secret
			code, _ := twinlock.TOTP{}.Generate(setup.Secret, job.now())
			if _, err := auth.ConfirmEnrollment(context.Background(), subject, code); err != nil {
				t.Fatal(err)
			}
		}
		accepted, refused := map[string]int{}, map[string]int{}
		for _, report := range atOnce(t, job) {
			for _, code := range report.Accepted {
				if accepted[code]++; accepted[code] > 1 {
					t.Errorf("%s was a way in %d times", code, accepted[code])
				}
			}
			for name, count := range report.Refused {
				refused[name] += count
			}
			if len(report.Faults) > 0 {
				t.Error(report.Faults[0])
			}
		}
		if len(accepted) < 10 || refused["replayed"] == 0 {
			t.Errorf("not much of a race: %d accepted, refused %v", len(accepted), refused)
		}
	})
}

// atOnce runs the job in several processes.
func atOnce(t *testing.T, job job) []report {
	t.Helper()
	told, err := json.Marshal(job)
	if err != nil {
		t.Fatal(err)
	}
	reports := make([]report, processes)
	var group sync.WaitGroup
	for number := range processes {
		group.Go(func() {
			worker := exec.Command(os.Args[0])
			worker.Env = append(os.Environ(), workerVariable+"="+string(told))
			worker.Stderr = os.Stderr
			said, err := worker.Output()
			if err == nil {
				err = json.Unmarshal(said, &reports[number])
			}
			if err != nil {
				t.Error(err)
			}
		})
	}
	group.Wait()
	return reports
}

// work is the life of one of the processes.
func work(told string) {
	var job job
	if err := json.Unmarshal([]byte(told), &job); err != nil {
		panic(err)
	}
	_, store, err := job.Place.open()
	if err != nil {
		panic(err)
	}
	auth := twinlock.SecondFactor{Engine: job.engine(), Store: store, Attempts: 40}
	report := report{Refused: map[string]int{}}
	for end := time.Now().Add(job.Lasts); time.Now().Before(end); {
		for subject, secret := range job.Secrets {
			report.add(signIn(auth, job, subject, secret))
		}
	}
	if err := json.NewEncoder(os.Stdout).Encode(report); err != nil {
		panic(err)
	}
}

// signIn shows a code that the other processes show, too.
func signIn(auth twinlock.SecondFactor, job job, subject, secret string) (string, error) {
	login, err := auth.BeginSignIn(context.Background(), subject, twinlock.FirstFactor{})
	if err != nil {
		return "", err
	}
	now := job.now()
	code, err := twinlock.TOTP{}.Generate(secret, now)
	if err != nil {
		return "", err
	}
	if rand.N(50) == 0 {
		err = auth.Unlock(context.Background(), subject)
		return "", err
	}
	_, err = auth.FinishSignIn(context.Background(), twinlock.Presented{Challenge: login.Challenge}, twinlock.OTP(code))
	return fmt.Sprintf("%s %s %d", subject, code, now.Unix()/30), err
}

func (r *report) add(accepted string, err error) {
	var refusal *twinlock.Refusal
	switch {
	case errors.As(err, &refusal):
		r.Refused[refusal.Code.Name()]++
	case err != nil:
		r.Faults = append(r.Faults, err.Error())
	case accepted != "":
		r.Accepted = append(r.Accepted, accepted)
	}
}
