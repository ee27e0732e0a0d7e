package twinlock_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// The pages tell the truth: what they show of Go stands word for word in a program that the tests run or build.
func TestWhatThePagesShowIsInAProgram(t *testing.T) {
	var programs strings.Builder
	for _, pattern := range []string{"*_test.go", "sqlstore/*_test.go", "store.go"} {
		for _, name := range must(filepath.Glob(pattern)) {
			programs.WriteString(unindented(string(must(os.ReadFile(name)))))
		}
	}
	for _, page := range []string{"README.md", "../../README.md", "../../docs/go.md"} {
		blocks := regexp.MustCompile("(?ms)^```go\n(.*?)^```$").FindAllStringSubmatch(string(must(os.ReadFile(page))), -1)
		if len(blocks) == 0 {
			t.Errorf("%s shows no Go", page)
		}
		for _, block := range blocks {
			if !strings.Contains(programs.String(), unindented(block[1])) {
				t.Errorf("%s shows what is in no program:\n%s", page, block[1])
			}
		}
	}
}

// unindented is a text without the tabs that its lines begin with.
func unindented(text string) string {
	return regexp.MustCompile(`(?m)^\t+`).ReplaceAllString(text, "")
}
