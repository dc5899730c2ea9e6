package app

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"syscall"

	"github.com/conclave-meet/conclave/signaling/edr"
	"github.com/conclave-meet/conclave/storage"
)

// openData opens the data folder for this process alone.
func (a *App) openData(ctx context.Context) (err error) {
	if err := os.MkdirAll(a.cfg.Data, 0o700); err != nil {
		return fmt.Errorf("make the data folder; choose another --data: %w", err)
	}
	if a.lock, err = lock(filepath.Join(a.cfg.Data, "serve.lock")); err != nil {
		return err
	}
	if a.db, err = storage.Open(ctx, filepath.Join(a.cfg.Data, "conclave.db")); err != nil {
		return err
	}
	a.records = edr.NewLog(a.db.Write)
	return nil
}

var errLocked = errors.New("another server uses this data folder: stop it, or choose another --data")

// lock takes the file at path for this process. The kernel gives it back however
// the process ends.
func lock(path string) (*os.File, error) {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600) //nolint:gosec // the operator names the folder
	if err != nil {
		return nil, fmt.Errorf("lock the data folder: %w", err)
	}
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil { //nolint:gosec // a descriptor is small
		_ = f.Close()
		if errors.Is(err, syscall.EWOULDBLOCK) {
			return nil, errLocked
		}
		return nil, fmt.Errorf("lock the data folder: %w", err)
	}
	return f, nil
}
