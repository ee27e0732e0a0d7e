package twinlock

// Alive is how many native objects there are.
func Alive() int64 { return alive.Load() }
