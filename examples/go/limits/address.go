package limits

import (
	"net/http"
	"net/netip"
	"strings"
)

// Address is the address to count: what connected to us, or what the trusted proxies say connected to them.
//
// X-Forwarded-For is the client's to write, all but the last entries, one of each proxy. An IPv6 client owns at
// least a /64 network, so that is what is counted.
func Address(request *http.Request, proxies int) string {
	if proxies > 0 {
		hops := strings.Split(strings.Join(request.Header.Values("X-Forwarded-For"), ","), ",")
		if len(hops) >= proxies {
			if forwarded, ok := network(strings.TrimSpace(hops[len(hops)-proxies])); ok {
				return forwarded
			}
		}
	}
	peer, err := netip.ParseAddrPort(request.RemoteAddr)
	if err != nil {
		return "unknown"
	}
	counted, _ := network(peer.Addr().String())
	return counted
}

func network(text string) (string, bool) {
	address, err := netip.ParseAddr(text)
	if err != nil {
		return "", false
	}
	if address = address.Unmap().WithZone(""); address.Is4() {
		return address.String(), true
	}
	prefix, err := address.Prefix(64)
	return prefix.String(), err == nil
}
