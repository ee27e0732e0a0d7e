package web

import (
	"errors"
	"net/http"
	"net/mail"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"twinlock-example/accounts"
)

const (
	newNameMax     = 150
	newPasswordMax = 128
	newPasswordMin = 8
	accountNameMax = 128
)

var (
	nameShape   = regexp.MustCompile(`^[\p{L}\p{N}_.@+-]+$`)
	emailField  = field{name: "email", longest: nameMax, optional: true, mayBeBlank: true}
	errNameHeld = fieldErrors{"username": {"A user with that username already exists."}}
)

// The passwords that are guessed first. A real site has a longer list.
var tooCommon = strings.Fields(`12345678 123456789 1234567890 password password1 passw0rd qwertyuiop qwerty123
	iloveyou sunshine princess football baseball superman trustno1 1q2w3e4r 11111111 00000000 letmein1 welcome1`)

// signUp makes an account. Any program has something of the kind before it takes a second factor.
func signUp(c *call) (answer, error) {
	fields, err := parsed(c.Request, field{name: "username", longest: newNameMax},
		field{name: "password", longest: newPasswordMax, verbatim: true}, emailField)
	if err != nil {
		return answer{}, err
	}
	name, email, password := fields["username"].value, fields["email"].value, fields["password"].value
	if wrong := complaints(name, email, password); len(wrong) > 0 {
		return answer{}, wrong
	}
	id, err := c.Database.SignUp(c.ctx, name, email, password)
	if errors.Is(err, accounts.ErrTaken) {
		return answer{}, errNameHeld
	}
	if err != nil {
		return answer{}, err
	}
	c.event("signed_up", id)
	return answer{status: http.StatusCreated, body: members{"username": name}}, nil
}

func complaints(name, email, password string) fieldErrors {
	wrong := fieldErrors{}
	if !nameShape.MatchString(name) {
		wrong["username"] = []string{"Enter a valid username. This value may contain only letters, numbers, " +
			"and @/./+/-/_ characters."}
	}
	if email != "" && !isAddress(email) {
		wrong["email"] = []string{"Enter a valid email address."}
	}
	if utf8.RuneCountInString(password) < newPasswordMin {
		wrong["password"] = append(wrong["password"],
			"This password is too short. It must contain at least 8 characters.")
	}
	for _, common := range tooCommon {
		if strings.EqualFold(password, common) {
			wrong["password"] = append(wrong["password"], "This password is too common.")
		}
	}
	return wrong
}

// isAddress says whether a text is a mail address and nothing but that.
func isAddress(text string) bool {
	address, err := mail.ParseAddress(text)
	_, domain, _ := strings.Cut(text, "@")
	return err == nil && address.Address == text && strings.Contains(domain, ".")
}

// accountName is a name as authenticator apps show it: 128 characters at most.
func accountName(name string) string {
	kept := []rune(nameable(name))
	return strings.TrimSpace(string(kept[:min(len(kept), accountNameMax)]))
}

// nameable is what a name of the engine's may hold of a text: no colon, no control characters.
func nameable(text string) string {
	return strings.Map(func(char rune) rune {
		if char == ':' || !unicode.IsPrint(char) {
			return -1
		}
		return char
	}, text)
}
