// Command cmd runs the tests' provider for a browser test: at an address, for a
// site whose people come back to the addresses that follow.
package main

import (
	"log"
	"net/http"
	"os"
	"time"

	"github.com/conclave-meet/conclave/e2e/provider"
)

func main() {
	if len(os.Args) < 3 {
		log.Fatal("usage: provider 127.0.0.1:PORT REDIRECT…")
	}
	people := provider.NewPeople()
	people.Add("grace", "grace@example.org", true)
	people.Add("mallory", "mallory@example.org", false)
	address := os.Args[1]
	server := &http.Server{
		Addr: address, ReadHeaderTimeout: 10 * time.Second,
		Handler: provider.Handler("http://"+address, people, os.Args[2:]...),
	}
	log.Fatal(server.ListenAndServe())
}
