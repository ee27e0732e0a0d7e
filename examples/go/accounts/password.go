package accounts

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"fmt"
	"runtime"
	"strings"

	"golang.org/x/crypto/argon2"
)

// argon2id (RFC 9106) with the costs that OWASP's password storage cheat sheet names first: 19 MiB, two passes.
// They stand in every hash, so that others can be chosen later.
const (
	memoryKiB  = 19 * 1024
	passes     = 2
	lanes      = 1
	saltBytes  = 16
	hashBytes  = 32
	hashFormat = "$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s"
)

var errHashMalformed = errors.New("accounts: a stored password hash is malformed")

// hasher hashes no more passwords at once than there are processors: what waits takes no memory.
type hasher struct {
	free chan struct{}
	// What the password of somebody who is not there is compared with, so that it takes as long.
	nobody string
}

func newHasher() (*hasher, error) {
	nobody := make([]byte, saltBytes)
	if _, err := rand.Read(nobody); err != nil {
		return nil, err
	}
	h := &hasher{free: make(chan struct{}, runtime.GOMAXPROCS(0))}
	var err error
	h.nobody, err = h.hash(context.Background(), base64.RawStdEncoding.EncodeToString(nobody))
	return h, err
}

// hash makes the text that is stored for a password, in the form that argon2's own tools write.
func (h *hasher) hash(ctx context.Context, password string) (string, error) {
	salt := make([]byte, saltBytes)
	if _, err := rand.Read(salt); err != nil {
		return "", err
	}
	key, err := h.derive(ctx, password, salt, passes, memoryKiB, lanes, hashBytes)
	if err != nil {
		return "", err
	}
	encoding := base64.RawStdEncoding
	return fmt.Sprintf(hashFormat, argon2.Version, memoryKiB, passes, lanes, encoding.EncodeToString(salt),
		encoding.EncodeToString(key)), nil
}

// matches says whether a password is the one of a hash. An empty hash is nobody's, and takes as long.
func (h *hasher) matches(ctx context.Context, password, hash string) (bool, error) {
	known := hash != ""
	if !known {
		hash = h.nobody
	}
	memory, time, threads, salt, stored, err := parse(hash)
	if err != nil {
		return false, err
	}
	key, err := h.derive(ctx, password, salt, time, memory, threads, uint32(len(stored)))
	if err != nil {
		return false, err
	}
	return subtle.ConstantTimeCompare(key, stored) == 1 && known, nil
}

func (h *hasher) derive(
	ctx context.Context, password string, salt []byte, time, memory uint32, threads uint8, length uint32,
) ([]byte, error) {
	select {
	case h.free <- struct{}{}:
		defer func() { <-h.free }()
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	return argon2.IDKey([]byte(password), salt, time, memory, threads, length), nil
}

func parse(hash string) (memory, time uint32, threads uint8, salt, key []byte, err error) {
	fields := strings.Split(hash, "$")
	if len(fields) != 6 || fields[1] != "argon2id" || fields[2] != fmt.Sprintf("v=%d", argon2.Version) {
		return 0, 0, 0, nil, nil, errHashMalformed
	}
	if _, err := fmt.Sscanf(fields[3], "m=%d,t=%d,p=%d", &memory, &time, &threads); err != nil {
		return 0, 0, 0, nil, nil, errHashMalformed
	}
	salt, badSalt := base64.RawStdEncoding.DecodeString(fields[4])
	key, badKey := base64.RawStdEncoding.DecodeString(fields[5])
	if badSalt != nil || badKey != nil || len(key) == 0 || time == 0 || threads == 0 {
		return 0, 0, 0, nil, nil, errHashMalformed
	}
	return memory, time, threads, salt, key, nil
}
