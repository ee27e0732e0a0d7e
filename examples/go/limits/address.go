package limits

import (
	"net/http"
	"net/netip"
	"strings"
)

// Address is the address to count. An IPv6 client owns at least a /64 network, so that is what is counted.
func Address(request *http.Request, proxies int) string {
	address, known := client(request, proxies)
	if !known {
		return "unknown"
	}
	if address.Is4() {
		return address.String()
	}
	prefix, _ := address.Prefix(64)
	return prefix.String()
}

// Client is the client's own address; empty where it is not known.
func Client(request *http.Request, proxies int) string {
	address, known := client(request, proxies)
	if !known {
		return ""
	}
	return address.String()
}

// client is what connected to us, or what the trusted proxies say connected to them: X-Forwarded-For is the client's to
// write, all but the last entries, one of each proxy.
func client(request *http.Request, proxies int) (netip.Addr, bool) {
	if proxies > 0 {
		hops := strings.Split(strings.Join(request.Header.Values("X-Forwarded-For"), ","), ",")
		if len(hops) >= proxies {
			if forwarded, err := netip.ParseAddr(strings.TrimSpace(hops[len(hops)-proxies])); err == nil {
				return forwarded.Unmap().WithZone(""), true
			}
		}
	}
	peer, err := netip.ParseAddrPort(request.RemoteAddr)
	return peer.Addr().Unmap().WithZone(""), err == nil
}
