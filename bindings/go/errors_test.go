package twinlock_test

import (
	"errors"
	"os"
	"regexp"
	"strconv"
	"testing"

	"twinlock"
)

// FFI-14: the constants of this package are the numbers of the library, all of them, under their names.
func TestEveryCodeOfTheLibraryHasItsConstant(t *testing.T) {
	source := must(os.ReadFile("codes.go"))
	declared := map[int]string{}
	for _, match := range regexp.MustCompile(`(?m)^\t// (.*)\n\tErr\w+\s+Code = (-?\d+)$`).FindAllSubmatch(source, -1) {
		declared[must(strconv.Atoi(string(match[2])))] = string(match[1])
	}
	for number := -200; number <= 200; number++ {
		code := twinlock.Code(number)
		if number == 0 {
			continue
		}
		known := code.Name() != "unknown_code_"+strconv.Itoa(number)
		message, here := declared[number]
		if known != here || known && message != code.Message() {
			t.Errorf("%d is %q (%s) in the library and %q here", number, code.Name(), code.Message(), message)
		}
		if code.IsRefusal() != (number > 0) {
			t.Error(number)
		}
	}
}

func TestErrorsAreFoundByTheirCode(t *testing.T) {
	var err error = &twinlock.Refusal{Code: twinlock.ErrReplayed}
	if !errors.Is(err, twinlock.ErrReplayed) || errors.Is(err, twinlock.ErrLocked) {
		t.Error("a refusal is not its code")
	}
	if twinlock.ErrReplayed.Name() != "replayed" {
		t.Error(twinlock.ErrReplayed.Name())
	}
	cause := errors.New("disk full")
	err = &twinlock.Fault{Code: twinlock.ErrStoreFailed, Err: cause}
	if !errors.Is(err, twinlock.ErrStoreFailed) || !errors.Is(err, cause) {
		t.Error("a fault is not its code or its cause")
	}
}

func TestAConfigurationThatCannotWorkSaysWhere(t *testing.T) {
	set := func(change func(*twinlock.Config)) error {
		config := twinlock.Config{Issuer: "Acme", Keys: keys}
		change(&config)
		_, err := twinlock.New(config)
		return err
	}
	cases := map[string]struct {
		change func(*twinlock.Config)
		code   twinlock.Code
	}{
		"no keys":      {func(c *twinlock.Config) { c.Keys = "" }, twinlock.ErrKeyMissing},
		"bad keys":     {func(c *twinlock.Config) { c.Keys = "tlk1_x" }, twinlock.ErrKeyMalformed},
		"no issuer":    {func(c *twinlock.Config) { c.Issuer = "" }, twinlock.ErrNameInvalid},
		"NUL":          {func(c *twinlock.Config) { c.Issuer = "A\x00cme" }, twinlock.ErrNameInvalid},
		"not UTF-8":    {func(c *twinlock.Config) { c.Issuer = "\xff" }, twinlock.ErrTextNotUTF8},
		"huge":         {func(c *twinlock.Config) { c.Issuer = string(make([]byte, 1<<20)) }, twinlock.ErrInputTooLarge},
		"window":       {func(c *twinlock.Config) { c.Policy = map[twinlock.Option]int64{twinlock.OptWindow: 3} }, twinlock.ErrOptionOutOfRange},
		"negative":     {func(c *twinlock.Config) { c.Policy = map[twinlock.Option]int64{twinlock.OptDigits: -1} }, twinlock.ErrOptionOutOfRange},
		"no option":    {func(c *twinlock.Config) { c.Policy = map[twinlock.Option]int64{9999: 1} }, twinlock.ErrOptionUnknown},
		"no algorithm": {func(c *twinlock.Config) { c.Words = map[twinlock.WordOption]string{twinlock.OptAlgorithm: "MD5"} }, twinlock.ErrAlgorithmUnknown},
		"weak JWT key": {func(c *twinlock.Config) { c.JWT.Keys = []twinlock.JWTKey{{Secret: []byte("short")}} }, twinlock.ErrJWTKeyWeak},
	}
	for name, test := range cases {
		t.Run(name, func(t *testing.T) { faults(t, set(test.change), test.code) })
	}
	mustDo(set(func(c *twinlock.Config) {
		c.Policy = map[twinlock.Option]int64{twinlock.OptWindow: 0, twinlock.OptBackupCodes: 0}
		c.Words = map[twinlock.WordOption]string{twinlock.OptAlgorithm: "SHA256"}
		c.JWT = twinlock.JWT{Issuer: "i", Audience: "a", UserIDClaim: "uid", Keys: []twinlock.JWTKey{
			{Secret: []byte("0123456789abcdefghijklmnopqrstuv")},
		}}
	}))
}
