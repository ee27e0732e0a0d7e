package main

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"net"
	"net/url"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"twinlock"
)

// contract is what a server calls things.
type contract struct{ path, challenge, code string }

// run posts the steps of the standard input and prints how many went through in a second, without the first ones: with
// those, processes load what they need, connect to their database and have it plan. The client costs as little as it
// can, since it shares the machine with the server: its requests are ready, and of an answer it looks at no more than
// status and length. A server that closes the connection is connected to anew.
func run(address string, names contract, connections, first int) error {
	server, err := url.Parse(address)
	if err != nil {
		return err
	}
	requests, err := readSteps(server, names)
	if err != nil || len(requests) <= first {
		return errors.Join(err, errors.New("no steps behind the first ones"))
	}
	if _, err := post(server.Host, requests[:first], connections); err != nil {
		return err
	}
	began := time.Now()
	took, err := post(server.Host, requests[first:], connections)
	if err != nil {
		return err
	}
	seconds := time.Since(began).Seconds()
	slices.Sort(took)
	at := func(part float64) float64 { return took[int(part*float64(len(took)-1))].Seconds() * 1000 }
	fmt.Printf("{\"steps\": %d, \"per_second\": %.1f, \"ms_50\": %.2f, \"ms_99\": %.2f}\n",
		len(took), float64(len(took))/seconds, at(.5), at(.99))
	return nil
}

// post sends the requests by so many clients at once and tells how long each took.
func post(host string, requests [][]byte, connections int) ([]time.Duration, error) {
	took := make([]time.Duration, len(requests))
	var next, refused atomic.Int64
	var why atomic.Value
	var group sync.WaitGroup
	for range connections {
		group.Go(func() {
			client := client{address: host}
			defer client.close()
			for number := next.Add(1) - 1; number < int64(len(requests)); number = next.Add(1) - 1 {
				sent := time.Now()
				status, body, err := client.post(requests[number])
				took[number] = time.Since(sent)
				if err != nil || status != 200 {
					refused.Add(1)
					why.CompareAndSwap(nil, fmt.Sprintf("%d %s %v", status, body, err))
				}
			}
		})
	}
	group.Wait()
	if refused.Load() > 0 {
		return nil, fmt.Errorf("%d steps did not go through, the first with: %v", refused.Load(), why.Load())
	}
	return took, nil
}

// readSteps makes the requests of all steps, with the codes of this moment.
func readSteps(server *url.URL, names contract) (requests [][]byte, err error) {
	lines := bufio.NewScanner(os.Stdin)
	lines.Buffer(nil, 1<<16)
	for lines.Scan() {
		challenge, secret, _ := strings.Cut(lines.Text(), " ")
		code, err := presentCode(secret)
		if err != nil {
			return nil, err
		}
		if code == "" {
			continue
		}
		body := fmt.Sprintf(`{%q:%q,%q:%q}`, names.challenge, challenge, names.code, code)
		requests = append(requests, fmt.Appendf(nil, "POST %s HTTP/1.1\r\nHost: %s\r\n"+
			"Content-Type: application/json\r\nContent-Length: %d\r\n\r\n%s", names.path, server.Host, len(body), body))
	}
	return requests, lines.Err()
}

// presentCode is none for a secret that has shown the same digits a step or two before, as a few in a million do: they
// may be the ones that confirmed it, and are a replay.
func presentCode(secret string) (string, error) {
	var codes [3]string
	now := time.Now()
	for ago := range codes {
		code, err := twinlock.TOTP{}.Generate(secret, now.Add(-time.Duration(ago)*30*time.Second))
		if err != nil {
			return "", err
		}
		codes[ago] = code
	}
	if slices.Contains(codes[1:], codes[0]) {
		return "", nil
	}
	return codes[0], nil
}

// client is one connection.
type client struct {
	address    string
	connection net.Conn
	reader     *bufio.Reader
}

func (c *client) post(request []byte) (status int, body []byte, err error) {
	if c.connection == nil {
		if c.connection, err = net.Dial("tcp", c.address); err != nil {
			return 0, nil, err
		}
		c.reader = bufio.NewReader(c.connection)
	}
	if _, err := c.connection.Write(request); err != nil {
		c.close()
		return 0, nil, err
	}
	status, body, last, err := c.answer()
	if err != nil || last {
		c.close()
	}
	return status, body, err
}

func (c *client) answer() (status int, body []byte, last bool, err error) {
	line, err := c.reader.ReadSlice('\n')
	if err != nil || len(line) < 12 {
		return 0, nil, true, errors.Join(err, errors.New("no answer"))
	}
	if status, err = strconv.Atoi(string(line[9:12])); err != nil {
		return 0, nil, true, err
	}
	length := -1
	for {
		line, err := c.reader.ReadSlice('\n')
		if err != nil {
			return 0, nil, true, err
		}
		name, value, more := bytes.Cut(bytes.TrimSpace(line), []byte(": "))
		if !more {
			break
		}
		switch {
		case bytes.EqualFold(name, []byte("Content-Length")):
			if length, err = strconv.Atoi(string(value)); err != nil {
				return 0, nil, true, err
			}
		case bytes.EqualFold(name, []byte("Connection")):
			last = bytes.EqualFold(value, []byte("close"))
		}
	}
	if length < 0 { // in chunks: gunicorn's worker closes after them
		body, err = io.ReadAll(c.reader)
		return status, body, true, err
	}
	body = make([]byte, length)
	_, err = io.ReadFull(c.reader, body)
	return status, body, last, err
}

func (c *client) close() {
	if c.connection != nil {
		_ = c.connection.Close()
		c.connection = nil
	}
}
