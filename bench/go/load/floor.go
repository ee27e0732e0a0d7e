package main

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"twinlock-example/accounts"
)

// floor serves what any second step in Go costs: a user's account and record are read and written back over their
// version together with a session, in the statements of the reference server, and nothing is decided. The challenge is
// the user's id.
func floor(place, listen string) error {
	database, err := accounts.Open(context.Background(), place, accounts.UsualCosts)
	if err != nil {
		return err
	}
	session, err := database.Records.Companion("refresh_session", "id", "subject", "state", "version", "epoch",
		"credential", "device", "address", "created_at", "last_used_at", "expires_at")
	if err != nil {
		return err
	}
	state := strings.Repeat("s", 380) // as long as a real one
	told := fmt.Appendf(nil, "{\"access\":%q,\"refresh\":%q}\n", strings.Repeat("a", 430), strings.Repeat("r", 560))
	step := func(writer http.ResponseWriter, request *http.Request) error {
		var fields map[string]string
		if err := json.NewDecoder(http.MaxBytesReader(writer, request.Body, 1<<16)).Decode(&fields); err != nil {
			return err
		}
		found, err := database.Find(request.Context(), fields["totp_challenge_token"])
		if err != nil || found == nil {
			return errors.Join(errors.New("no such user"), err)
		}
		stored, err := session.Save(request.Context(), found.ID, found.Record, found.Version, rand.Text(), found.ID, state,
			1, 1, "0123456789abcdef", "load", "127.0.0.1", 1_800_000_000, 1_800_000_000, 1_800_000_000)
		if err != nil || !stored {
			return errors.Join(errors.New("not stored"), err)
		}
		writer.Header().Set("Content-Type", "application/json")
		_, err = writer.Write(told)
		return err
	}
	http.HandleFunc("POST /api/jwt/totp/verify/", func(writer http.ResponseWriter, request *http.Request) {
		if err := step(writer, request); err != nil {
			http.Error(writer, err.Error(), http.StatusInternalServerError)
		}
	})
	return http.ListenAndServe(listen, nil)
}
