package web

import (
	"maps"
	"slices"
)

// Routes are the paths that are served, each with its methods.
func (s *Site) Routes() map[string][]string {
	found := map[string][]string{}
	for path, resource := range s.resources() {
		found[path] = slices.Sorted(maps.Keys(resource.on))
	}
	return found
}
