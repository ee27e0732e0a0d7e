package twinlock

// Alive is how many native objects there are.
func Alive() int64 { return alive.Load() }

// Room is one of the buffers that wait for the next text. Give it back.
func Room() (room []byte, giveBack func()) {
	usual := rooms.Get().(*[usualRoom]byte)
	return usual[:], func() { rooms.Put(usual) }
}
