package web

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

const (
	labelMax   = 200
	productMax = 60
)

type mark struct{ in, name string }

// Marks in a User-Agent; each browser comes before those whose marks it shows, too.
var (
	browsers = []mark{
		{"Edg", "Edge"}, {"OPR/", "Opera"}, {"SamsungBrowser/", "Samsung Internet"}, {"Firefox/", "Firefox"},
		{"FxiOS/", "Firefox"}, {"Chrome/", "Chrome"}, {"CriOS/", "Chrome"}, {"Safari/", "Safari"},
	}
	systems = []mark{
		{"iPhone", "iPhone"}, {"iPad", "iPad"}, {"Android", "Android"}, {"Windows", "Windows"}, {"CrOS", "ChromeOS"},
		{"Mac OS X", "macOS"}, {"Linux", "Linux"},
	}
)

// label is a short text of printable characters such as "Firefox on Linux" or "Ann's phone (okhttp/4.12.0)". Both the
// agent and what the client calls itself are the client's to choose, so neither is evidence.
func label(agent, device string) string {
	agent, device = product(printable(agent)), printable(device)
	text := device
	switch {
	case device == "":
		text = agent
	case agent != "":
		text = cut(device, labelMax-productMax) + " (" + agent + ")"
	}
	return cut(text, labelMax)
}

func product(agent string) string {
	browser, system := marked(agent, browsers), marked(agent, systems)
	if browser != "" && system != "" {
		return browser + " on " + system
	}
	if browser != "" {
		return browser
	}
	first, _, _ := strings.Cut(agent, " ")
	return cut(first, productMax)
}

func marked(agent string, marks []mark) string {
	for _, mark := range marks {
		if strings.Contains(agent, mark.in) {
			return mark.name
		}
	}
	return ""
}

// printable is a text on one line, without control characters and marks that turn the direction of writing.
func printable(text string) string {
	shown := func(char rune) rune {
		if char == utf8.RuneError || !unicode.IsPrint(char) {
			return -1
		}
		return char
	}
	return strings.TrimSpace(strings.Map(shown, strings.Join(strings.Fields(text), " ")))
}

// cut leaves so many characters of a text at most.
func cut(text string, most int) string {
	if utf8.RuneCountInString(text) <= most {
		return text
	}
	return string([]rune(text)[:most])
}
