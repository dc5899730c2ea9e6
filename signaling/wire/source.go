package wire

// Source is what a participant can send.
type Source string

// The sources. Every participant's offer has one send line for each.
const (
	Microphone  Source = "microphone"
	Camera      Source = "camera"
	Screen      Source = "screen"
	ScreenAudio Source = "screen_audio"
)

// Sources lists every source.
func Sources() []Source { return []Source{Microphone, Camera, Screen, ScreenAudio} }

// Surface is what a screen share shows, as the browser's picker reported it.
type Surface string

// The surfaces, spelled as displaySurface in W3C Screen Capture.
const (
	Window  Surface = "window"
	Browser Surface = "browser"
	Monitor Surface = "monitor"
)

// Surfaces lists every surface.
func Surfaces() []Surface { return []Surface{Window, Browser, Monitor} }
