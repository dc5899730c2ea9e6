package app

import (
	"strconv"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/conclave-meet/conclave/sfu"
)

// busiest is for how many rooms there are numbers of their own. They are told apart
// by their place among the busiest alone: whose meeting it is, is nobody's business
// who looks after a server.
const busiest = 5

// figures are what the media server tells.
type figures struct {
	sfu.Stats

	Media sfu.Media
}

// number is one of the media server's numbers.
type number struct {
	name, help string
	kind       prometheus.ValueType
	value      func(figures) int64
}

const (
	now  = prometheus.GaugeValue
	ever = prometheus.CounterValue
)

func numbers() []number {
	return []number{
		{"conclave_peers", "Participants whose media is negotiated.", now, func(f figures) int64 { return f.Peers }},
		{"conclave_peers_connected", "Participants whose media can flow. Who is negotiated and not among them may be behind a firewall that lets no UDP through.", now, func(f figures) int64 { return f.Connected }},
		{"conclave_negotiations_total", "Offers answered for a join.", ever, func(f figures) int64 { return f.Joins }},
		{"conclave_ice_restarts_total", "Offers answered after a change of network.", ever, func(f figures) int64 { return f.Restarts }},
		{"conclave_streams_in", "Streams of sound and pictures that arrive.", now, func(f figures) int64 { return f.Media.StreamsIn }},
		{"conclave_streams_out", "Places at viewers that show or play somebody.", now, func(f figures) int64 { return f.Media.StreamsOut }},
		{"conclave_packets_in_total", "Media packets that came for the first time.", ever, func(f figures) int64 { return f.Media.PacketsIn }},
		{"conclave_bytes_in_total", "Bytes of their payloads.", ever, func(f figures) int64 { return f.Media.BytesIn }},
		{"conclave_packets_out_total", "Media packets sent to viewers for the first time.", ever, func(f figures) int64 { return f.Media.PacketsOut }},
		{"conclave_bytes_out_total", "Bytes of their payloads.", ever, func(f figures) int64 { return f.Media.BytesOut }},
		{"conclave_datagrams_sent_total", "Media packets the kernel took, those sent again included.", ever, func(f figures) int64 { return f.Sent.Packets }},
		{"conclave_send_messages_total", "The messages they went in, of one packet or several to one viewer.", ever, func(f figures) int64 { return f.Sent.Messages }},
		{"conclave_send_calls_total", "The system calls they went in.", ever, func(f figures) int64 { return f.Sent.Calls }},
		{"conclave_send_split_total", "Messages of several packets that went one by one in the end.", ever, func(f figures) int64 { return f.Sent.Refused }},
		{"conclave_packets_waiting", "Media packets in the viewers' queues.", now, func(f figures) int64 { return f.Sent.Waiting }},
		{"conclave_packets_reported_lost_total", "Of the packets sent to viewers, those that viewers tell they did not get.", ever, func(f figures) int64 { return f.Media.ReportedLost }},
		{"conclave_frames_refused_total", "Frames not forwarded, because they were not encrypted by their sender.", ever, func(f figures) int64 { return f.Refused }},
		{"conclave_messages_refused_total", "Data messages not forwarded, because they were malformed or too many.", ever, func(f figures) int64 { return f.DataRefused }},
		{"conclave_messages_dropped_total", "Data messages that a receiver was too slow for.", ever, func(f figures) int64 { return f.DataDropped }},
		{"conclave_messages_waiting_bytes", "Bytes of data messages that wait to be sent.", now, func(f figures) int64 { return f.Media.MessagesWaiting }},
		{"conclave_lines_estimated", "Viewers of whose lines something is known.", now, func(f figures) int64 { return int64(f.Media.Lines) }},
		{"conclave_line_estimates_bytes_per_second", "What their lines are thought to take, all together.", now, func(f figures) int64 { return f.Media.Estimate / 8 }},
		{"conclave_line_estimate_lowest_bytes_per_second", "What the thinnest of them is thought to take.", now, func(f figures) int64 { return f.Media.Lowest / 8 }},
		{"conclave_pictures_frozen", "Pictures that stand still because the viewer's line has no room for them.", now, func(f figures) int64 { return int64(f.Media.Frozen) }},
		{"conclave_pictures_smaller", "Pictures that are smaller than was asked for, or have fewer frames, for the same reason.", now, func(f figures) int64 { return int64(f.Media.Smaller) }},
		{"conclave_encodings_paused", "Encodings of cameras that nobody takes, and that their senders need not send.", now, func(f figures) int64 { return f.Media.Paused }},
	}
}

// dropped are media packets that did not go out, by the reason.
func dropped() map[string]func(figures) int64 {
	return map[string]func(figures) int64{
		"audio_queue":  func(f figures) int64 { return f.Sent.DroppedAudio },
		"video_queue":  func(f figures) int64 { return f.Sent.DroppedVideo },
		"resend_queue": func(f figures) int64 { return f.Sent.DroppedResends },
		"probe_queue":  func(f figures) int64 { return f.Sent.DroppedProbes },
		"socket_full":  func(f figures) int64 { return f.Sent.DroppedFull },
		"kernel":       func(f figures) int64 { return f.Sent.DroppedFailed },
	}
}

// changed are changes of what viewers are given for the room on their lines, by what became
// of the picture.
func changed() map[string]func(figures) int64 {
	return map[string]func(figures) int64{
		"frozen":  func(f figures) int64 { return f.Media.Changes.Frozen },
		"shown":   func(f figures) int64 { return f.Media.Changes.Shown },
		"smaller": func(f figures) int64 { return f.Media.Changes.Smaller },
		"larger":  func(f figures) int64 { return f.Media.Changes.Larger },
	}
}

const changedName = "conclave_picture_changes_total"

const droppedName = "conclave_packets_dropped_total"

// roomNumber is a number of one room.
type roomNumber struct {
	name, help string
	value      func(sfu.Load) float64
}

func roomNumbers() []roomNumber {
	return []roomNumber{
		{"conclave_room_peers", "Participants of one of the busiest rooms.", func(l sfu.Load) float64 { return float64(l.Peers) }},
		{"conclave_room_streams_in", "Streams that arrive in one of the busiest rooms.", func(l sfu.Load) float64 { return float64(l.StreamsIn) }},
		{"conclave_room_streams_out", "Places that show or play somebody in one of the busiest rooms.", func(l sfu.Load) float64 { return float64(l.StreamsOut) }},
		{"conclave_room_bytes_out_per_second", "Bytes of payload sent a second in one of the busiest rooms.", func(l sfu.Load) float64 { return l.Rate }},
		{"conclave_room_line_estimate_bytes_per_second", "What the lines of the viewers in one of the busiest rooms are thought to take, on average.", func(l sfu.Load) float64 { return float64(l.Estimate) / 8 / float64(max(1, l.Lines)) }},
		{"conclave_room_line_estimate_lowest_bytes_per_second", "What the thinnest of them is thought to take.", func(l sfu.Load) float64 { return float64(l.Lowest) / 8 }},
		{"conclave_room_pictures_frozen", "Pictures that stand still for want of room in one of the busiest rooms.", func(l sfu.Load) float64 { return float64(l.Frozen) }},
		{"conclave_room_pictures_smaller", "Pictures that are smaller than was asked for, or have fewer frames, in one of the busiest rooms.", func(l sfu.Load) float64 { return float64(l.Smaller) }},
		{"conclave_room_encodings_paused", "Encodings of cameras that nobody takes in one of the busiest rooms.", func(l sfu.Load) float64 { return float64(l.Paused) }},
	}
}

// mediaNumbers are the media server's numbers. It implements prometheus.Collector,
// so that all of one answer are of one moment.
type mediaNumbers struct {
	sfu   *sfu.SFU
	all   []number
	rooms []roomNumber
	descs map[string]*prometheus.Desc
}

func newMediaNumbers(s *sfu.SFU) *mediaNumbers {
	m := &mediaNumbers{sfu: s, all: numbers(), rooms: roomNumbers(), descs: make(map[string]*prometheus.Desc)}
	for _, n := range m.all {
		m.descs[n.name] = prometheus.NewDesc(n.name, n.help, nil, nil)
	}
	m.descs[droppedName] = prometheus.NewDesc(droppedName, "Media packets that did not go out, by the reason.", []string{"reason"}, nil)
	m.descs[changedName] = prometheus.NewDesc(changedName, "Changes of what viewers are given for the room on their lines, by what became of the picture.", []string{"to"}, nil)
	for _, n := range m.rooms {
		m.descs[n.name] = prometheus.NewDesc(n.name, n.help, []string{"place"}, nil)
	}
	return m
}

// Describe implements prometheus.Collector.
func (m *mediaNumbers) Describe(out chan<- *prometheus.Desc) {
	for _, d := range m.descs {
		out <- d
	}
}

// Collect implements prometheus.Collector.
func (m *mediaNumbers) Collect(out chan<- prometheus.Metric) {
	f := figures{m.sfu.Stats(), m.sfu.Media()}
	for _, n := range m.all {
		out <- prometheus.MustNewConstMetric(m.descs[n.name], n.kind, float64(n.value(f)))
	}
	for reason, value := range dropped() {
		out <- prometheus.MustNewConstMetric(m.descs[droppedName], ever, float64(value(f)), reason)
	}
	for to, value := range changed() {
		out <- prometheus.MustNewConstMetric(m.descs[changedName], ever, float64(value(f)), to)
	}
	for i, load := range m.sfu.Busiest(busiest) {
		for _, n := range m.rooms {
			out <- prometheus.MustNewConstMetric(m.descs[n.name], now, n.value(load), strconv.Itoa(i+1))
		}
	}
}
