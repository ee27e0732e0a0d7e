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

// Costs say what it takes to hash a password with argon2id (RFC 9106). They stand in every hash, so that others can
// be chosen later.
type Costs struct {
	MemoryKiB, Passes uint32
	Lanes             uint8
}

// UsualCosts are those that OWASP's password storage cheat sheet names first.
var UsualCosts = Costs{MemoryKiB: 19 * 1024, Passes: 2, Lanes: 1}

const (
	saltBytes  = 16
	hashBytes  = 32
	hashFormat = "$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s"
)

var errHashMalformed = errors.New("accounts: a stored password hash is malformed")

// hasher hashes no more passwords at once than there are processors: what waits takes no memory.
type hasher struct {
	costs Costs
	free  chan struct{}
	// What the password of somebody who is not there is compared with, so that it takes as long.
	nobody string
}

func newHasher(costs Costs) (*hasher, error) {
	nobody := make([]byte, saltBytes)
	if _, err := rand.Read(nobody); err != nil {
		return nil, err
	}
	h := &hasher{costs: costs, free: make(chan struct{}, runtime.GOMAXPROCS(0))}
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
	key, err := h.derive(ctx, password, h.costs, salt, hashBytes)
	if err != nil {
		return "", err
	}
	encoding := base64.RawStdEncoding
	return fmt.Sprintf(hashFormat, argon2.Version, h.costs.MemoryKiB, h.costs.Passes, h.costs.Lanes,
		encoding.EncodeToString(salt), encoding.EncodeToString(key)), nil
}

// matches says whether a password is the one of a hash. An empty hash is nobody's, and takes as long.
func (h *hasher) matches(ctx context.Context, password, hash string) (bool, error) {
	known := hash != ""
	if !known {
		hash = h.nobody
	}
	costs, salt, stored, err := parse(hash)
	if err != nil {
		return false, err
	}
	key, err := h.derive(ctx, password, costs, salt, uint32(len(stored)))
	if err != nil {
		return false, err
	}
	return subtle.ConstantTimeCompare(key, stored) == 1 && known, nil
}

func (h *hasher) derive(
	ctx context.Context, password string, costs Costs, salt []byte, length uint32,
) ([]byte, error) {
	select {
	case h.free <- struct{}{}:
		defer func() { <-h.free }()
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	return argon2.IDKey([]byte(password), salt, costs.Passes, costs.MemoryKiB, costs.Lanes, length), nil
}

func parse(hash string) (costs Costs, salt, key []byte, err error) {
	fields := strings.Split(hash, "$")
	if len(fields) != 6 || fields[0] != "" || fields[1] != "argon2id" ||
		fields[2] != fmt.Sprintf("v=%d", argon2.Version) {
		return Costs{}, nil, nil, errHashMalformed
	}
	_, err = fmt.Sscanf(fields[3], "m=%d,t=%d,p=%d", &costs.MemoryKiB, &costs.Passes, &costs.Lanes)
	salt, badSalt := base64.RawStdEncoding.DecodeString(fields[4])
	key, badKey := base64.RawStdEncoding.DecodeString(fields[5])
	if errors.Join(err, badSalt, badKey) != nil || len(key) == 0 || costs.Passes == 0 || costs.Lanes == 0 {
		return Costs{}, nil, nil, errHashMalformed
	}
	return costs, salt, key, nil
}
