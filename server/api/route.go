package api

import (
	"net/http"

	"github.com/labstack/echo/v4"
)

// route is one call of the interface, as the router and its description know it.
type route struct {
	method string
	path   string // as Echo has it, from /v1
	handle echo.HandlerFunc
	about  string // what it does, in a few words
	takes  any    // a body like this one; nil for none
	gives  any    // an answer like this one; nil for none
	status int    // of success
}

func get(path string, handle echo.HandlerFunc, about string, gives any) route {
	return route{http.MethodGet, path, handle, about, nil, gives, http.StatusOK}
}

func post(path string, handle echo.HandlerFunc, about string, takes, gives any, status int) route {
	return route{http.MethodPost, path, handle, about, takes, gives, status}
}

func patch(path string, handle echo.HandlerFunc, about string, takes, gives any) route {
	return route{http.MethodPatch, path, handle, about, takes, gives, http.StatusOK}
}

func put(path string, handle echo.HandlerFunc, about string, takes, gives any) route {
	return route{http.MethodPut, path, handle, about, takes, gives, http.StatusOK}
}

func remove(path string, handle echo.HandlerFunc, about string) route {
	return route{http.MethodDelete, path, handle, about, nil, nil, http.StatusNoContent}
}
